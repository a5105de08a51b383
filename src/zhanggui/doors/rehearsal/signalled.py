"""What signals have to say about what was planted: which one, how soon, and how large it truly is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhanggui.doors.rehearsal.simulator.plan import Plan
from zhanggui.doors.rehearsal.simulator.plants import (
    ChannelQuality,
    ChurnWave,
    CouponHeap,
    CouponLeak,
    DeadStock,
    FakeRing,
    FunnelBreak,
    LateParcels,
    Plant,
    PriceResponse,
    ReturnSpike,
    SearchGaps,
    StockOut,
)
from zhanggui.doors.rehearsal.simulator.truths import Truth

_DAY: Final = timedelta(days=1)
# The days that the sizes of these detectors are about.
_WEEK: Final = 7
_WAVE_DAYS: Final = 21
_RETURN_DAYS: Final = 14
_LEAK_DAYS: Final = 14
_LEAD_DAYS: Final = 7
_SEARCH_DAYS: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A signal that a plant has to raise.

    subjects  of the signals, one each for what the plant is about
    within    on how many days, the first of the plant included, it has to be found. One, unless a day cannot tell:
              parcels are late after their two days; a channel that gets worse shows in a week; fewer orders of one of
              many goods, fewer of a region's buyers and goods that are sent back are more than chance after some
    """

    kind: str
    subjects: tuple[str, ...]
    within: int


def due(plant: Plant) -> Due | None:
    """What a plant has to raise; None of a promotion, which is no trouble."""
    match plant:
        case FunnelBreak():
            return _due("funnel_break", f"device:{plant.device}")
        case ChannelQuality():
            return _due("funnel_slip", f"channel:{plant.channel}", within=14)
        case PriceResponse():
            return _due("price_response", f"sku:{plant.sku}", within=28)
        case ChurnWave():
            return _due("churn_wave", f"region:{plant.region}", within=28)
        case CouponLeak():
            return _due("coupon_leak", f"offer:{plant.offer}")
        case CouponHeap():
            return _due("stacking", "", within=plant.quiet_days + 1)
        case DeadStock():
            return _due("dead_stock", f"sku:{plant.sku}", within=60)
        case FakeRing():
            return _due("fake_ring", f"sku:{plant.sku}")
        case StockOut():
            return _due("stockout_ahead", f"sku:{plant.sku}")
        case SearchGaps():
            return _due("zero_results", *(f"query:{word}" for word in plant.words), within=3)
        case LateParcels():
            return _due("late_parcels", "", within=3)
        case ReturnSpike():
            return _due("return_spike", f"sku:{plant.sku}", within=28)
        case _:
            return None


def true_minor(truth: Truth, plan: Plan, day: date) -> int:
    """How large a plant's trouble truly is, as the signals that are due say it on a day, all of its subjects together.

    A break or a ring: of that day. What is out of stock: of the week that comes. The others: of the weeks or days that
    the detector looks back.
    """
    return _SIZES[type(truth.plant)](truth, plan, day)


def is_about(plant: Plant, subject: str) -> bool:
    """Whether a signal speaks of what a plant is about, whichever kind it is."""
    cells = ("device", "channel", "region", "sku", "offer", "category")
    named = {f"{cell}:{getattr(plant, cell)}" for cell in cells if getattr(plant, cell, "")}
    return subject in named | {f"query:{word}" for word in getattr(plant, "words", ())}


def _due(kind: str, *subjects: str, within: int = 1) -> Due:
    return Due(kind=kind, subjects=subjects, within=within)


def _of(truth: Truth, first: date, last: date, *, key: str) -> int:
    changes: list[int] = [getattr(one, key) for one in truth.changes if first <= one.day <= last]
    return abs(sum(changes))


def _touched(truth: Truth, first: date, last: date) -> int:
    return sum(minor for day, minor in truth.stakes.items() if first <= day <= last)


def _back(days: int, *, key: str) -> Callable[[Truth, Plan, date], int]:
    return lambda truth, plan, day: _of(truth, day - (days - 1) * _DAY, day, key=key)


def _stakes(days: int) -> Callable[[Truth, Plan, date], int]:
    return lambda truth, plan, day: _touched(truth, day - (days - 1) * _DAY, day)


_SIZES: Final[Mapping[type[Plant], Callable[[Truth, Plan, date], int]]] = {
    FunnelBreak: _back(1, key="amount_minor"),
    ChannelQuality: _back(_WEEK, key="amount_minor"),
    PriceResponse: lambda truth, plan, day: _of(truth, plan.first_day, day, key="goods_minor"),
    ChurnWave: _back(_WAVE_DAYS, key="amount_minor"),
    FakeRing: _back(1, key="goods_minor"),
    StockOut: lambda truth, plan, day: _of(truth, day + _DAY, day + _LEAD_DAYS * _DAY, key="goods_minor"),
    SearchGaps: _back(_SEARCH_DAYS, key="amount_minor"),
    LateParcels: _stakes(1),
    ReturnSpike: _stakes(_RETURN_DAYS),
    CouponLeak: _stakes(_LEAK_DAYS),
    CouponHeap: _stakes(1),
    DeadStock: _stakes(1),
}


def plants_about(plants: Iterable[Plant], subject: str, *, day_number: int) -> tuple[Plant, ...]:
    """The plants that had begun by a day, counted from the plan's first, and that a signal speaks of."""
    return tuple(plant for plant in plants if plant.start <= day_number and is_about(plant, subject))
