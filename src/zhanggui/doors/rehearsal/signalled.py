"""What signals have to say about what was planted: which one, how soon, and how large it truly is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, comb, exp, lgamma, log
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
from zhanggui.steer.signals.rules import DAILY_FALSE
from zhanggui.steer.signals.rules.learning import LEAST_SHARE

_DAY: Final = timedelta(days=1)
# The days that the sizes of these detectors are about.
_WEEK: Final = 7
_WAVE_DAYS: Final = 21
_RETURN_DAYS: Final = 14
_LEAK_DAYS: Final = 14
_LEAD_DAYS: Final = 7
_SEARCH_DAYS: Final = 28
# Regions and channels with enough orders to say something of.
_CELLS: Final = 40
# Who has bought comes to look on twice as many days as they order on.
_COMES_AS_OFTEN: Final = 2
# By the end of the second day after they paid most buyers have it in their hands and can ask it back.
_IN_HAND_AFTER: Final = 2
# Of what comes back so much is asked back by so many days after the payment, as the simulator draws it.
_ASKED_BACK_BY: Final = (0.0, 0.03, 0.13, 0.27, 0.43, 0.61, 0.78, 0.92, 0.98)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A signal that a plant has to raise.

    kinds     of the signal, any of them
    subjects  of the signals, one each for what the plant is about; an empty one tells all of it together
    within    on how many days, the first of the plant included, it has to be found. One, unless a day cannot tell: a
              channel that gets worse shows in a week; fewer orders of one of many goods, fewer of a region's buyers and
              goods that are sent back are more than chance after some
    """

    kinds: tuple[str, ...]
    subjects: tuple[str, ...]
    within: int


def due(plant: Plant) -> Due | None:
    """What a plant has to raise; None of a promotion, which is no trouble."""
    match plant:
        case FunnelBreak():
            return _due("funnel_break", f"device:{plant.device}", also="funnel_slip")
        case ChannelQuality():
            return _due("funnel_slip", f"channel:{plant.channel}", within=14, also="funnel_break")
        case PriceResponse():
            return _due("price_response", f"sku:{plant.sku}", within=28)
        case ChurnWave():
            return _due("churn_wave", f"region:{plant.region}", within=28)
        case CouponLeak():
            return _due("coupon_leak", f"offer:{plant.offer}")
        case CouponHeap():
            return _due("stacking", "")
        case DeadStock():
            return _due("dead_stock", f"sku:{plant.sku}", within=60)
        case FakeRing():
            return _due("fake_ring", f"sku:{plant.sku}")
        case StockOut():
            return _due("stockout_ahead", f"sku:{plant.sku}")
        case SearchGaps():
            return _due("zero_results", "", *(f"query:{word}" for word in plant.words), within=3)
        case LateParcels():
            return _due("late_parcels", "")
        case ReturnSpike():
            return _due("return_spike", f"sku:{plant.sku}", within=28)
        case _:
            return None


def begins(truth: Truth) -> int:
    """The first day on which a plant is a trouble.

    One coupon is none, two on top of each other are. A bad lot is one on the day by whose end most of its first buyers
    have it in their hands, two days after they paid: before that nobody knows, the buyers included. Of what nobody buys
    any more it is the first day without a payment, for who ordered before midnight may pay after it.
    """
    match truth.plant:
        case CouponHeap() as plant:
            return plant.heaps_from
        case ReturnSpike() as plant:
            return plant.start + _IN_HAND_AFTER
        case plant:
            return plant.start if truth.begins is None else truth.begins


def soonest(truth: Truth, plan: Plan, *, ordinary_day_minor: int) -> int:
    """On which day of a trouble its data are expected to tell it, the first being 1, which is that of `begins`.

    For somebody who knows what to look at, since when, and what is usual; who is wrong as seldom as detectors are, and
    to whom it happens as it does on average: luck can bring it sooner or later. Orders that do not come are told once
    so few of those that were due are no chance; goods that come back once so many are. Nothing is told before it is
    worth LEAST_SHARE of an ordinary day: less is no signal.

    source  Poisson and binomial tails at DAILY_FALSE over the cells that are looked at
    """
    return max(_tellable(truth, plan), _worth_telling(truth, plan, LEAST_SHARE * ordinary_day_minor))


def _worth_telling(truth: Truth, plan: Plan, least_minor: float) -> int:
    """From which of its days on a trouble's size is as large."""
    found, first = due(truth.plant), begins(truth)
    if found is None:
        return 1
    kind, subject = found.kinds[0], found.subjects[0]
    days = ((n, plan.first_day + (first + n) * _DAY) for n in range(min(truth.plant.end, plan.days) - first))
    enough = (n for n, day in days if true_minor(truth, plan, day, kind=kind, subject=subject) >= least_minor)
    return next(enough, 0) + 1


def _tellable(truth: Truth, plan: Plan) -> int:
    """On which of its days a trouble is no chance any more."""
    plant = truth.plant
    days = min(plant.end, plan.days) - plant.start
    match plant:
        case ChannelQuality():
            return _fewer(truth.planted.count / truth.without.count, of=truth.without.count / days, cells=_CELLS)
        case ChurnWave():
            return _fewer(1 - plant.share, of=_COMES_AS_OFTEN * truth.without.count / days, cells=_CELLS)
        case PriceResponse():
            return _fewer(plant.demand_rate, of=truth.without.count / days, cells=1)
        case DeadStock():
            return _fewer(0.0, of=truth.without.count / days, cells=len(plan.goods))
        case ReturnSpike():
            daily = truth.without.of / days
            return _asked_back(_more(truth.planted.rate, truth.without.rate, cells=len(plan.goods)) / daily)
        case _:
            return 1


