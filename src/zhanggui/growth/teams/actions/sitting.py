"""Opening a team, taking a seat in one, leaving it, and ordering from it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.teams import models, queries, rules
from zhanggui.growth.teams.actions import ending
from zhanggui.growth.teams.actions.locking import counted, freed, locked
from zhanggui.growth.teams.errors import (
    LeaveNotAllowed,
    NoSuchOffer,
    NoSuchTeam,
    SeatGone,
    SeatsUsedUp,
    SeatTaken,
    TeamFull,
    TeamOver,
    TeamsUsedUp,
)
from zhanggui.growth.teams.rules import CODE_BITS, GRACE, SEAT_HOLDS, SOURCE, Sits, State
from zhanggui.shop.checkout.rules import Quote
from zhanggui.spine.facts.groups import GroupOpened
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# Primary keys. The team is locked before its seat, and what is asked of both is asked where they are locked
# (docs/decisions/0007); of two orders for one seat the second finds it ordered.
_CLAIM: Final = """
with standing as materialized (
    select t.id from growth_teams_team t join growth_teams_seat s on s.team_id = t.id
    where s.id = %s::uuid and t.state = 'open' and t.ends_at > %s::timestamptz for update of t)
update growth_teams_seat s set state = 'ordered', order_number = %s::varchar, holds_until = null from standing
where s.id = %s::uuid and s.team_id = standing.id and s.shop = %s::varchar and s.person = %s::varchar
    and s.state = 'taken' and s.holds_until > %s::timestamptz
