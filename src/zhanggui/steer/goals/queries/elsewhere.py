"""Numbers that the tables of days do not answer, read day by day from what does: cohorts, and the books of returns."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Filters, Period, Step
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention.rules import Column, Question
from zhanggui.shop.returns import queries as returns
from zhanggui.steer.goals.rules import Reading, is_of_cohorts, scale_of

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_QUANTILES: Final = {"refund_hours_p50": 0.5, "refund_hours_p90": 0.9}
_COLUMNS: Final = {
    "exact": lambda n: Column(start=n, end=n),
    "rolling": lambda n: Column(start=n, end=None),
    "interval": lambda n: Column(start=1, end=n),
}


def reading(shop: str, metric: str, where: Filters, period: Period, *, at: datetime) -> Reading:
    """What is known of a number on each day of a period that is over.

    Of cohorts a day says which part of those who came for the first time so many days before came back: it is known
    when the day is over. One question to the cohorts, or one statement to the books of returns.

    refuses  NoSuchShop
    """
    today = clock.day_of(at, shops.shop(shop).zone)
    days = Period(period.start, min(period.end, today)) if period.start < today else None
    cells: tuple[tuple[float, ...], ...] = ()
    if days is not None:
        cells = _cohorts(shop, metric, where, days, at=at) if is_of_cohorts(metric) else _waits(shop, days)
    return Reading(first=period.start, days=cells, quantile=_QUANTILES.get(metric), scale=scale_of(metric))


def is_heard(shop: str, metric: str, *, at: datetime) -> bool:
    """Whether the shop has told anything yet that a number is read from."""
    if is_of_cohorts(metric):
        return metrics.days(shop) is not None
    today = clock.day_of(at, shops.shop(shop).zone)
    return any(_waits(shop, Period(today - timedelta(days=365), today)))


def _cohorts(shop: str, metric: str, where: Filters, days: Period, *, at: datetime) -> tuple[tuple[float, ...], ...]:
    """Of each day how many came back, and of how many."""
    place, _line, way = metric.removeprefix("retention_d").partition("_")
    old = int(place)
    column = _COLUMNS[way or "exact"](old)
    back = timedelta(days=old)
    asked = Question(start=days.start - back, end=days.end - back, step=Step.DAY, columns=(column,), where=where)
    found = {row.key: row.cells[0] for row in retention.ask(shop, asked, at=at).rows}
    cells = [found.get(days.start - back + n * _DAY) for n in range(days.days)]
    return tuple((float(cell.count), float(cell.of)) if cell else (0.0, 0.0) for cell in cells)


def _waits(shop: str, days: Period) -> tuple[tuple[float, ...], ...]:
    """Of each day the hours that its refunds had taken since the goods came."""
    zone = shops.shop(shop).zone
    start, end = clock.span_of(days.start, zone)[0], clock.span_of(days.last, zone)[1]
    by_day: dict[date, list[float]] = {}
    for gone_at, waited in returns.refund_waits(shop, start, end):
        by_day.setdefault(clock.day_of(gone_at, zone), []).append(waited / _HOUR)
    return tuple(tuple(by_day.get(days.start + n * _DAY, ())) for n in range(days.days))