def true_minor(
    truth: Truth, plan: Plan, day: date, *, kind: str, subject: str, apart: Collection[str] = frozenset()
) -> float:
    """How large a plant's trouble truly is, as a signal that is due says it on a day.

    A break or a ring, and what all words together found nothing for: of that day. What is out of stock: of the week
    that comes. The others: of the weeks or days that the detector looks back; of several words each its own.

    apart  the subjects of words that are told one by one, of which all words together say nothing
    """
    if isinstance(truth.plant, SearchGaps):
        return _lost(truth, day, subject=subject, apart=apart)
    if kind == "funnel_break":
        return _of(truth, day, day, key="amount_minor")
    return _SIZES[type(truth.plant)](truth, plan, day)


def is_about(plant: Plant, subject: str) -> bool:
    """Whether a signal speaks of what a plant is about, whichever kind it is."""
    cells = ("device", "channel", "region", "sku", "offer", "category")
    named = {f"{cell}:{getattr(plant, cell)}" for cell in cells if getattr(plant, cell, "")}
    return subject in named | {f"query:{word}" for word in getattr(plant, "words", ())}


def _due(kind: str, *subjects: str, within: int = 1, also: str = "") -> Due:
    return Due(kinds=(kind, also) if also else (kind,), subjects=subjects, within=within)


def _fewer(left: float, *, of: float, cells: int) -> int:
    """After how many days so few are left of so many a day that it is no chance in any of so many cells."""
    due = 1
    while _poisson_at_most(int(left * due), due) > DAILY_FALSE / cells:
        due += 1
    return ceil(due / of)


def _more(now: float, usual: float, *, cells: int) -> int:
    """Of how many orders it is no chance that this share comes back where that one is usual."""
    orders = 1
    while _binomial_at_least(ceil(now * orders), orders, usual) > DAILY_FALSE / cells:
        orders += 1
    return orders


def _asked_back(days: float) -> int:
    """On which day of a bad lot so many days' orders of it would be asked back already, if all were."""
    passed, by_now = 0, 0.0
    while by_now < days:
        by_now += _ASKED_BACK_BY[min(passed, len(_ASKED_BACK_BY) - 1)]
        passed += 1
    return max(1, passed - _IN_HAND_AFTER)


def _poisson_at_most(count: int, mean: float) -> float:
    return sum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(count + 1))


def _binomial_at_least(count: int, of: int, share: float) -> float:
    return sum(comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(count, of + 1))


def _of(truth: Truth, first: date, last: date, *, key: str) -> int:
    changes: list[int] = [getattr(one, key) for one in truth.changes if first <= one.day <= last]
    return abs(sum(changes))


def _lost(truth: Truth, day: date, *, subject: str, apart: Collection[str]) -> int:
    """What one word found nothing for in four weeks, or on a day all words but those that are told apart."""
    first = day - (_SEARCH_DAYS - 1) * _DAY if subject else day
    subjects = {f"query:{word}": changes for word, changes in truth.parts.items()}
    meant = (changes for own, changes in subjects.items() if (own == subject if subject else own not in apart))
    return abs(sum(one.amount_minor for changes in meant for one in changes if first <= one.day <= day))


def _touched(truth: Truth, first: date, last: date) -> int:
    return sum(minor for day, minor in truth.stakes.items() if first <= day <= last)


def _back(days: int, *, key: str) -> Callable[[Truth, Plan, date], int]:
    return lambda truth, plan, day: _of(truth, day - (days - 1) * _DAY, day, key=key)


def _stakes(days: int) -> Callable[[Truth, Plan, date], int]:
    return lambda truth, plan, day: _touched(truth, day - (days - 1) * _DAY, day)


_SIZES: Final[Mapping[type[Plant], Callable[[Truth, Plan, date], int]]] = {
    FunnelBreak: _back(_WEEK, key="amount_minor"),
    ChannelQuality: _back(_WEEK, key="amount_minor"),
    PriceResponse: lambda truth, plan, day: _of(truth, plan.first_day, day, key="goods_minor"),
    ChurnWave: _back(_WAVE_DAYS, key="amount_minor"),
    FakeRing: _back(1, key="goods_minor"),
    StockOut: lambda truth, plan, day: _of(truth, day + _DAY, day + _LEAD_DAYS * _DAY, key="goods_minor"),
    LateParcels: _stakes(1),
    ReturnSpike: _stakes(_RETURN_DAYS),
    CouponLeak: _stakes(_LEAK_DAYS),
    CouponHeap: _stakes(1),
    DeadStock: _stakes(1),
}


def plants_about(plants: Iterable[Plant], subject: str, *, day_number: int) -> tuple[Plant, ...]:
    """The plants that had begun by a day, counted from the plan's first, and that a signal speaks of."""
    return tuple(plant for plant in plants if plant.start <= day_number and is_about(plant, subject))
