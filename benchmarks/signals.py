"""Signals: what was planted into simulated shops is found, how soon and how large; and how often nothing is the matter.

Each seed is a shop of 150 days with its quiet twin. The first sixty days are learnt from, then every day is looked at
as a worker does in the night.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import Final

import numpy as np

from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.rehearsal import catalogue, signalled
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY, ZONE, Plan
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
from zhanggui.doors.rehearsal.simulator.world import simulate
from zhanggui.insight.alerts import actions as alerts
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake import queries
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.signals import actions as signals
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals.rules import Signal
from zhanggui.supply.stock import actions as warehouse
from zhanggui.supply.stock.rules import Warehouse

SEEDS: Final = tuple(int(seed) for seed in os.environ.get("SIGNAL_SEEDS", "5,6,7,8").split(","))
LEARNT_DAYS: Final = 60
WEEK: Final = 7
# What lies in the own warehouse of what is counted there, unless it is lost.
PIECES: Final = 500
# Dear enough that a few orders a day with two coupons matter.
HEAPED: Final = "BAG-TOTE-TONGQIN"
PLAN: Final = Plan(
    shop="signals",
    goods=tuple(
        replace(one, season="even", category=replace(one.category, month_weights=(1.0,) * 12))
        for one in catalogue.goods()
    ),
    last_day=date(2026, 10, 22),
    days=150,
    sightings=375_000,
    orders=17_500,
    growth=1.0,
)
# What is found in a quiet shop too, since it is so: buyers sleep, and some words find nothing.
STANDING: Final = frozenset({"sleepers", "second_purchase", "zero_results"})
_BY: Final = job("bench.signals")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A signal as it was raised, and on which day of the plan."""

    on: int
    signal: Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What was raised in a shop, and what was planted there."""

    raised: tuple[Raised, ...]
    truths: tuple[Truth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How a trouble was told.

    late      on which of its days, the first being 1; None if never
    soonest   the day on which its data are expected to tell it, to somebody who knows what to look at; luck moves it
    is_right  whether the interval of its size held the truth then
    """

    key: str
    late: int | None
    soonest: int
    is_right: bool | None


def measure() -> list[Number]:
    """The bound of false signals is one a week."""
    began = _cpu_seconds()
    both = [_both(seed) for seed in SEEDS]
    return numbers(both, seeds=SEEDS, cpu_seconds=_cpu_seconds() - began)


def numbers(both: Sequence[tuple[Lived, Lived]], *, seeds: Sequence[int], cpu_seconds: float) -> list[Number]:
    """What came of quiet shops and their planted twins.

    cpu_seconds  of this process, worlds and bands included
    """
    quiet = [one for lived, _ in both for one in lived.raised]
    false_quiet = [one for one in quiet if not _is_standing(one.signal)]
    weeks = len(both) * (PLAN.days - LEARNT_DAYS) / 7
    planted = [lived for _, lived in both]
    dues = [row for lived in planted for row in _dues(lived)]
    told, explained = (sum(parts) for parts in zip(*(_explained(lived) for lived in planted), strict=True))
    late = [row.late for row in dues if row.late is not None]
    holds = [row.is_right for row in dues if row.is_right is not None]
    at_once = [row for row in dues if row.soonest == 1]
    lasting = [_stays_one(lived) for lived in planted]
    name = f"{len(both)} shops ({', '.join(map(str, seeds))}), {len(dues) // len(both)} troubles each, 90 days"
    return [
        Number(name=f"{name}: troubles raised", value=_percent(row.late is not None for row in dues), unit="%"),
        Number(name="raised on their first day", value=_percent(row.late == 1 for row in dues), unit="%"),
        Number(
            name="of those that their first day can tell, raised on it",
            value=_percent(row.late == 1 for row in at_once),
            unit="%",
        ),
        Number(
            name="raised within a day of when their data are expected to tell them",
            value=_percent(row.late is not None and row.late <= row.soonest + 1 for row in dues),
            unit="%",
        ),
        Number(name="days until raised, median of all", value=median(late), unit="d"),
        *_by_trouble(dues),
        Number(
            name="breaks of 40 days that stay one open signal until they are mended, and close within a week of it",
            value=_percent(lasting),
            unit="%",
        ),
        Number(name="sizes whose interval (95 %) holds the truth", value=_percent(holds), unit="%"),
        Number(name="signals of the planted shops that are about a trouble", value=100 * explained / told, unit="%"),
        Number(
            name="false signals of their quiet twins",
            value=len(false_quiet) / weeks,
            unit="a week",
            ratio=len(false_quiet) / weeks,
            against="one a week",
        ),
        Number(
            name="all signals of the quiet twins, what is always so included", value=len(quiet) / weeks, unit="a week"
        ),
        Number(
            name="one look at one day, all detectors, bands and its part of the world included, CPU",
            value=cpu_seconds / (2 * len(both) * (PLAN.days - LEARNT_DAYS)),
            unit="s",
        ),
        Number(name="this whole measurement, CPU", value=cpu_seconds / 60, unit="min"),
    ]