"""


@operation
def open_team(*, offer_id: UUID, customer_id: UUID, trail: Trail, by: Actor) -> str:
    """Begin a team and sit in its first seat; its code. Who has a seat that waits to be ordered is led back there.

    refuses  NoSuchOffer if it is not on, TeamsUsedUp, SeatsUsedUp; nothing is written
    tells    growth.group_opened
    """
    now = clock.now()
    offer = models.Offer.objects.select_for_update().filter(pk=offer_id, shop=trail.shop).first()
    if offer is None:
        raise NoSuchOffer(offer=str(offer_id))
    if waiting := _waiting(offer, trail, at=now):
        return waiting
    if offer.most_teams is not None and offer.opened_teams >= offer.most_teams:
        raise TeamsUsedUp(offer=str(offer_id))
    if not offer.value.is_on(now):
        raise NoSuchOffer(offer=str(offer_id))
    models.Offer.objects.filter(pk=offer_id).update(opened_teams=F("opened_teams") + 1)
    team = _begun(offer, at=now)
    _sit(team, offer, customer_id=customer_id, at=now, trail=trail)
    later(ending.close_in_time, at=team.ends_at + GRACE, team_id=str(team.id))
    fact = GroupOpened(
        team_id=str(team.id),
        offer_id=str(offer.id),
        sku=offer.sku,
        size=team.size,
        price_minor=team.price_minor,
        currency=team.currency,
    )
    record(fact, by=by, trail=trail, subject=f"team:{team.id}")
    queries.forget()
    return team.code


@operation
def join(*, code: str, customer_id: UUID, trail: Trail, by: Actor) -> None:
    """Take a seat in a team for some minutes, to order from it.

    refuses  NoSuchTeam, TeamOver once it is full or its time is over, TeamFull while every seat is taken, SeatTaken
             for who sits there already, its first one included, SeatsUsedUp; nothing is written
    tells    nothing: a seat counts once it is paid
    """
    now = clock.now()
    found = models.Team.objects.filter(shop=trail.shop, code=code).select_related("offer").first()
    if found is None:
        raise NoSuchTeam(code=code)
    stale = models.Seat.objects.filter(
        offer=found.offer_id, person=trail.person, state=Sits.TAKEN, holds_until__lte=now
    ).values_list("team_id", flat=True)
    rows = {team.id: team for team in locked([found.id, *stale])}
    for team in rows.values():
        freed(team, at=now)
    team = rows[found.id]
    if team.state != State.OPEN or team.ends_at <= now:
        raise TeamOver(code=code, state=team.state)
    sits = models.Seat.objects.filter(team=team).filter(Q(person=trail.person) | Q(customer_id=customer_id))
    if sits.exclude(state=Sits.FREED).exists():
        raise SeatTaken(code=code)
    if team.taken_seats >= team.size:
        raise TeamFull(code=code)
    _sit(team, found.offer, customer_id=customer_id, at=now, trail=trail)


@operation
def leave(*, code: str, trail: Trail, by: Actor) -> None:
    """Give up a seat before anything was ordered; the second time nothing happens.

    refuses  NoSuchTeam, LeaveNotAllowed once there is an order: that is called off as every order is
    """
    found = models.Team.objects.filter(shop=trail.shop, code=code).first()
    if found is None:
        raise NoSuchTeam(code=code)
    (team,) = locked([found.id])
    mine = models.Seat.objects.filter(team=team, person=trail.person)
    if mine.filter(state__in=[Sits.ORDERED, Sits.PAID]).exists():
        raise LeaveNotAllowed(code=code)
    mine.filter(state=Sits.TAKEN).update(state=Sits.FREED)
    counted(team)


@operation
def claim_seat(*, quote: Quote, order_number: str, customer_id: UUID, trail: Trail, by: Actor) -> None:
    """Tie an order to the seat that its price counted on, in the transaction that places it.

    refuses  SeatGone: the seat's minutes or the team's time are over, or the seat was ordered from already
    """
    seats = {a.source.removeprefix(SOURCE) for a in quote.adjustments if a.source.startswith(SOURCE)}
    now = clock.now()
    for seat in sorted(seats):
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [seat, now, order_number, seat, trail.shop, trail.person, now])
            if not cursor.rowcount:
                raise SeatGone(seat=seat)


def _waiting(offer: models.Offer, trail: Trail, *, at: datetime) -> str:
    seats = models.Seat.objects.filter(offer=offer, person=trail.person, state=Sits.TAKEN, holds_until__gt=at)
    open_ones = seats.filter(team__state=State.OPEN, team__ends_at__gt=at).order_by("taken_at")
    return open_ones.values_list("team__code", flat=True).first() or ""


def _begun(offer: models.Offer, *, at: datetime) -> models.Team:
    value = offer.value
    return models.Team.objects.create(
        id=ids.uuid7(),
        shop=offer.shop,
        code=rules.team_code(secrets.randbits(CODE_BITS)),
        offer=offer,
        price_minor=offer.price_minor,
        currency=offer.currency,
        size=offer.size,
        opened_at=at,
        ends_at=value.ends_for(at),
    )


def _sit(team: models.Team, offer: models.Offer, *, customer_id: UUID, at: datetime, trail: Trail) -> None:
    """Put somebody into the first free seat of a locked team.

    refuses  SeatsUsedUp
    """
    sitting = models.Seat.objects.exclude(state=Sits.FREED)
    places = set(sitting.filter(team=team).values_list("place", flat=True))
    used = set(sitting.filter(offer=offer, person=trail.person).values_list("nth", flat=True))
    nth = rules.first_free(used, most=offer.per_person)
    place = rules.first_free(places, most=team.size)
    if nth is None or place is None:
        raise SeatsUsedUp(offer=str(offer.id), per_person=offer.per_person)
    seat = models.Seat(
        id=ids.uuid7(),
        team=team,
        offer=offer,
        size=team.size,
        per_person=offer.per_person,
        place=place,
        nth=nth,
        shop=team.shop,
        person=trail.person,
        customer_id=customer_id,
        taken_at=at,
        holds_until=min(at + SEAT_HOLDS, team.ends_at),
    )
    # Two seats of one person at once, in two teams, want the same number: the unique index lets one of them in.
    models.Seat.objects.bulk_create([seat], ignore_conflicts=True)
    if not models.Seat.objects.filter(pk=seat.id).exists():
        raise SeatsUsedUp(offer=str(offer.id), per_person=offer.per_person)
    counted(team)
