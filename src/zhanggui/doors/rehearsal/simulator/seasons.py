"""How busy a day is: growth, month, weekday, feasts, promotions with the lull before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal.simulator.plan import Floats, Plan, Small

# Monday first. People browse and buy more at the weekend.
_WEEKDAYS: Final = np.array([0.96, 0.93, 0.93, 0.95, 1.0, 1.13, 1.10])
_DAY_NOISE: Final = 0.05

# First days of the Chinese year.
_NEW_YEARS: Final = (
    *(date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26)),
    *(date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31)),
    *(date(2034, 2, 19), date(2035, 2, 8), date(2036, 1, 28)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days that differ from the ordinary.

    first, last  month and day, both included
    traffic      how many times the usual visits;  orders  how many times the usual orders
    discount_bp  what is taken off every list price, in 1/10,000
    period       what the advertisements are about, one of `PERIODS`
    """

    first: tuple[int, int]
    last: tuple[int, int]
    traffic: float
    orders: float
    discount_bp: int = 0
    period: str = ""


# A promotion takes its orders partly from the days around it: people wait, then rest.
STRETCHES: Final = (
    Stretch(first=(3, 6), last=(3, 8), traffic=1.2, orders=1.5, discount_bp=500, period="38"),
    Stretch(first=(5, 28), last=(5, 31), traffic=1.05, orders=0.8),
    Stretch(first=(6, 1), last=(6, 2), traffic=1.4, orders=1.8, discount_bp=800, period="618"),
    Stretch(first=(6, 3), last=(6, 9), traffic=1.1, orders=1.0, period="618"),
    Stretch(first=(6, 10), last=(6, 14), traffic=1.1, orders=0.72, period="618"),
    Stretch(first=(6, 15), last=(6, 17), traffic=1.4, orders=1.6, discount_bp=1200, period="618"),
    Stretch(first=(6, 18), last=(6, 18), traffic=2.0, orders=3.6, discount_bp=1200, period="618"),
    Stretch(first=(6, 19), last=(6, 24), traffic=0.85, orders=0.72),
    Stretch(first=(9, 9), last=(9, 10), traffic=1.15, orders=1.3, discount_bp=500),
    Stretch(first=(10, 24), last=(10, 30), traffic=1.1, orders=0.78),
    Stretch(first=(10, 31), last=(11, 2), traffic=1.6, orders=2.2, discount_bp=1000, period="1111"),
    Stretch(first=(11, 3), last=(11, 9), traffic=1.2, orders=0.8, period="1111"),
    Stretch(first=(11, 10), last=(11, 10), traffic=1.6, orders=2.0, discount_bp=1500, period="1111"),
    Stretch(first=(11, 11), last=(11, 11), traffic=2.6, orders=5.0, discount_bp=1500, period="1111"),
    Stretch(first=(11, 12), last=(11, 12), traffic=1.2, orders=1.2, discount_bp=1500, period="1111"),
    Stretch(first=(11, 13), last=(11, 20), traffic=0.84, orders=0.66),
    Stretch(first=(12, 10), last=(12, 12), traffic=1.3, orders=1.8, discount_bp=800, period="1212"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Each day's weight and terms, oldest first.

    visits, orders  weights that sum to 1
    discount_bp     what is taken off every list price, in 1/10,000
    period          index into `PERIODS`, what the advertisements are about
    """

    visits: Floats
    orders: Floats
    discount_bp: Small
    period: Small


PERIODS: Final = ("", "38", "618", "1111", "1212", "nianhuo")


def calendar_of(plan: Plan, *, month_weights: Floats, rng: np.random.Generator) -> Calendar:
    """How busy each day of the plan is.

    month_weights  demand by calendar month, January first
    """
    days = plan.calendar
    trend = plan.growth ** (np.arange(plan.days) / max(1, plan.days - 1))
    weekday = _WEEKDAYS[[day.weekday() for day in days]]
    noise = np.exp(rng.normal(0, _DAY_NOISE, plan.days))
    usual = trend * weekday * noise * month_weights[plan.month_of_day()]
    special = [_special(day) for day in days]
    visits = usual * [each.traffic for each in special]
    orders = usual * [each.orders for each in special]
    return Calendar(
        visits=visits / visits.sum(),
        orders=orders / orders.sum(),
        discount_bp=np.array([each.discount_bp for each in special], np.int32),
        period=np.array([PERIODS.index(each.period) for each in special], np.int32),
    )


def _special(day: date) -> Stretch:
    for stretch in STRETCHES:
        if stretch.first <= (day.month, day.day) <= stretch.last:
            return stretch
    return _around_new_year(day) or _ORDINARY


def _around_new_year(day: date) -> Stretch | None:
    """Goods for the feast are bought three weeks before it; in the week before and after, couriers rest."""
    for feast in _NEW_YEARS:
        found = _FEAST.get((day - feast) // timedelta(days=1))
        if found is not None:
            return found
    return None


def _always(*, traffic: float, orders: float, discount_bp: int = 0, period: str = "") -> Stretch:
    return Stretch(first=(1, 1), last=(12, 31), traffic=traffic, orders=orders, discount_bp=discount_bp, period=period)


_ORDINARY: Final = _always(traffic=1.0, orders=1.0)
# Days before (negative) and after the first day of the Chinese year.
_FEAST: Final[Mapping[int, Stretch]] = {
    **dict.fromkeys(range(-24, -9), _always(traffic=1.2, orders=1.35, discount_bp=600, period="nianhuo")),
    **dict.fromkeys(range(-9, -3), _always(traffic=0.9, orders=0.72)),
    **dict.fromkeys(range(-3, 4), _always(traffic=0.62, orders=0.38)),
    **dict.fromkeys(range(4, 9), _always(traffic=0.85, orders=0.7)),
}
