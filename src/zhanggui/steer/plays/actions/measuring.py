"""Looking at running plays, and measuring what plays brought."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import actions as trial_acts
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm, Costing, Effect, Estimate, Outcome
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.facts.plays import EffectMeasured
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets import queries as budgets
from zhanggui.steer.budgets.rules import Say
from zhanggui.steer.plays import models, queries, rules
from zhanggui.steer.plays.actions.moving import note
from zhanggui.steer.plays.actions.running import stop
from zhanggui.steer.plays.errors import MoveNotAllowed
from zhanggui.steer.plays.rules import Course, Done, Ending, Guard, Incremental, Play, Proof, State

_DAY: Final = timedelta(days=1)
# What the ledger's amounts of a whole shop are counted from: paid less refunded, as of people; orders as pieces.
_MONEY: Final = "gmv_net_cohort"
_ORDERS: Final = "orders_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brought:
    """What is known of a play's effect: on one unit, and in all."""

    proof: Proof
    days: Period
    units: int
    per_unit: Estimate
    gmv: Estimate
    orders: Estimate
    margin: Estimate | None
    treated: int
    held_out: int
    uneven_p: float | None
    costing: Costing | None = None
    costed: float | None = None
    chance: float | None = None


def look(*, shop: str, id: UUID, day: date, by: Actor) -> Ending | None:
    """Look at a running play as a day left it, once, and stop it if one of its rules says so; why, if it was.

    The intervals of a look hold however often somebody looks. Where everybody is treated nothing is said of the effect
    before the end: a season's own ups and downs, looked at daily, would say too much.

    day      one that is over
    refuses  NoSuchPlay
    tells    steer.play_stopped if it was stopped
    """
    play = queries.play(shop, id)
    if play.state is not State.RUNNING or play.started_on is None or day < play.started_on:
        return None
    at = clock.span_of(day, shops.shop(shop).zone)[1]
    outcome = trials.outcome(play.trial_id, at=at, is_final=False) if play.trial_id else None
    cost = queries.cost(play).total
    if not _keep(play=play, day=day, outcome=outcome, cost=cost):
        return None
    ending = rules.ending(play.plan.stop_rules, _course(play, outcome, cost, day), cost_cap=play.plan.cost_cap)
    if ending is not None:
        stop(shop=shop, id=id, ending=ending, trail=Trail(shop=shop), by=by)
    return ending


def measure(*, shop: str, id: UUID, at: datetime, by: Actor) -> UUID | None:
    """Measure what a play brought that would not have come otherwise, and write it into the ledger; the entry's id.

    Of a play that was measured before, a new entry is written and the old one stays. Where too few people were on a
    side, or too few weeks are known before it, nothing can be told: None, and nothing is written but that it was asked.

    refuses  NoSuchPlay; MoveNotAllowed with too_soon while orders still count, or never_started
    tells    steer.effect_measured, caused by the start
    """
    play = queries.play(shop, id)
    until = play.counts_until
    if play.state is not State.MEASURED:
        is_over = until is not None and at >= clock.span_of(until, shops.shop(shop).zone)[0]
        failing = {Guard.NEVER_STARTED} if play.started_on is None else set()
        rules.check(play.state, State.MEASURED, failing=failing if is_over or failing else {Guard.TOO_SOON})
    if play.started_on is None or until is None:
        raise MoveNotAllowed(state=play.state, wanted=State.MEASURED, guard=Guard.NEVER_STARTED)
    return _measure(play=play, brought=_brought(play, until=until, at=at), until=until, by=by)