def _by_trouble(dues: Sequence[Row]) -> Iterator[Number]:
    """Days until each kind of trouble is raised, the middle one of the shops, beside the expected day."""
    for key in dict.fromkeys(row.key for row in dues):
        own = [row for row in dues if row.key == key]
        late = sorted(row.late for row in own if row.late is not None)
        soonest = median(row.soonest for row in own)
        if late:
            yield Number(
                name=f"days until raised, {key} ({', '.join(map(str, late))})",
                value=median(late),
                unit="d",
                ratio=median(late) / soonest,
                against=f"day {soonest:g}, when its data are expected to tell it",
            )


def _percent(said: Iterable[bool]) -> float:
    every = list(said)
    return 100 * sum(every) / len(every)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _is_standing(signal: Signal) -> bool:
    """Whether a signal is one that a quiet shop has too; that a day's searches fail by more than ever is none."""
    return signal.kind in STANDING and (signal.kind != "zero_results" or signal.subject != "")


def _both(seed: int) -> tuple[Lived, Lived]:
    quiet = replace(PLAN, shop=f"quiet{seed}")
    _live(quiet, (), seed)
    plants = _plants(seed, _best(quiet.shop))
    planted = replace(PLAN, shop=f"planted{seed}")
    truths = _live(planted, plants, seed)
    counted = next(plant for plant in reversed(plants) if isinstance(plant, StockOut))
    return Lived(raised=_looked(quiet)), Lived(raised=_looked(planted, counted=counted), truths=truths)


def _live(plan: Plan, plants: Sequence[Plant], seed: int) -> tuple[Truth, ...]:
    shops.open_shop(shop=Shop(code=plan.shop, name=plan.shop, zone=ZONE, currency=CURRENCY, kind=ShopKind.OWN))
    world = simulate(plan, np.random.default_rng(seed), plants=plants)
    for month in world.months():
        lake.append(f"bench/{plan.shop}/{month.first_day}", month.events, shop=plan.shop)
    lake.roll(plan.shop)
    for first, last in ((date(2026, 6, 16), date(2026, 6, 20)), (date(2026, 9, 9), date(2026, 9, 10))):
        alerts.know(shop=plan.shop, name=f"sale {first}", first=first, last=last)
    return world.truths()


def _best(shop: str) -> list[str]:
    """What sells most often."""
    table = queries.rollup(shop, "sku_days")
    rows = queries.ask(
        f"select sku from {table} where kind = 'paid' group by sku order by sum(orders) desc, sku limit 8"
    )
    return [sku for (sku,) in rows]


def _plants(seed: int, best: Sequence[str]) -> tuple[Plant, ...]:
    """Thirteen troubles, each on other days in each shop, about what sells most.

    What the shop's own warehouse counts as lost is one of them. Balances of presales are none: they stand in the books
    of a shop that runs here, not in the lake; `simulator.presold` draws them, and the tests of signals book them.
    """
    rng = np.random.default_rng(seed)
    first = [LEARNT_DAYS + int(day) for day in rng.integers(1, 30, 13)]
    out, dearer, back, faked, leaked, _, dead, own = best
    return (
        FunnelBreak(start=first[0], days=40, device="tablet"),
        SearchGaps(start=first[1], days=20, words=("咖啡机", "空气炸锅", "电热水壶"), share=0.15),
        StockOut(start=first[2], days=14, sku=out),
        PriceResponse(start=first[3], days=60, sku=dearer, price_rate=1.3, elasticity=-3.0),
        ChurnWave(start=max(first[4], 78), days=60, region="广东", share=0.6),
        ChannelQuality(start=first[5] + 20, days=20, channel="paid_social", quality=0.35),
        FakeRing(start=first[6] + 40, days=4, sku=faked, region="福建", people=6, orders=220),
        ReturnSpike(start=first[7], days=60, sku=back, share=0.4),
        LateParcels(start=first[8] + 20, days=4, days_late=3),
        CouponLeak(
            start=first[9] + 30,
            days=4,
            sku=leaked,
            region="湖北",
            people=3,
            orders=120,
            offer="0192f0c1-0000-7000-8000-00000000c0de",
            discount_bp=3_000,
        ),
        CouponHeap(
            start=first[10] + 20,
            days=27,
            sku=HEAPED,
            quiet_days=25,
            orders=4,
            offers=("0192f0c1-0000-7000-8000-00000000c0d1", "0192f0c1-0000-7000-8000-00000000c0d2"),
            discount_bp=3_000,
        ),
        DeadStock(start=first[11], days=80, sku=dead),
        StockOut(start=first[12] + 20, days=14, sku=own),
    )


