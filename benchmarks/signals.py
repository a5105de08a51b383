"""Signals: what was planted into simulated shops is found, how soon and how large; and how often nothing is the matter.

Each seed is a shop with its quiet twin, of which the first months are learnt from; then every day is looked at as a
worker does in the night. There are large shops, whose single day can tell each trouble, and small ones as the harder
case (`benchmarks.troubles`).
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Final

import numpy as np

from benchmarks.number import Number
from benchmarks.troubles import LARGE, QUIET_DAYS, SMALL, Stage, dearest
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.rehearsal import signalled
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY, ZONE, Plan
from zhanggui.doors.rehearsal.simulator.plants import FunnelBreak, Plant, StockOut
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

SMALL_SEEDS: Final = tuple(int(seed) for seed in os.environ.get("SIGNAL_SEEDS", "5,6").split(",") if seed)
LARGE_SEEDS: Final = tuple(int(seed) for seed in os.environ.get("SIGNAL_LARGE_SEEDS", "7,8").split(",") if seed)
WEEK: Final = 7
# The large shop's quiet days are looked at with the first of its seeds alone.
_QUIET_TWINS: Final = 1
# What is found in a quiet shop too, since it is so: buyers sleep, and some words find nothing.
STANDING: Final = frozenset({"sleepers", "second_purchase", "zero_results"})
_BY: Final = job("bench.signals")
_DAY: Final = timedelta(days=1)
_AT: Final = datetime(2026, 10, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A signal as it was raised, and on which day of the plan."""

    on: int
    signal: Signal


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What was raised in a shop, and what was planted there.

    rows     how each trouble was told;  mended how many days after its break was mended it was found last, None if it
             did not stay one signal until then, and nothing where it lasted to the end
    seconds  of this process, the world and its bands included
    """

    raised: tuple[Raised, ...]
    looked_days: int
    seconds: float
    truths: tuple[Truth, ...] = ()
    rows: tuple[Row, ...] = ()
    mended: tuple[int | None, ...] = ()


def measure() -> list[Number]:
    """The bound of false signals is one a week."""
    found: list[Number] = []
    for stage, seeds, twins in ((LARGE, LARGE_SEEDS, _QUIET_TWINS), (SMALL, SMALL_SEEDS, len(SMALL_SEEDS))):
        quiet = [live_quiet(stage, seed) for seed in seeds[:twins]]
        planted = [lived for seed in seeds for lived in live_planted(stage, seed)]
        found += numbers(stage, quiet, planted, seeds=seeds) if seeds else []
    return found


def live_quiet(stage: Stage, seed: int) -> Lived:
    """A shop without troubles, looked at on QUIET_DAYS."""
    began, plan = _cpu_seconds(), replace(stage.plan, shop=f"{stage.name}-quiet{seed}")
    _live(plan, (), seed)
    raised = _looked(plan, first=stage.learnt_days, days=QUIET_DAYS)
    return Lived(raised=raised, looked_days=QUIET_DAYS, seconds=_cpu_seconds() - began)


def live_planted(stage: Stage, seed: int) -> Iterator[Lived]:
    """The same people with each group of troubles; of the small shop after its quiet twin, which says what sells."""
    best = dearest(stage.plan, seed) if stage.is_by_money else _best(f"{stage.name}-quiet{seed}")
    for place, plants in enumerate(stage.plants(seed, best), 1):
        began, plan = _cpu_seconds(), replace(stage.plan, shop=f"{stage.name}-planted{seed}-{place}")
        truths = _live(plan, plants, seed)
        counted = next((plant for plant in reversed(plants) if isinstance(plant, StockOut)), None)
        raised = _looked(plan, first=stage.looked_from, days=stage.looked_days, counted=counted, pieces=stage.pieces)
        yield Lived(
            raised=raised,
            looked_days=stage.looked_days,
            seconds=_cpu_seconds() - began,
            truths=truths,
            rows=tuple(_dues(plan, truths, raised)),
            mended=tuple(_mended(plan, truths, raised, until=stage.looked_from + stage.looked_days)),
        )


def numbers(stage: Stage, quiet: Sequence[Lived], planted: Sequence[Lived], *, seeds: Sequence[int]) -> list[Number]:
    """What came of a stage's quiet shops and of its planted ones."""
    dues = [row for lived in planted for row in lived.rows]
    late = [row.late for row in dues if row.late is not None]
    holds = [row.is_right for row in dues if row.is_right is not None]
    told, explained = (sum(parts) for parts in zip(*(_explained(lived) for lived in planted), strict=True))
    first = (
        f"{stage.name} shops ({', '.join(map(str, seeds))}) of {stage.plan.orders // stage.plan.days:,} orders a day"
    )
    counted = [
        (f"{first}, {len(dues) // len(seeds)} troubles each: raised", _percent(row.late is not None for row in dues)),
        ("raised on their first day", _percent(row.late == 1 for row in dues)),
        *_at_once(dues),
        ("raised within a day of when their data are expected to tell them", _percent(map(_is_soon, dues))),
        ("sizes whose interval (95 %) holds the truth", _percent(holds)),
        ("signals of the planted shops that are about a trouble", 100 * explained / told),
        *_one_signal([after for lived in planted for after in lived.mended]),
    ]
    return [
        *(Number(name=_of(stage, name), value=value, unit="%") for name, value in counted),
        Number(name=_of(stage, "days until raised, median of all"), value=median(late), unit="d"),
        *_by_trouble(stage, dues),
        *_false(stage, quiet),
        *_costs(stage, [*quiet, *planted]),
    ]