def _course(play: Play, outcome: Outcome | None, cost: Money, day: date) -> Course:
    currency = play.plan.cost_cap.currency
    effect = (outcome.margin or outcome.gmv) if outcome else None
    verdict = budgets.guard(play.shop, area=play.plan.area, amount=Money.zero(currency), on=day + _DAY)
    buying = outcome.buying if outcome and play.plan.treats_visitors else None
    reached, refused = queries.refusals(play) if play.plan.stop_rules.most_refused_bp is not None else (0, 0)
    return Course(
        effect=_incremental(effect.total, currency) if effect and _is_known(effect.total) else None,
        cost=cost,
        reached=reached,
        refused=refused,
        uneven_p=outcome.srm_p if outcome else None,
        is_barred=verdict.say is Say.STOP,
        is_harmed=buying is not None and buying.is_harmed,
        is_left=buying is not None and buying.is_left,
    )


def _brought(play: Play, *, until: date, at: datetime) -> _Brought | None:
    """What it brought, by those who were held out, or by the season where nobody was."""
    return _against_held_out(play, until=until, at=at) if play.trial_id else _against_season(play, until=until, at=at)


def _against_held_out(play: Play, *, until: date, at: datetime) -> _Brought | None:
    """Orders count to the day on which the play's days after are over, whatever was planned at first."""
    if play.trial_id is None or play.started_on is None or until <= play.started_on:
        return None
    ends_at = clock.span_of(until, shops.shop(play.shop).zone)[0]
    outcome = trials.outcome(play.trial_id, at=min(at, ends_at), is_final=True)
    if outcome.gmv is None or outcome.orders is None:
        return None
    return _Brought(
        proof=Proof.HELD_OUT,
        days=Period(play.started_on, until),
        units=outcome.people[Arm.TREATED],
        per_unit=outcome.gmv.per_person,
        gmv=outcome.gmv.total,
        orders=outcome.orders.total,
        margin=outcome.margin.total if outcome.margin else None,
        treated=outcome.people[Arm.TREATED],
        held_out=outcome.people[Arm.HELD_OUT],
        uneven_p=outcome.srm_p,
        costing=outcome.costing,
        costed=outcome.costed,
        chance=outcome.buying.belief.chance_to_win if outcome.buying and outcome.buying.belief else None,
    )


def _against_season(play: Play, *, until: date, at: datetime) -> _Brought | None:
    if play.started_on is None or until <= play.started_on:
        return None
    days = Period(play.started_on, until)
    gmv = trials.whole_shop_effect(play.shop, metric=_MONEY, period=days, at=at)
    orders = trials.whole_shop_effect(play.shop, metric=_ORDERS, period=days, at=at)
    if gmv is None or orders is None:
        return None
    return _Brought(
        proof=Proof.SEASON,
        days=days,
        units=days.days,
        per_unit=gmv.times(1 / days.days),
        gmv=gmv,
        orders=orders,
        margin=None,
        treated=0,
        held_out=0,
        uneven_p=None,
    )


