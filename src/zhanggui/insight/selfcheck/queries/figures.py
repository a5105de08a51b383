"""Our figures, worked out by the same code that answers the pages of a shop; each group gives its figures by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.funnels.rules import Funnel, Step
from zhanggui.insight.funnels.rules import Question as FunnelAsked
from zhanggui.insight.metrics.rules import Step as Cell
from zhanggui.insight.metrics.rules import metric
from zhanggui.insight.metrics.rules.answers import figure_of
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention.rules import Begin, Return, exact
from zhanggui.insight.retention.rules import Question as CohortsAsked
from zhanggui.insight.selfcheck.queries.telling import Told, daily_table
from zhanggui.insight.tree.rules import effects, logarithmic_mean
from zhanggui.insight.value.rules import Histories, Ordering, Spending
from zhanggui.insight.value.rules.ordering import expected_of_newcomer, expected_orders, still_there

Figures = Mapping[str, Sequence[float | int | Decimal]]

# Fader, Hardie & Lee 2005, table 2, in weeks; and the fits of both models to more digits, on which the rest stands.
_ORDERING: Final = Ordering(r=0.243, alpha=4.414, a=0.793, b=2.426)
_FITTED: Final = Ordering(r=0.24259, alpha=4.41353, a=0.79289, b=2.42575)
_SPENDING: Final = Spending(p=6.2488, q=3.7446, v=15.4478)
_WEEKS: Final = ("0.1429", "1", "3", "31.8571", "32", "78")

_FIRST: Final = date(2026, 1, 5)
_COHORT_DAYS: Final = 11
_ACTS: Final = {"person 1": (0, 1, 2, 5, 5, 6), "person 2": (1, 2, 3, 6)}
_WALKS: Final = {"person 1": (12, 13, 15), "person 2": (14, 16), "person 3": (14, 16, 17)}
_STEPS: Final = ("signup", "paid", "movie")

_NOW: Final = (1000, 50, 60, 600_000)
_THEN: Final = (800, 48, 48, 480_000)

_YEAR_DAYS: Final = 365
_SOLD_COST: Final = 200_000
_STOCK_COST: Final = 40_000


def _orders_ahead() -> Figures:
    buyer = Histories(repeats=np.array([2.0]), recency=np.array([30.43]), age=np.array([38.86]), count=np.array([1.0]))
    newcomers = {f"newcomer.{weeks}": (expected_of_newcomer(_FITTED, ahead=float(weeks)),) for weeks in _WEEKS}
    return newcomers | {
        "buyer.orders": (float(expected_orders(_ORDERING, buyer, ahead=39)[0]),),
        "buyer.alive": (float(still_there(_ORDERING, buyer)[0]),),
    }


def _spending() -> Figures:
    return {"spending.mean": (_SPENDING.mean,)}


def _cohorts() -> Figures:
    """Daily cohorts of everybody who acted, each row as far as it was published: to the seventh day."""
    told = [
        Told(name="act", person=person, at=_moment(day, n))
        for person, days in _ACTS.items()
        for n, day in enumerate(days)
    ]
    question = CohortsAsked(
        start=_FIRST,
        end=_FIRST + timedelta(days=_COHORT_DAYS),
        step=Cell.DAY,
        columns=exact(*range(_COHORT_DAYS)),
        begin=Begin.EVERY_EVENT,
        begin_event="act",
        back=Return.EVENT,
        return_event="act",
    )
    today = _FIRST + timedelta(days=365)
    found = retention.count(question, today=today, tables=lambda name, _days: daily_table(name, told))
    widths = (7, 6, 5, 4, 3, 2, 1)
    return {
        f"cohort.{place}": [cell.count for cell in row.cells[:width] if cell]
        for place, (row, width) in enumerate(zip(found.rows, widths, strict=False))
    }


def _funnel() -> Figures:
    told = [
        Told(name=step, person=person, at=_moment(0, 0, hour=hour))
        for person, hours in _WALKS.items()
        for step, hour in zip(_STEPS, hours, strict=False)
    ]
    funnel = Funnel(steps=tuple(Step(event=step) for step in _STEPS))
    question = FunnelAsked(funnel=funnel, start=_FIRST, end=_FIRST + timedelta(days=1))
    found = funnels.count("", question, is_complete=True, relation=daily_table("steps", told))
    times = {bar.place: bar.times for bar in found.bars if bar.times}
    means = {f"funnel.{place}.mean": (one.mean.total_seconds(),) for place, one in times.items()}
    return means | {f"funnel.{place}.median": (one.median.total_seconds(),) for place, one in times.items()}


def _tree() -> Figures:
    return {"tree.mean": (logarithmic_mean(2, 1),), "tree.whole": (sum(effects(_NOW, _THEN)),)}


def _stock() -> Figures:
    """A year in which the stock was worth the same at the end of each day."""
    counted = {
        "sold_cost_minor": _SOLD_COST,
        "sold_cost_of_365_minor": _SOLD_COST * _YEAR_DAYS,
        "stock_minor_days": _STOCK_COST * _YEAR_DAYS,
    }
    keys = {"stock.turnover": "inventory_turnover", "stock.days": "inventory_days"}
    return {key: (figure_of(metric(name), counted, "CNY").size or 0,) for key, name in keys.items()}


def _moment(day: int, second: int, *, hour: int = 10) -> datetime:
    return datetime(_FIRST.year, _FIRST.month, _FIRST.day, hour, 0, second, tzinfo=UTC) + timedelta(days=day)


FIGURES: Final[tuple[Callable[[], Figures], ...]] = (_orders_ahead, _spending, _cohorts, _funnel, _tree, _stock)