def _of(stage: Stage, name: str) -> str:
    return name if name.startswith(stage.name) else f"{stage.name} shops: {name}"


def _is_soon(row: Row) -> bool:
    return row.late is not None and row.late <= row.soonest + 1


def _at_once(dues: Sequence[Row]) -> Iterator[tuple[str, float]]:
    first = [row for row in dues if row.soonest == 1]
    if len(first) < len(dues):
        yield "of those that their first day can tell, raised on it", _percent(row.late == 1 for row in first)


def _one_signal(mended: Sequence[int | None]) -> Iterator[tuple[str, float]]:
    if mended:
        name = "breaks of 40 days that stay one open signal until they are mended"
        yield name, _percent(after is not None for after in mended)
        name = "of these, not found any more from the day on after they were mended"
        yield name, _percent(after <= 1 for after in mended if after is not None)


def _false(stage: Stage, quiet: Sequence[Lived]) -> Iterator[Number]:
    raised = [one for lived in quiet for one in lived.raised]
    false = [one for one in raised if not _is_standing(one.signal)]
    weeks = sum(lived.looked_days for lived in quiet) / WEEK
    yield Number(
        name=_of(stage, f"false signals of {len(quiet)} quiet twins, {QUIET_DAYS} days each"),
        value=len(false) / weeks,
        unit="a week",
        ratio=len(false) / weeks,
        against="one a week",
    )
    yield Number(
        name=_of(stage, "all signals of the quiet twins, what is always so included"),
        value=len(raised) / weeks,
        unit="a week",
    )


def _costs(stage: Stage, every: Sequence[Lived]) -> Iterator[Number]:
    seconds = sum(lived.seconds for lived in every)
    yield Number(
        name=_of(stage, "one look at one day, all detectors, bands and its part of the world included, CPU"),
        value=seconds / sum(lived.looked_days for lived in every),
        unit="s",
    )
    yield Number(name=_of(stage, "this whole measurement, CPU"), value=seconds / 60, unit="min")


def _by_trouble(stage: Stage, dues: Sequence[Row]) -> Iterator[Number]:
    """Days until each kind of trouble is raised, the middle one of the shops, beside the expected day."""
    for key in dict.fromkeys(row.key for row in dues):
        own = [row for row in dues if row.key == key]
        late = sorted(row.late for row in own if row.late is not None)
        soonest = median(row.soonest for row in own)
        if late:
            yield Number(
                name=_of(stage, f"days until raised, {key} ({', '.join(map(str, late))})"),
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


def _looked(
    plan: Plan, *, first: int, days: int, counted: StockOut | None = None, pieces: int = 0
) -> tuple[Raised, ...]:
    """What every night raises, from one of the plan's days on.

    counted  what lies in the shop's own warehouse, so many pieces, and is lost and comes again there
    """
    known, raised = set(), []
    for number in range(first, first + days):
        if counted:
            found = {first: pieces, counted.start: 0, counted.end: pieces}.get(number)
            _count(plan.shop, counted.sku, found, number=number, is_first=number == first)
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


def _mended(plan: Plan, truths: Sequence[Truth], raised: Sequence[Raised], *, until: int) -> Iterator[int | None]:
    """How many days after a broken device was mended it was found last; None if it was not one signal until then."""
    for plant in (truth.plant for truth in truths if isinstance(truth.plant, FunnelBreak)):
        if plant.end + WEEK > until:
            continue
        own = [one for one in raised if one.signal.subject == f"device:{plant.device}"]
        last = (inbox.signal(own[0].signal.id).last_day - plan.first_day).days if own else 0
        yield max(0, last - plant.end + 1) if len(own) == 1 and last >= plant.end - 3 else None


def _count(shop: str, sku: str, pieces: int | None, *, number: int, is_first: bool) -> None:
    """What a clerk counts on the shelf of the shop's own warehouse."""
    if is_first:
        house = Warehouse(code=shop, shop=shop, name_zh=shop)
        warehouse.describe(warehouse=house, trail=Trail(shop=shop), by=_BY)
    if pieces is not None:
        counted, trail = {sku: pieces}, Trail(shop=shop)
        warehouse.count(reference=f"bench/{number}", warehouse=shop, counted=counted, trail=trail, by=_BY)


def _dues(plan: Plan, truths: Sequence[Truth], raised: Sequence[Raised]) -> Iterator[Row]:
    """Of each trouble when it was raised, and whether the interval held the truth then."""
    for truth in truths:
        due = signalled.due(truth.plant)
        if due is None:
            continue
        begins = signalled.begins(truth)
        ordinary = inbox.ordinary_day(plan.shop, plan.first_day + begins * _DAY, at=_AT)
        soonest = signalled.soonest(truth, plan, ordinary_day_minor=ordinary)
        own = [
            one
            for one in raised
            if one.signal.kind in due.kinds
            and one.signal.subject in due.subjects
            and begins <= one.on < truth.plant.end + WEEK
        ]
        if not own:
            yield Row(key=truth.plant.key, late=None, soonest=soonest, is_right=None)
            continue
        first = min(own, key=lambda one: one.on)
        day, signal = plan.first_day + first.on * _DAY, first.signal
        apart = {one.signal.subject for one in own if one.on <= first.on}
        true = signalled.true_minor(truth, plan, day, kind=signal.kind, subject=signal.subject, apart=apart)
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
