"""What becomes of a team: paid seats count, a full team's orders leave, a failed one's money goes back.

Nothing here is added up from facts: every time the orders are read as they stand. So a fact may be heard twice or late,
and whichever of the last payment and the clock is first to lock the team, the other finds it decided.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.growth.teams import models, queries, rules
from zhanggui.growth.teams.actions import telling
from zhanggui.growth.teams.actions.locking import counted, locked
from zhanggui.growth.teams.rules import Sits, State, Why
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import TransitionRefused
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import actions as returns
from zhanggui.shop.returns.errors import CannotCallOff
from zhanggui.spine.facts.groups import GroupFailed, GroupFormed, GroupJoined
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_BY: Final = job_actor("teams.follow")
# What may change between our look and our verb is looked at again so often.
_ROUNDS: Final = 3
_AT_ONCE: Final = 200
REASON: Final = "team_failed"


@operation
def follow(*, team_id: UUID, is_stopped: bool = False, by: Actor = _BY) -> State | None:
    """Bring a team in line with its orders and the clock; how it stands then, None if there is none.

    A second time nothing happens. A full team's parcels are planned, a failed one's orders are seen off by jobs.

    is_stopped  it is called off, unless it is full
    tells       growth.group_joined for each seat that counts from now on, growth.group_formed, growth.group_failed
    """
    found = locked([team_id])
    if not found or found[0].state == State.FULL:
        return State.FULL if found else None
    (team,) = found
    _look(team, by=by)
    if team.state == State.FAILED:
        _queue_seeing_off(team)
        return State.FAILED
    now = clock.now()
    ends = rules.outcome(size=team.size, paid=team.paid_seats, ends_at=team.ends_at, at=now, is_stopped=is_stopped)
    if ends is State.FULL:
        _form(team, by=by)
    elif ends is State.FAILED:
        _fail(team, why=Why.STOPPED if is_stopped else Why.TIME, by=by)
    return ends


@job(name="teams.close")
def close_in_time(team_id: str) -> None:
    """The job that waits for a team's deadline."""
    follow(team_id=UUID(team_id))


@job(name="teams.call_off")
def call_off_team(team_id: str) -> None:
    """Let a team fail whose offer was stopped."""
    follow(team_id=UUID(team_id), is_stopped=True)


@job(name="teams.sweep", every="*/2 * * * *")
def sweep() -> None:
    """Every two minutes: seats that were not ordered, teams whose time is over, orders that are to be seen off."""
    now = clock.now()
    stale = models.Seat.objects.filter(state=Sits.TAKEN, holds_until__lte=now, team__state=State.OPEN)
    late = models.Team.objects.filter(state=State.OPEN, ends_at__lte=now)
    found = {*stale.values_list("team_id", flat=True)[:_AT_ONCE], *late.values_list("pk", flat=True)[:_AT_ONCE]}
    for team_id in sorted(found):
        follow(team_id=team_id)
    for number in queries.undone():
        later(see_off_order, order_number=number, once=f"teams.see_off/{number}")


def see_off(*, order_number: str) -> None:
    """End an order of a failed team: unpaid it is given up, paid it is called off and all its money goes back.

    Outside of any transaction: it uses the network. A second time nothing happens.

    refuses  ProviderUnreachable if the world fails; what was not done then is done by the next try
    tells    shop.order_cancelled, supply.stock_released; the money is told by payments
    """
    seat = models.Seat.objects.filter(order_number=order_number, team__state=State.FAILED).first()
    if seat is None:
        return
    for _ in range(_ROUNDS):
        order = orders.order_by_number(order_number)
        try:
            if order.state is OrderState.AWAITING_PAYMENT:
                payments.give_up(order_number=order_number, reason=REASON, trail=order.trail, by=_BY)
            elif order.state is OrderState.PAID:
                returns.call_off_paid(order_number=order_number, reason=REASON, trail=order.trail, by=_BY)
            else:
                break
        except (TransitionRefused, CannotCallOff):
            continue  # paid or ended meanwhile: look again
    follow(team_id=seat.team_id)


@job(name="teams.see_off", tries=12)
def see_off_order(order_number: str) -> None:
    """The job behind each order of a failed team."""
    see_off(order_number=order_number)


def _look(team: models.Team, *, by: Actor) -> None:
    """See what became of the seats of a locked team."""
    seats = {row.id: row for row in models.Seat.objects.filter(team=team).exclude(state=Sits.FREED).order_by("place")}
    numbers = {row.order_number for row in seats.values()} - {""}
    changed = rules.settled([row.value for row in seats.values()], orders.states(numbers), at=clock.now())
    for id, stands in changed.items():
        models.Seat.objects.filter(pk=id).update(state=stands)
    if changed and team.state == State.OPEN:
        counted(team)
        # From those that counted before, one by one.
        joined = [seats[id] for id, stands in changed.items() if stands is Sits.PAID]
        for number, seat in enumerate(joined, start=team.paid_seats - len(joined) + 1):
            fact = GroupJoined(
                **_about(team),
                order_number=seat.order_number,
                paid_seats=number,
                size=team.size,
                saved_minor=_saved(seat),
                currency=team.currency,
            )
            record(fact, by=by, trail=_trail(seat), subject=f"team:{team.pk}")


def _form(team: models.Team, *, by: Actor) -> None:
    team.state, team.formed_at = State.FULL, clock.now()
    team.save(update_fields=["state", "formed_at"])
    fact = GroupFormed(**_about(team), size=team.size)
    cause = record(fact, by=by, trail=Trail(shop=team.shop), subject=f"team:{team.pk}")
    for seat in models.Seat.objects.filter(team=team, state=Sits.PAID).order_by("place"):
        fulfilment.plan(order_number=seat.order_number, cause=cause)
        telling.queue(seat, said=telling.Said.FULL)


def _fail(team: models.Team, *, why: Why, by: Actor) -> None:
    team.state, team.failed_at, team.why = State.FAILED, clock.now(), why
    team.save(update_fields=["state", "failed_at", "why"])
    fact = GroupFailed(**_about(team), size=team.size, paid_seats=team.paid_seats, reason=why)
    record(fact, by=by, trail=Trail(shop=team.shop), subject=f"team:{team.pk}")
    models.Seat.objects.filter(team=team, state=Sits.TAKEN).update(state=Sits.FREED)
    for seat in models.Seat.objects.filter(team=team).exclude(state=Sits.FREED).order_by("place"):
        telling.queue(seat, said=telling.Said.REFUNDED if seat.state == Sits.PAID else telling.Said.ENDED)
    _queue_seeing_off(team)


def _queue_seeing_off(team: models.Team) -> None:
    seats = models.Seat.objects.filter(team=team, state__in=[Sits.ORDERED, Sits.PAID]).order_by("place")
    for number in seats.values_list("order_number", flat=True):
        later(see_off_order, order_number=number, once=f"teams.see_off/{number}")


def _saved(seat: models.Seat) -> int:
    """What the order of a seat costs less than at the list price, in minor units."""
    lines = orders.order_by_number(seat.order_number).lines
    shares = (share for line in lines for share in line.shares if share.source == f"{rules.SOURCE}{seat.pk}")
    return -sum(share.amount.minor for share in shares)


def _about(team: models.Team) -> dict[str, str]:
    return {"team_id": str(team.pk), "offer_id": str(team.offer_id), "sku": team.offer.sku}


def _trail(seat: models.Seat) -> Trail:
    return Trail(shop=seat.shop, person=seat.person)
