"""The figures that a review begins with: what they are, against the period before and the year before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from zhanggui.insight.metrics.rules import Comparison, Period, Row
from zhanggui.insight.tree import rules as tree
from zhanggui.steer.briefings.rules import asking
from zhanggui.steer.briefings.rules.gathered import Gathered
from zhanggui.steer.briefings.rules.values import (
    Chart,
    Finding,
    Number,
    Section,
    Series,
    Shape,
    Sort,
    Table,
    Thing,
    Unit,
    ranked,
)
from zhanggui.steer.briefings.rules.values import Row as TableRow

SHOWN: Final = (
    "gmv_paid",
    "gmv_net",
    "orders_paid",
    "buyers",
    "new_buyers",
    "returning_buyers",
    "aov",
    "arppu",
    "units",
    "uv",
    "cvr_paid_visitor",
    "repurchase_rate",
    "refund_amount",
    "refund_amount_rate",
    "gross_margin_rate",
    "marketing_rate",
)
# Asked for besides, for findings that are not in the table.
BESIDES: Final = ("gmv_new", "gmv_returning")
_TOLD: Final = ("orders_paid", "aov", "buyers", "new_buyers", "uv", "cvr_paid_visitor", "refund_amount_rate")
MOST_TOLD: Final = 4
# What moved less is in the table and needs no sentence.
_LEAST_RATE: Final = Decimal("0.05")
_LEAST_POINTS: Final = Decimal("0.005")
_MONEY_OF: Final = {"new_buyers": "gmv_new", "returning_buyers": "gmv_returning"}
OTHERS: Final = {Comparison.PREVIOUS: "before", Comparison.YEAR: "year"}


def summary(found: Gathered, key: str = "summary") -> Section:
    """How the days went: the money first, then what else moved most, the table and the course of the money."""
    findings = [one for comparison in _order(found) if (one := against(found, "gmv_paid", comparison))]
    if not findings:
        findings = [_alone(found)]
    told = ranked([one for one in _moved(found) if one.weight])[:MOST_TOLD]
    best = _best(found)
    return Section(
        key=key,
        findings=(*findings, *told, *((best,) if best else ())),
        charts=tuple(course_chart(found, title=findings[0].key)),
        tables=(_table(found),),
    )


def against(found: Gathered, metric: str, comparison: Comparison) -> Finding | None:
    """A metric against another period: how much it is and was, and by how much it moved; None if either is unknown."""
    period, other = found.period_of(comparison), found.then if comparison is Comparison.PREVIOUS else found.year
    if period is None or other is None or metric in found.silent:
        return None
    asked = asking.source(found.shop, metric, found.period, compare=comparison)
    then_asked = asking.source(found.shop, metric, Period(period.start, min(period.end, _until(found, period))))
    now = asking.number("now", found.now.of(metric), asked)
    then = asking.number("then", other.of(metric), then_asked)
    moved = asking.change("rate", now, then, asked)
    if moved is None or moved.size is None:
        return None
    kind = "same" if not moved.numerator else "up" if moved.numerator > 0 else "down"
    numbers = [now, then, asking.without_sign(moved)]
    if now.denominator == then.denominator == 1:
        away = Number(name="change", unit=now.unit, numerator=now.numerator - then.numerator, source=asked)
        numbers.append(away)
    return Finding(
        key=f"{metric}_{OTHERS[comparison]}",
        kind=f"{'points' if now.unit is Unit.RATE else 'figure'}_{kind}",
        things=(
            Thing(name="metric", sort=Sort.METRIC, code=metric),
            Thing(name="other", sort=Sort.WORD, code=f"{OTHERS[comparison]}_{found.kind}"),
        ),
        numbers=tuple(numbers),
        weight=_weight(found, metric, now, then, other),
    )


def course_chart(found: Gathered, *, title: str) -> Iterator[Chart]:
    """The money by day or month, and lighter the same a year or a month before."""
    course = found.course
    if len(course.now) < 2:
        return
    sizes = [_minor(row) for row in course.now]
    then = tuple(_minor(row) for row in course.then[: len(sizes)])
    sort = Sort.MONTH if course.step.value == "month" else Sort.DAY
    series = [Series(name="now", sizes=tuple(sizes))]
    if then:
        series.append(Series(name=_then_name(found), sizes=then + (None,) * (len(sizes) - len(then))))
    yield Chart(
        key="course",
        shape=Shape.LINE,
        title=title,
        unit=Unit.MONEY,
        at=tuple(Thing(name="at", sort=sort, code=_code(row)) for row in course.now),
        series=tuple(series),
        source=asking.source(found.shop, "gmv_paid", found.period, compare=Comparison.YEAR),
    )


def cell_of(row: Row) -> date:
    """The first day of a cell of time."""
    key = row.key
    assert isinstance(key, date)  # noqa: S101 -- only answers cut by time come here
    return key.date() if isinstance(key, datetime) else key


def _order(found: Gathered) -> Sequence[Comparison]:
    both = (Comparison.PREVIOUS, Comparison.YEAR)
    return both[::-1] if found.kind.value == "year" else both


def _alone(found: Gathered) -> Finding:
    asked = asking.source(found.shop, "gmv_paid", found.period)
    return Finding(
        key="gmv_paid_alone",
        kind="figure_alone",
        things=(Thing(name="metric", sort=Sort.METRIC, code="gmv_paid"),),
        numbers=(asking.number("now", found.now.of("gmv_paid"), asked),),
        weight=found.now.of("gmv_paid").numerator,
    )


def _moved(found: Gathered) -> Iterator[Finding]:
    """The other figures that moved enough for a sentence, against the period that the review leads with."""
    for metric in _TOLD:
        for comparison in _order(found):
            one = against(found, metric, comparison)
            if one is None:
                continue
            moved = one.number("rate")
            size = abs(moved.size or Decimal(0)) if moved else Decimal(0)
            least = _LEAST_POINTS if moved and moved.unit is Unit.POINTS else _LEAST_RATE
            if size >= least:
                yield one
            break


def _weight(found: Gathered, metric: str, now: Number, then: Number, other: Row) -> int:
    """The money that a figure's change is about: an amount's own, of a factor its part, of a share of money its part of
    the money.
    """
    money = found.now.of("gmv_paid").numerator, other.of("gmv_paid").numerator
    if now.unit is Unit.MONEY and now.denominator == then.denominator == 1:
        return abs(now.numerator - then.numerator)
    if metric in _MONEY_OF:
        whose = _MONEY_OF[metric]
        return abs(found.now.of(whose).numerator - other.of(whose).numerator)
    new, old = float(now.size or 0), float(then.size or 0)
    if metric == "refund_amount_rate":
        return abs(round((new - old) * money[0]))
    return abs(tree.worth(factor=(new, old), money=(float(money[0]), float(money[1])))) if new and old else 0


def _best(found: Gathered) -> Finding | None:
    """The day, or the month, with most money."""
    rows = [row for row in found.course.now if row.is_complete]
    if len(rows) < 3:
        return None
    best = max(rows, key=lambda row: (_minor(row), -cell_of(row).toordinal()))
    is_month = found.course.step.value == "month"
    start = cell_of(best)
    end = min(_after(start, is_month=is_month), found.period.end)
    asked = asking.source(found.shop, "gmv_paid", Period(start, end))
    return Finding(
        key="best",
        kind="best_month" if is_month else "best_day",
        things=(Thing(name="at", sort=Sort.MONTH if is_month else Sort.DAY, code=start.isoformat()),),
        numbers=(
            asking.money("now", _minor(best), asked),
            asking.rate("share", _minor(best), found.now.of("gmv_paid").numerator, asked),
        ),
    )


def _table(found: Gathered) -> Table:
    heads = ["now"]
    if found.then:
        heads += ["before", "before_change"]
    if found.year:
        heads += ["year", "year_change"]
    rows = [row for metric in SHOWN if (row := _row(found, metric))]
    return Table(key="figures", heads=tuple(heads), rows=tuple(rows))


def _row(found: Gathered, metric: str) -> TableRow | None:
    """A metric's row; None if nobody told what it is counted from, or nothing of it ever happened."""
    figures = [row.get(metric) for row in (found.now, found.then, found.year) if row]
    if metric in found.silent or not any(figure and figure.size for figure in figures):
        return None
    asked = asking.source(found.shop, metric, found.period)
    now = asking.number("now", found.now.of(metric), asked)
    numbers = [now]
    for comparison in Comparison.PREVIOUS, Comparison.YEAR:
        row, period = (found.then, found.before) if comparison is Comparison.PREVIOUS else (found.year, found.year_ago)
        if row is None or period is None:
            continue
        name = OTHERS[comparison]
        days = Period(period.start, min(period.end, _until(found, period)))
        then = asking.number(name, row.of(metric), asking.source(found.shop, metric, days))
        moved = asking.change(
            f"{name}_change", now, then, asking.source(found.shop, metric, found.period, compare=comparison)
        )
        numbers += [then, *([moved] if moved else [])]
    return TableRow(thing=Thing(name="metric", sort=Sort.METRIC, code=metric), numbers=tuple(numbers))


def _until(found: Gathered, other: Period) -> date:
    """Up to which day the other period was counted."""
    if found.until >= found.period.end:
        return other.end
    return other.start + (found.until - found.period.start)


def _then_name(found: Gathered) -> str:
    return "year" if found.year is not None else "before"


def _minor(row: Row) -> int:
    return row.of("gmv_paid").numerator


def _code(row: Row) -> str:
    return cell_of(row).isoformat()


def _after(start: date, *, is_month: bool) -> date:
    if is_month:
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return date.fromordinal(start.toordinal() + 1)
