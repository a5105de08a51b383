"""Planning plays, changing them, approving them, and letting go of them before they start."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.spine.facts.plays import PlayProposed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.plays import models, queries
from zhanggui.steer.plays.actions.moving import moved, note
from zhanggui.steer.plays.errors import ChangedMeanwhile, MoveNotAllowed, PlanUnfit, SignalTaken
from zhanggui.steer.plays.rules import Done, Ending, Guard, Plan, State, occasion_of
from zhanggui.steer.signals import actions as signals
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals import rules as inbox_rules

_SIGNAL_ONCE = "steer_plays_signal_once"


@operation
def propose(*, shop: str, signal_id: UUID | None, plan: Plan, trail: Trail, by: Actor) -> UUID:
    """Keep a plan as a draft; its id. A signal has at most one play that is open, and is decided by it.

    refuses  PlanUnfit, WordingUnfit, NoSuchSignal, SignalTaken with the play that answers the signal already
    tells    steer.play_proposed, caused by the signal
    """
    checked = plan.checked(currency=shops.shop(shop).currency)
    signal = _signal(shop, signal_id)
    id = ids.uuid7()
    fact = PlayProposed(
        play_id=str(id),
        signal_id=str(signal_id or ""),
        move=plan.action.move,
        metric=plan.metric,
        cost_cap_minor=plan.cost_cap.minor,
        currency=plan.cost_cap.currency,
    )
    row = models.Play(
        id=id,
        shop=shop,
        signal_id=signal_id,
        signal_kind=signal.kind if signal else occasion_of(plan.audience.source) or "",
        state=State.DRAFT,
        proposed_by=str(by),
        proposed_at=clock.now(),
        campaign=f"play-{id.hex[-10:]}",
        fact=record(fact, by=by, trail=trail.after(signal.fact) if signal else trail, subject=f"play:{id}"),
        **_columns(checked),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise _unless_taken(taken, signal_id) from taken
    note(id, Done.PROPOSED, by=by)
    if signal is not None and signal.state is inbox_rules.State.OPEN:
        signals.decide(id=signal.id, play_id=id, by=by)
    return id


@operation
def change(*, shop: str, id: UUID, plan: Plan, version: int, by: Actor) -> None:
    """Change a plan that is still a draft; whoever changes it counts as who proposes it.

    version  of the play as the page showed it
    refuses  NoSuchPlay, PlanUnfit, WordingUnfit, ChangedMeanwhile, MoveNotAllowed once it is no draft
    """
    checked = plan.checked(currency=shops.shop(shop).currency)
    rows = models.Play.objects.filter(pk=id, shop=shop, state=State.DRAFT, version=version)
    if not rows.update(proposed_by=str(by), version=version + 1, **_columns(checked)):
        now = queries.play(shop, id)
        if now.state is not State.DRAFT:
            raise MoveNotAllowed(state=now.state, wanted=State.DRAFT, guard=Guard.NO_SUCH_STEP)
        raise ChangedMeanwhile(version=now.version)
    note(id, Done.CHANGED, by=by)


@operation
def submit(*, shop: str, id: UUID, by: Actor) -> State:
    """Say that a draft is to be done: it is approved at once, or waits for somebody who may, above the shop's limit.

    refuses  NoSuchPlay, MoveNotAllowed
    """
    play = queries.play(shop, id)
    needs_approval = queries.limit(shop).is_passed_by(play.plan)
    wanted = State.WAITING if needs_approval else State.APPROVED
    moved(play, wanted)
    note(id, Done.SUBMITTED if needs_approval else Done.APPROVED, by=by)
    return wanted


@operation
def approve(*, shop: str, id: UUID, is_owner: bool, by: Actor) -> None:
    """Let somebody's play above the limit be started.

    is_owner  whether who approves owns the shop, and so may approve a plan of their own
    refuses   NoSuchPlay, MoveNotAllowed with second_person for who planned it
    """
    play = queries.play(shop, id)
    failing = {Guard.SECOND_PERSON} if play.proposed_by == str(by) and not is_owner else set()
    moved(play, State.APPROVED, failing=failing, approved_by=str(by), approved_as_owner=is_owner)
    note(id, Done.APPROVED, by=by)


@operation
def send_back(*, shop: str, id: UUID, by: Actor) -> None:
    """Make a play that waits, or was approved and not started, a draft again.

    refuses  NoSuchPlay, MoveNotAllowed
    """
    moved(queries.play(shop, id), State.DRAFT, approved_by="", approved_as_owner=False)
    note(id, Done.SENT_BACK, by=by)


@operation
def drop(*, shop: str, id: UUID, by: Actor) -> None:
    """Let go of a play that never started; its signal may get another one.

    refuses  NoSuchPlay, MoveNotAllowed once it runs: then `stop` is meant
    """
    play = queries.play(shop, id)
    if play.state is State.RUNNING:
        raise MoveNotAllowed(state=play.state, wanted=State.STOPPED, guard=Guard.NO_SUCH_STEP)
    today = clock.day_of(clock.now(), shops.shop(shop).zone)
    moved(play, State.STOPPED, ended_on=today, ending=Ending.DROPPED)
    note(id, Done.STOPPED, by=by)


@operation
def set_limit(*, shop: str, cost: Money, discount_bp: int) -> None:
    """Say what one person may start alone.

    refuses  PlanUnfit with cost_cap or discount
    """
    if cost.currency != shops.shop(shop).currency or cost.minor < 0:
        raise PlanUnfit(field="cost_cap")
    if not 0 <= discount_bp <= 10_000:
        raise PlanUnfit(field="discount")
    said = {"cost_minor": cost.minor, "discount_bp": discount_bp, "currency": cost.currency}
    models.Limit.objects.update_or_create(shop=shop, defaults=said)


def _signal(shop: str, id: UUID | None) -> inbox_rules.Signal | None:
    """The signal that is answered.

    refuses  NoSuchSignal, PlanUnfit if it is another shop's
    """
    if id is None:
        return None
    found = inbox.signal(id)
    if found.shop != shop:
        raise PlanUnfit(field="signal")
    return found


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "plan": msgspec.to_builtins(plan),
        "move": plan.action.move,
        "metric": plan.metric,
        "ends_on": plan.ends_on,
    }


def _unless_taken(error: IntegrityError, signal_id: UUID | None) -> Exception:
    if _SIGNAL_ONCE not in str(error) or signal_id is None:
        return error
    taken = queries.open_play_of(signal_id)
    return SignalTaken(play_id=taken) if taken else error
