"""What an action brought that treated everybody: against the weeks before, for there is nobody to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments.errors import MetricNotSummed
from zhanggui.growth.experiments.rules import Estimate
from zhanggui.growth.experiments.rules.counterfactual import beyond_season
from zhanggui.insight.campaigns.rules import HISTORY_DAYS
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import EVERYTHING, Cut, Filters, Period
from zhanggui.insight.metrics.rules import metric as metric_of

_DAY: Final = timedelta(days=1)


def whole_shop_effect(
    shop: str,
    *,
    metric: str,
    period: Period,
    at: datetime,
    where: Filters = EVERYTHING,
    beside: Filters | None = None,
) -> Estimate | None:
    """How much more came in a period than the weeks before it let expect: weaker evidence than a hold-out, and to be
    called so wherever it is shown. Whatever else happened in those days is in it too.

    Of the days of the period that are over; None while there are none, or if the eight weeks before say too little, or
    if there are more days than in those weeks.

    metric   one whose days add up, such as gmv_net, or of some goods goods_paid; minor units or pieces
    where    what was treated; beside: like it and not treated, such as another category, to take off what moved both
    refuses  NoSuchShop, NoSuchMetric, CutRefused, MetricNotSummed
    """
    if not metric_of(metric).is_additive:
        raise MetricNotSummed(metric=metric)
    end = min(period.end, clock.day_of(at, shops.shop(shop).zone))
    if end <= period.start:
        return None
    asked = Period(period.start - HISTORY_DAYS * _DAY, end)
    first, _ = metrics.days(shop) or (asked.end, asked.end)

    def days_of(some: Filters) -> tuple[list[float | None], list[float]]:
        found = _by_day(shop, metric, asked, some, at=at)
        before = [found.get(day, 0.0) if day >= first else None for day in _days(asked.start, period.start)]
        return before, [found.get(day, 0.0) for day in _days(period.start, end)]

    history, actual = days_of(where)
    return beyond_season(history, actual, beside=days_of(beside) if beside is not None else None)


def _by_day(shop: str, metric: str, period: Period, where: Filters, *, at: datetime) -> Mapping[date, float]:
    answer = metrics.query(shop, [metric], period, by=Cut.DAY, where=where, at=at)
    sizes = {row.key: row.of(metric).size for row in answer.rows if isinstance(row.key, date)}
    return {day: float(size) for day, size in sizes.items() if size is not None}


def _days(start: date, end: date) -> list[date]:
    return [start + n * _DAY for n in range((end - start).days)]
