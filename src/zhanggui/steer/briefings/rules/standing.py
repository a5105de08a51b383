"""What was aimed at, what ended and what it brought, what was signalled: the books of steering, quoted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zhanggui.insight.campaigns.rules import Standing
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.briefings.rules import asking
from zhanggui.steer.briefings.rules.gathered import EffectSeen, Evidence, Gathered, GoalSeen, Ratio
from zhanggui.steer.briefings.rules.values import (
    Finding,
    Number,
    Row,
    Section,
    Sort,
    Source,
    Table,
    Thing,
    ranked,
)

MOST_OFFERS: Final = 8


def aims(found: Gathered) -> Section:
    """Goal against actual; a shop without goals is told so, and what follows proposes some."""
    if not found.goals:
        return Section(key="goals", findings=(Finding(key="no_goals", kind="no_goals"),))
    rows = tuple(_goal_row(found, goal) for goal in found.goals)
    table = Table(key="goals", heads=("target", "actual", "forecast", "low", "high"), rows=rows)
    return Section(key="goals", findings=ranked([_goal(found, goal) for goal in found.goals]), tables=(table,))


def ended(found: Gathered) -> Section:
    """What was done and what it brought.

    What came on top, with its interval, and what merely passed through an offer stand in different tables: the one says
    what would not have come otherwise, the other does not.
    """
    effects = [_effect(found, one) for one in found.effects]
    offers = [_offer(found, one) for one in found.offers[:MOST_OFFERS]]
    tables = []
    if found.effects:
        rows = tuple(_effect_row(found, one) for one in found.effects)
        tables.append(Table(key="effects", heads=("more", "low", "high", "cost"), rows=rows))
    if found.offers:
        rows = tuple(_offer_row(found, one) for one in found.offers[:MOST_OFFERS])
        tables.append(Table(key="offers", heads=("orders", "passed", "given"), rows=rows))
    findings = (*ranked(effects), *ranked(offers)) or (Finding(key="nothing_ended", kind="nothing_ended"),)
    return Section(key="ended", findings=findings, tables=tuple(tables))


def signals(found: Gathered) -> Section:
    """What was signalled and decided, the largest first, and how often a number lay outside what is normal."""
    return Section(key="signals", findings=tuple(_signals(found)))


def _signals(found: Gathered) -> Iterator[Finding]:
    if found.signals:
        asked = asking.source(found.shop, "signals", found.period, page="signals")
        decided = sum(one.is_decided for one in found.signals)
        yield Finding(
            key="signals",
            kind="signals",
            numbers=(
                asking.count("raised", len(found.signals), asked),
                asking.count("decided", decided, asked),
                asking.money("size", sum(one.size_minor for one in found.signals), asked),
            ),
            weight=sum(one.size_minor for one in found.signals),
        )
        largest = sorted(found.signals, key=lambda one: (-one.size_minor, one.id))[:3]
        for one in largest:
            yield Finding(
                key=f"signal_{one.id}",
                kind="signal_decided" if one.is_decided else "signal_open",
                things=(Thing(name="signal", sort=Sort.SIGNAL, code=f"{one.kind} {one.subject}".strip()),),
                numbers=(asking.money("size", one.size_minor, asked),),
                weight=one.size_minor,
            )
    if found.deviations:
        asked = asking.source(found.shop, "deviations", found.period, page="deviations")
        stake = sum(abs(one.money_minor or 0) for one in found.deviations)
        yield Finding(
            key="deviations",
            kind="deviations",
            numbers=(asking.count("count", len(found.deviations), asked), asking.money("size", stake, asked)),
            weight=stake,
        )
    if not found.signals and not found.deviations:
        yield Finding(key="no_signals", kind="no_signals")


def _goal(found: Gathered, goal: GoalSeen) -> Finding:
    asked = _goal_asked(found, goal)
    kind = ("goal_met" if goal.is_met else "goal_missed") if goal.is_over else "goal_open"
    forecast = [_ratio(name, goal.metric, ratio, asked) for name, ratio in _ahead(goal)] if not goal.is_over else []
    if kind == "goal_open" and len(forecast) < 3:
        kind, forecast = "goal_open_short", []
    return Finding(
        key=f"goal_{goal.id}",
        kind=kind,
        things=(Thing(name="metric", sort=Sort.METRIC, code=goal.metric),),
        numbers=(
            _ratio("actual", goal.metric, goal.actual, asked),
            _ratio("target", goal.metric, goal.target, asked),
            *forecast,
        ),
        weight=goal.stake_minor,
    )


def _goal_row(found: Gathered, goal: GoalSeen) -> Row:
    asked = _goal_asked(found, goal)
    ends = (("target", goal.target), ("actual", goal.actual), *_ahead(goal))
    return Row(
        thing=Thing(name="metric", sort=Sort.METRIC, code=goal.metric),
        numbers=tuple(_ratio(name, goal.metric, ratio, asked) for name, ratio in ends),
    )


def _ahead(goal: GoalSeen) -> list[tuple[str, Ratio]]:
    named = (("forecast", goal.forecast), ("low", goal.low), ("high", goal.high))
    return [(name, ratio) for name, ratio in named if ratio is not None]


def _goal_asked(found: Gathered, goal: GoalSeen) -> Source:
    last = min(goal.period.end, found.until)
    days = Period(goal.period.start, last) if last > goal.period.start else goal.period
    return asking.goal_source(found.shop, goal, days)


def _ratio(name: str, metric: str, ratio: Ratio, asked: Source) -> Number:
    return Number(name=name, unit=asking.unit_of(metric), numerator=ratio[0], denominator=ratio[1], source=asked)


def _effect(found: Gathered, one: EffectSeen) -> Finding:
    is_sure = one.low_minor > 0 or one.high_minor < 0
    kind = "effect" if is_sure else "effect_unsure"
    return Finding(
        key=f"effect_{one.play_id}",
        kind=kind if one.evidence is Evidence.HELD_OUT else f"{kind}_weaker",
        things=(Thing(name="play", sort=Sort.NAME, code=one.play_id, zh=one.name, en=one.name),),
        numbers=_effect_numbers(found, one),
        weight=abs(one.more_minor),
    )


def _effect_row(found: Gathered, one: EffectSeen) -> Row:
    thing = Thing(name="play", sort=Sort.NAME, code=one.play_id, zh=one.name, en=one.name)
    return Row(thing=thing, numbers=_effect_numbers(found, one))


def _effect_numbers(found: Gathered, one: EffectSeen) -> tuple[Number, ...]:
    asked = asking.source(found.shop, "effect", found.period, page="effects")
    named = (
        ("more", one.more_minor),
        ("low", one.low_minor),
        ("high", one.high_minor),
        ("cost", one.cost_minor),
    )
    return tuple(asking.money(name, minor, asked) for name, minor in named)


def _offer(found: Gathered, one: Standing) -> Finding:
    asked = _offer_asked(found, one)
    numbers = [
        asking.count("orders", one.touched.orders, asked),
        asking.money("passed", one.touched.money.minor, asked),
        asking.money("given", one.touched.given.minor, asked),
    ]
    kind = "offer"
    if one.uplift is not None:
        kind = "offer_beyond"
        more = one.uplift.more.minor, one.uplift.low.minor, one.uplift.high.minor
        numbers += [asking.money(name, minor, asked) for name, minor in zip(("more", "low", "high"), more, strict=True)]
    return Finding(
        key=f"offer_{one.offer.kind}_{one.offer.id}",
        kind=kind,
        things=(_offer_thing(one),),
        numbers=tuple(numbers),
        weight=one.touched.money.minor,
    )


def _offer_row(found: Gathered, one: Standing) -> Row:
    asked = _offer_asked(found, one)
    return Row(
        thing=_offer_thing(one),
        numbers=(
            asking.count("orders", one.touched.orders, asked),
            asking.money("passed", one.touched.money.minor, asked),
            asking.money("given", one.touched.given.minor, asked),
        ),
    )


def _offer_thing(one: Standing) -> Thing:
    return Thing(name="offer", sort=Sort.NAME, code=one.offer.id, zh=one.offer.name("zh-hans"), en=one.offer.name("en"))


def _offer_asked(found: Gathered, one: Standing) -> Source:
    args = (one.offer.kind.value, one.offer.id)
    return asking.source(found.shop, "campaign", found.period, page="campaign", args=args)