def _looked(plan: Plan, *, counted: StockOut | None = None) -> tuple[Raised, ...]:
    """What every night raises.

    counted  what lies in the shop's own warehouse, and is lost and comes again there
    """
    known, raised = set(), []
    for number in range(LEARNT_DAYS, plan.days):
        if counted:
            _count(plan.shop, counted, number)
        day = plan.first_day + number * _DAY
        at = clock.span_of(day, ZONE)[1] + alerts.SETTLED_AFTER
        alerts.look(shop=plan.shop, at=at, by=_BY)
        if not signals.look(shop=plan.shop, day=day, at=at, by=_BY):
            continue
        for one in inbox.signals(plan.shop, Period(day, day + _DAY)):
            if one.id not in known:
                known.add(one.id)
                raised.append(Raised(on=number, signal=one))
    return tuple(raised)


def _stays_one(lived: Lived) -> bool:
    """Whether a shop's broken device is one signal, found until the day on which it is mended and not much longer."""
    (plant,) = (truth.plant for truth in lived.truths if isinstance(truth.plant, FunnelBreak))
    own = [one for one in lived.raised if one.signal.subject == f"device:{plant.device}"]
    if len(own) != 1:
        return False
    last = (inbox.signal(own[0].signal.id).last_day - PLAN.first_day).days
    return plant.end - 3 <= last < plant.end + 2


def _count(shop: str, lost: StockOut, number: int) -> None:
    """What a clerk counts on the shelf of the shop's own warehouse."""
    pieces = {LEARNT_DAYS: PIECES, lost.start: 0, lost.end: PIECES}.get(number)
    if pieces is None:
        return
    if number == LEARNT_DAYS:
        house = Warehouse(code=shop, shop=shop, name_zh=shop)
        warehouse.describe(warehouse=house, trail=Trail(shop=shop), by=_BY)
    counted = {lost.sku: pieces}
    warehouse.count(reference=f"bench/{number}", warehouse=shop, counted=counted, trail=Trail(shop=shop), by=_BY)


def _dues(lived: Lived) -> Iterator[Row]:
    """Of each trouble when it was raised, and whether the interval held the truth then."""
    for truth in lived.truths:
        due = signalled.due(truth.plant)
        if due is None:
            continue
        begins, soonest = signalled.begins(truth.plant), signalled.soonest(truth, PLAN)
        own = [
            one
            for one in lived.raised
            if one.signal.kind in due.kinds
            and one.signal.subject in due.subjects
            and begins <= one.on < truth.plant.end + WEEK
        ]
        if not own:
            yield Row(key=truth.plant.key, late=None, soonest=soonest, is_right=None)
            continue
        first = min(own, key=lambda one: one.on)
        day, signal = PLAN.first_day + first.on * _DAY, first.signal
        true = signalled.true_minor(truth, PLAN, day, kind=signal.kind, subject=signal.subject)
        is_right = signal.size.low_minor <= true <= signal.size.high_minor
        yield Row(key=truth.plant.key, late=first.on - begins + 1, soonest=soonest, is_right=is_right)


def _explained(lived: Lived) -> tuple[int, int]:
    """How many signals were raised beside what is always so, and how many of them are about a trouble."""
    plants = [truth.plant for truth in lived.truths]
    told = [
        one
        for one in lived.raised
        if not _is_standing(one.signal) or signalled.plants_about(plants, one.signal.subject, day_number=one.on)
    ]
    about = [one for one in told if _is_about(plants, one)]
    return len(told), len(about)


def _is_about(plants: Sequence[Plant], one: Raised) -> bool:
    """Whether a trouble is what the signal speaks of, or moves the whole shop on that day."""
    if one.signal.subject in ("", "money"):
        return any(plant.start <= one.on < plant.end + WEEK for plant in plants)
    return bool(signalled.plants_about(plants, one.signal.subject, day_number=one.on))