@operation
def _keep(*, play: Play, day: date, outcome: Outcome | None, cost: Money) -> bool:
    """Write a look down, unless somebody else did."""
    people = outcome.people if outcome else {}
    row = models.Look(
        play_id=play.id,
        day=day,
        at=clock.now(),
        treated=people.get(Arm.TREATED, 0),
        held_out=people.get(Arm.HELD_OUT, 0),
        cost_minor=cost.minor,
        currency=cost.currency,
        uneven_p=outcome.srm_p if outcome else None,
        **_ends("gmv", outcome.gmv if outcome else None),
        **_ends("margin", outcome.margin if outcome else None),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as looked:
        if "steer_plays_look_pkey" not in str(looked):
            raise
        return False
    _count(play, people)
    return True


def _count(play: Play, people: Mapping[Arm, int]) -> None:
    """Who visits is known when they come, and counted with each look."""
    if play.plan.treats_visitors:
        counts = {"treated": people.get(Arm.TREATED, 0), "held_out": people.get(Arm.HELD_OUT, 0)}
        models.Play.objects.filter(pk=play.id).update(**counts)


@operation
def _measure(*, play: Play, brought: _Brought | None, until: date, by: Actor) -> UUID | None:
    """One entry; of two who measure the first time at once, one writes it."""
    if play.state is not State.MEASURED:
        rows = models.Play.objects.filter(pk=play.id, state=play.state)
        if not rows.update(state=State.MEASURED):
            raise MoveNotAllowed(state=State.MEASURED, wanted=State.MEASURED, guard=Guard.NO_SUCH_STEP)
        if play.trial_id is not None:
            trial_acts.close_trial(trial_id=play.trial_id, on=until)
    note(play.id, Done.MEASURED, by=by)
    if brought is None:
        return None
    _count(play, {Arm.TREATED: brought.treated, Arm.HELD_OUT: brought.held_out})
    row = _row(play, brought, until=until)
    row.save(force_insert=True)
    trail = Trail(shop=play.shop, cause=play.fact)
    record(_fact(row), by=by, trail=trail, subject=f"play:{play.id}")
    return row.id


def _row(play: Play, brought: _Brought, *, until: date) -> models.Effect:
    cost, through = queries.cost(play), queries.attributed(play, until=until)
    return models.Effect(
        id=ids.uuid7(),
        shop=play.shop,
        play_id=play.id,
        name=play.plan.name,
        move=play.plan.action.move,
        metric=play.plan.metric,
        signal_kind=play.signal_kind,
        proof=brought.proof,
        first_day=brought.days.start,
        last_day=brought.days.last,
        measured_at=clock.now(),
        treated=brought.treated,
        held_out=brought.held_out,
        units=brought.units,
        per_unit=brought.per_unit.value,
        per_unit_low=brought.per_unit.low,
        per_unit_high=brought.per_unit.high,
        orders=brought.orders.value,
        orders_low=brought.orders.low,
        orders_high=brought.orders.high,
        attributed_orders=through.orders,
        attributed_minor=through.money.minor,
        messages_minor=cost.messages.minor,
        discounts_minor=cost.discounts.minor,
        spend_minor=cost.spend.minor,
        fixed_minor=cost.fixed.minor,
        currency=play.plan.cost_cap.currency,
        uneven_p=brought.uneven_p,
        costing=brought.costing or "",
        costed_bp=None if brought.costed is None else round(10_000 * brought.costed),
        chance=brought.chance,
        **_minor("gmv", brought.gmv),
        **_minor("margin", brought.margin),
    )


def _fact(row: models.Effect) -> EffectMeasured:
    same = ("move", "metric", "proof", "treated", "held_out", "currency")
    ends = ("minor", "low_minor", "high_minor")
    amounts = {f"{what}_{end}": getattr(row, f"{what}_{end}") for what in ("gmv", "margin") for end in ends}
    return EffectMeasured(
        play_id=str(row.play_id),
        effect_id=str(row.id),
        orders_milli=round(row.orders * 1000),
        orders_low_milli=round(row.orders_low * 1000),
        orders_high_milli=round(row.orders_high * 1000),
        cost_minor=row.messages_minor + row.discounts_minor + row.spend_minor + row.fixed_minor,
        **{name: getattr(row, name) for name in same},
        **amounts,
    )


def _incremental(estimate: Estimate, currency: str) -> Incremental:
    value, low, high = (Money(round(end), currency) for end in (estimate.value, estimate.low, estimate.high))
    return Incremental(value=value, low=low, high=high)


def _ends(name: str, effect: Effect | None) -> dict[str, Any]:
    return _minor(name, effect.total if effect else None)


def _minor(name: str, estimate: Estimate | None) -> dict[str, int | None]:
    """An estimate in whole minor units, by column; nothing of one that could lie anywhere."""
    ends = {"": "value", "low_": "low", "high_": "high"}
    known = estimate if _is_known(estimate) else None
    return {
        f"{name}_{column}minor": None if known is None else round(getattr(known, end)) for column, end in ends.items()
    }


def _is_known(estimate: Estimate | None) -> bool:
    return estimate is not None and all(map(math.isfinite, (estimate.value, estimate.low, estimate.high)))
