"""Numbers with their questions: a metric's figure becomes a number whose page shows what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from zhanggui.insight.metrics.rules import METRICS, Comparison, Figure, Period
from zhanggui.insight.metrics.rules import Unit as MetricUnit
from zhanggui.insight.metrics.rules import named as metric_named
from zhanggui.steer.briefings.rules.gathered import GoalSeen
from zhanggui.steer.briefings.rules.values import Number, Source, Unit

_UNITS: Final[Mapping[MetricUnit, Unit]] = {one: Unit(one.value) for one in MetricUnit}


def source(
    shop: str,
    metric: str,
    period: Period,
    *,
    page: str = "number",
    compare: Comparison = Comparison.PREVIOUS,
    cut: str = "",
    cell: str = "",
    more: tuple[tuple[str, str], ...] = (),
    args: tuple[str, ...] | None = None,
) -> Source:
    """The question of a number and the page of the console that answers it.

    more  further names and values of the address
    args  what the address names besides; a number's page its metric
    """
    pairs = [
        ("shop", shop),
        ("period", "custom"),
        ("from", period.start.isoformat()),
        ("to", period.last.isoformat()),
        ("compare", compare.value),
        *([(cut, cell)] if cut else []),
        *more,
    ]
    return Source(
        metric=metric,
        first=period.start,
        end=period.end,
        cut=cut,
        cell=cell,
        page=page,
        args=((metric,) if page == "number" else ()) if args is None else args,
        query=urlencode(pairs),
    )


def goal_source(shop: str, goal: GoalSeen, period: Period) -> Source:
    """The question of a goal's number: its page, or the goal's own where an analysis answers the number."""
    if goal.metric in METRICS:
        return source(shop, goal.metric, period)
    return source(shop, goal.metric, period, page="goal", args=(goal.id,))


def number(name: str, figure: Figure, asked: Source) -> Number:
    """A metric's figure at a place of a sentence."""
    denominator = 1 if figure.denominator is None else figure.denominator
    return Number(
        name=name, unit=unit_of(figure.metric), numerator=figure.numerator, denominator=denominator, source=asked
    )


def unit_of(key: str) -> Unit:
    """What a metric's numbers are counted in."""
    return _UNITS[metric_named(key).unit]


def money(name: str, minor: int, asked: Source | None) -> Number:
    """An amount."""
    return Number(name=name, unit=Unit.MONEY, numerator=minor, source=asked)


def count(name: str, pieces: int, asked: Source | None) -> Number:
    """So many."""
    return Number(name=name, unit=Unit.COUNT, numerator=pieces, source=asked)


def rate(name: str, part: int, whole: int, asked: Source | None) -> Number:
    """So many of so many."""
    return Number(name=name, unit=Unit.RATE, numerator=part, denominator=whole, source=asked)


def change(name: str, now: Number, then: Number, asked: Source | None) -> Number | None:
    """By how much a number is larger, as a rate; two rates by how many points. None where there is nothing to say.

    source   120 against 100 -> 20 %; 5 % against 4 % -> 1 point; anything against 0 -> None
    """
    if now.size is None or then.size is None:
        return None
    away = now.numerator * then.denominator - then.numerator * now.denominator
    if now.unit is Unit.RATE:
        return Number(
            name=name, unit=Unit.POINTS, numerator=away, denominator=now.denominator * then.denominator, source=asked
        )
    base = abs(then.numerator) * now.denominator
    return Number(name=name, unit=Unit.RATE, numerator=away, denominator=base, source=asked) if base else None


def without_sign(number: Number) -> Number:
    """The same, however it is signed: a sentence that says "less" names no minus."""
    return Number(
        name=number.name,
        unit=number.unit,
        numerator=abs(number.numerator),
        denominator=number.denominator,
        source=number.source,
    )
