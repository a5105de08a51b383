"""Starting a play, and bringing it to an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import actions as trials
from zhanggui.growth.experiments import queries as trial_books
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.messages import queries as messages
from zhanggui.spine.facts.plays import PlayStarted, PlayStopped
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets import actions as budgets
from zhanggui.steer.plays import models, queries, rules
from zhanggui.steer.plays.actions.moving import moved, note
from zhanggui.steer.plays.actions.treating import reach, set_up, undo
from zhanggui.steer.plays.errors import MoveNotAllowed
from zhanggui.steer.plays.rules import Done, Ending, Guard, Play, State
from zhanggui.steer.signals.rules import Move


def start(*, shop: str, id: UUID, trail: Trail, by: Actor) -> None:
    """Let an approved play go on: who is meant is asked once, drawn and kept; only the treated are treated.

    Everybody who is meant at this moment is in the trial for good, so the audience is frozen by it; visitors of a page
    join it when they come. The lake is asked before the transaction begins. Of two who start it at once, one does.

    refuses  NoSuchPlay, NoSuchSegment, TermsUnfit; MoveNotAllowed with over, nobody, or too_dear if the messages alone
             cost more than the cap; BudgetSpent if the area has not as much left as the cost cap; what the action
             refuses. Then nothing is done
    tells    steer.play_started, and what the action tells
    """
    play = queries.play(shop, id)
    today = clock.day_of(clock.now(), shops.shop(shop).zone)
    failing = {Guard.OVER} if today >= play.plan.ends_on else set()
    rules.check(play.state, State.RUNNING, failing=failing)
    persons = _meant(play) if play.plan.treats_people else ()
    if play.plan.treats_people and not persons and not play.plan.audience.takes_late_comers:
        rules.check(play.state, State.RUNNING, failing={Guard.NOBODY})
    _start(play=play, persons=persons, today=today, trail=trail, by=by)


def take_in(*, shop: str, id: UUID, by: Actor) -> int:
    """Take in who has come to be meant since a running play started, each once; how many are new.

    Each is drawn then and there, and what they bring counts from then on. What has cost as much as it may ends here.

    refuses  NoSuchPlay, NoSuchSegment, TermsUnfit
    """
    play = queries.play(shop, id)
    if play.state is not State.RUNNING or play.trial_id is None or not play.plan.audience.takes_late_comers:
        return 0
    if queries.cost(play).total >= play.plan.cost_cap:
        stop(shop=shop, id=id, ending=Ending.COST_CAP, trail=Trail(shop=shop), by=by)
        return 0
    return _take_in(play=play, persons=_meant(play), by=by)


def _meant(play: Play) -> tuple[str, ...]:
    """Who is meant now, as far as a message that the play sends may reach them where it waits for an occasion."""
    action = play.plan.action
    channel = action.channel if action.wording is not None else None
    return queries.people(play.shop, play.plan.audience, channel=channel, at=clock.now())


@operation
def stop(*, shop: str, id: UUID, ending: Ending, trail: Trail, by: Actor) -> None:
    """End a running play before its day: nobody more is treated, and what it had changed is changed back.

    refuses  NoSuchPlay, MoveNotAllowed
    tells    steer.play_stopped, and what undoing tells
    """
    _finish(queries.play(shop, id), State.STOPPED, ending, trail=trail, by=by)


@operation
def end(*, shop: str, id: UUID, trail: Trail, by: Actor) -> None:
    """End a running play on its day.

    refuses  NoSuchPlay, MoveNotAllowed with too_soon before that day
    tells    steer.play_stopped, and what undoing tells
    """
    _finish(queries.play(shop, id), State.ENDED, Ending.ITS_DAY, trail=trail, by=by)


@operation
def _start(*, play: Play, persons: Sequence[str], today: date, trail: Trail, by: Actor) -> None:
    moved(play, State.RUNNING, started_at=clock.now(), started_on=today)
    plan, trail = play.plan, trail.after(play.fact)
    trial_id, treated, held_out = _draw(play, persons, today=today, trail=trail, by=by)
    fact = PlayStarted(
        play_id=str(play.id),
        trial_id=str(trial_id or ""),
        move=plan.action.move,
        metric=plan.metric,
        treated=len(treated),
        held_out=held_out,
        area=plan.area,
        fixed_minor=plan.fixed_cost.minor,
        cost_cap_minor=plan.cost_cap.minor,
        currency=plan.cost_cap.currency,
        campaign=play.campaign,
        ends_on=plan.ends_on.isoformat(),
    )
    told = record(fact, by=by, trail=replace(trail, campaign=play.campaign), subject=f"play:{play.id}")
    drawn = {"trial_id": trial_id, "treated": len(treated), "held_out": held_out, "fact": told}
    models.Play.objects.filter(pk=play.id).update(**drawn)
    note(play.id, Done.STARTED, by=by)
    after = trail.after(told)
    set_up(replace(play, trial_id=trial_id), trail=after, by=by)
    reach(play, treated, trail=after, by=by)
    reference = _promised(play)
    budgets.commit(
        shop=play.shop, area=plan.area, amount=plan.cost_cap, reference=reference, on=today, trail=after, by=by
    )


def _draw(
    play: Play, persons: Sequence[str], *, today: date, trail: Trail, by: Actor
) -> tuple[UUID | None, tuple[str, ...], int]:
    """The trial, who of these people is treated in it, and how many are held out."""
    plan = play.plan
    if plan.hold_out is None:
        return None, (), 0
    trial_id = trials.open_trial(
        shop=play.shop,
        name=plan.name,
        metric=plan.metric,
        held_out_bp=plan.hold_out.bp,
        starts_on=today,
        ends_on=plan.ends_on + timedelta(days=plan.after_days),
        trail=trail,
        by=by,
    )
    if plan.treats_visitors:
        return trial_id, (), 0
    enrolled = trials.enrol(trial_id=trial_id, persons=persons)
    failing = set() if enrolled.treated or plan.audience.takes_late_comers else {Guard.NOBODY}
    if plan.action.wording is not None:
        each = messages.cost_minor(
            play.shop,
            plan.action.wording,
            channel=plan.action.channel,
            has_coupon=plan.action.move is Move.COUPON,
        )
        is_dear = plan.fixed_cost.minor + each * len(enrolled.treated) > plan.cost_cap.minor
        failing |= {Guard.TOO_DEAR} if is_dear else set()
    rules.check(State.APPROVED, State.RUNNING, failing=failing)
    return trial_id, enrolled.treated, len(enrolled.held_out)


@operation
def _take_in(*, play: Play, persons: Sequence[str], by: Actor) -> int:
    """Under the play's row, so that nobody is added to one that is being stopped."""
    row = models.Play.objects.select_for_update().filter(pk=play.id, state=State.RUNNING).first()
    if row is None or play.trial_id is None:
        return 0
    enrolled = trials.enrol(trial_id=play.trial_id, persons=persons)
    counts = trial_books.arm_counts(play.trial_id)
    new = sum(counts.values()) - row.treated - row.held_out
    if new:
        models.Play.objects.filter(pk=play.id).update(treated=counts[Arm.TREATED], held_out=counts[Arm.HELD_OUT])
        reach(play, enrolled.treated, trail=Trail(shop=play.shop, cause=play.fact), by=by)
    return new


def _finish(play: Play, wanted: State, ending: Ending, *, trail: Trail, by: Actor) -> None:
    today = clock.day_of(clock.now(), shops.shop(play.shop).zone)
    failing = {Guard.TOO_SOON} if today < play.plan.ends_on else set()
    if play.state is not State.RUNNING:
        raise MoveNotAllowed(state=play.state, wanted=wanted, guard=Guard.NO_SUCH_STEP)
    moved(play, wanted, failing=failing, ended_on=min(today, play.plan.ends_on), ending=ending)
    note(play.id, Done.ENDED if wanted is State.ENDED else Done.STOPPED, by=by)
    fact = PlayStopped(play_id=str(play.id), reason=ending)
    told = record(fact, by=by, trail=trail.after(play.fact), subject=f"play:{play.id}")
    undo(play, trail=trail.after(told), by=by)
    budgets.release(shop=play.shop, reference=_promised(play))


def _promised(play: Play) -> str:
    """Under which name its money is promised: the promotion by which facts book it, else its campaign."""
    return next(iter(queries.promotions_of(play.id)), play.campaign)
