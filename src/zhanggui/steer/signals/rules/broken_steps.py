"""A step of the way to an order that fewer visits take on one device, by one channel or in one region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals.rules.chances import Spread, next_share
from zhanggui.steer.signals.rules.multiplicity import DAILY_FALSE, askable, corrected

PLACES: Final = ("device", "channel", "region")
# What a visit comes to at least: it came, saw a product, put one into the cart, went to the checkout, ordered.
STEPS: Final = ("visit", "view", "add", "checkout", "order")
LEAST_DAYS: Final = 14
MOST_BREAKS: Final = 3
# Of all others, which say how the day is.
_LEAST_VISITS: Final = 10
_LEAST_TAKEN: Final = 10
# Days scatter by more than chance; counts are made smaller by so much. More of them than this say no more.
_MOST_COUNTED: Final = 20_000
_LOW, _HIGH = 0.025, 0.975
# What was broken the day before is likely to be still: of this many that were mended one is told once more.
_STILL_FALSE: Final = 0.05

Where = tuple[str, str, str]
Counts = tuple[int, int, int, int, int]
_NONE: Final[Counts] = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A step that fewer visits took than usual.

    place, cell  such as device, tablet;  step the place of the step among STEPS
    taken, of    visits that took it, of those that came so far
    usual        the share that was to be expected, by the cell's own past, and by how the others did on the day
    others       the share of all other cells on the day
    lost         orders that did not come, with 95 %
    chance       that so few took it by chance, corrected for all cells and steps
    tests        how many there were
    """

    place: str
    cell: str
    step: int
    taken: int
    of: int
    usual: float
    others: float
    lost: float
    lost_low: float
    lost_high: float
    chance: float
    tests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A step of a cell; least is the chance if nobody had taken it."""

    index: int
    cell: str
    step: int
    taken: int
    of: int
    usual: float
    others: float
    lost: tuple[float, float, float]
    chance: float
    least: float


def breaks(
    days: Mapping[date, Mapping[Where, Counts]],
    day: date,
    *,
    false_share: float = DAILY_FALSE,
    standing: Collection[str] = (),
) -> tuple[Break, ...]:
    """The breaks of a day, the surest first.

    Each step of each cell is held against its own share in the days before; if all other cells took the step less
    often that day, so much less is expected of this one too. Shares scatter from day to day by more than chance, and
    the counts are made smaller by as much. Of all that falls out, the surest is taken, its visits are left out of
    everything, and the rest is looked at again: tablets that break in every region are one break.
    What could not be told whatever came of it, for too few came so far, is no question and is not corrected for.
    A cell that was broken already is one of few and not of all: a thin day would else say nothing of it, and close what
    is not mended.

    days         visits by day and (device, channel, region): how many came so far at least, by step; the day itself
                 and those before it
    false_share  of how many days may a quiet shop have a break
    standing     the subjects of breaks that are not over, such as device:tablet
    source  `chances.next_share`; Benjamini and Hochberg as in `multiplicity`; overdispersion: McCullagh and Nelder,
            Generalized Linear Models, 2nd ed., section 4.5; `multiplicity.askable`
    """
    past = [counts for when, counts in sorted(days.items()) if when < day]
    now = dict(days.get(day, {}))
    if len(past) < LEAST_DAYS or not now:
        return ()
    found: list[Break] = []
    while len(found) < MOST_BREAKS:
        tried = list(_tries(now, past))
        again = [one for one in tried if _subject(one) in standing]
        others = [one for one in tried if _subject(one) not in standing]
        told = [*_told(again, _STILL_FALSE), *_told(others, false_share)]
        if not told:
            break
        one, chance, tests = min(told, key=lambda each: (each[1], -each[0].lost[1], each[0].cell))
        found.append(_break(one, chance=chance, tests=tests))
        now = {where: counts for where, counts in now.items() if where[one.index] != one.cell}
        past = [{where: c for where, c in counts.items() if where[one.index] != one.cell} for counts in past]
    return tuple(found)


def _told(tried: Sequence[_Tried], false_share: float) -> Iterable[tuple[_Tried, float, int]]:
    """Those that so few took by no chance, with the chance after all and among how many it was looked for."""
    could = askable([one.least for one in tried], false_share=false_share)
    asked = [one for one, can in zip(tried, could, strict=True) if can]
    chances = corrected([one.chance for one in asked])
    return ((one, chance, len(asked)) for one, chance in zip(asked, chances, strict=True) if chance <= false_share)


def _subject(one: _Tried) -> str:
    return f"{PLACES[one.index]}:{one.cell}"


def _break(one: _Tried, *, chance: float, tests: int) -> Break:
    low, lost, high = one.lost
    return Break(
        place=PLACES[one.index],
        cell=one.cell,
        step=one.step,
        taken=one.taken,
        of=one.of,
        usual=one.usual,
        others=one.others,
        lost=lost,
        lost_low=low,
        lost_high=high,
        chance=chance,
        tests=tests,
    )


def _tries(now: Mapping[Where, Counts], past: Sequence[Mapping[Where, Counts]]) -> Iterable[_Tried]:
    everywhere, ever = _sum(now.values()), _sum(counts for day in past for counts in day.values())
    for index in range(len(PLACES)):
        today = _by_cell(now, index)
        before = [_by_cell(day, index) for day in past]
        for cell in sorted(today):
            own = [day.get(cell, _NONE) for day in before]
            if cell and len(today) > 1:
                yield from _tries_of(index, cell, today[cell], own, everywhere, ever)


def _tries_of(
    index: int, cell: str, today: Counts, own: Sequence[Counts], everywhere: Counts, ever: Counts
) -> Iterable[_Tried]:
    past = _sum(own)
    for step in range(1, len(STEPS)):
        taken, of = today[step], today[step - 1]
        usually, usually_of = past[step], past[step - 1]
        others, others_of = everywhere[step] - taken, everywhere[step - 1] - of
        then, then_of = ever[step] - usually, ever[step - 1] - usually_of
        if not of or usually < _LEAST_TAKEN or others_of < _LEAST_VISITS or not then:
            continue
        moved = min(1.0, (others / others_of) / (then / then_of))
        if taken / of >= moved * usually / usually_of:
            continue
        scale = max(scatter([(day[step], day[step - 1]) for day in own]), of / _MOST_COUNTED)
        spread = next_share((usually * moved / scale, usually_of / scale), of=max(1, round(of / scale)))
        yield _Tried(
            index=index,
            cell=cell,
            step=step,
            taken=taken,
            of=of,
            usual=moved * usually / usually_of,
            others=others / others_of,
            lost=_lost(spread, taken, scale, past[-1] / usually),
            chance=spread.at_most(round(taken / scale)),
            least=spread.at_most(0),
        )


def scatter(shares: Sequence[tuple[int, int]]) -> float:
    """By how many times more the shares of days vary than by chance alone; at least 1.

    source  Pearson's chi-square over its degrees of freedom, McCullagh and Nelder as above;
            (10 of 100), (30 of 100) -> 12.5
    """
    known = [(count, of) for count, of in shares if of]
    taken, all_of = sum(count for count, _ in known), sum(of for _, of in known)
    if len(known) < 2 or not 0 < taken < all_of:
        return 1.0
    share = taken / all_of
    chi_square = sum((count - of * share) ** 2 / (of * share * (1 - share)) for count, of in known)
    return max(1.0, chi_square / (len(known) - 1))


def together(days: Iterable[Mapping[Where, Counts]]) -> dict[Where, Counts]:
    """The visits of several days as if they were one."""
    found: defaultdict[Where, list[Counts]] = defaultdict(list)
    for counts in days:
        for where, one in counts.items():
            found[where].append(one)
    return {where: _sum(ones) for where, ones in found.items()}


def of_all(found: Iterable[Break], everybody: Mapping[Where, Counts] | None) -> Iterator[Break]:
    """Breaks with the orders that they cost among all visits, where some were left out when they were looked for.

    found      as `breaks` tells them: each without the visits of those before it
    everybody  all visits of their days; None where nobody was left out
    source     our own: who was left out lost as much as the others, and no more than of what is usual they did not do.
               3 orders lost where 10 of 40 took a step that 20 would take; of 20 left out who took it 5 -> 4.5 orders,
               8 -> 3.6, 12 -> 3
    """
    for one in found:
        yield one if everybody is None else _of_all(one, everybody)
        if everybody is not None:
            index = PLACES.index(one.place)
            everybody = {where: counts for where, counts in everybody.items() if where[index] != one.cell}


def _of_all(one: Break, everybody: Mapping[Where, Counts]) -> Break:
    counts = _by_cell(everybody, PLACES.index(one.place)).get(one.cell, _NONE)
    came, took = counts[one.step - 1] - one.of, counts[one.step] - one.taken
    lacking = (one.usual * came - took) / (one.usual * one.of - one.taken)
    times = 1 + max(0.0, min(came / one.of, lacking))
    return replace(one, lost=one.lost * times, lost_low=one.lost_low * times, lost_high=one.lost_high * times)


def spared(
    days: Mapping[date, Mapping[Where, Counts]], broken: Mapping[str, Sequence[Period]]
) -> dict[date, Mapping[Where, Counts]]:
    """The same days without the visits of cells that were known to be broken on them.

    A break would else become what is usual of its cell, and be told no more while it lasts.

    broken  on which days, by subject, such as device:tablet
    """
    left: dict[date, Mapping[Where, Counts]] = {}
    for when, counts in days.items():
        out = {subject for subject, spans in broken.items() if any(when in span for span in spans)}
        left[when] = {where: one for where, one in counts.items() if not out & _subjects(where)} if out else counts
    return left


def _subjects(where: Where) -> set[str]:
    return {f"{place}:{cell}" for place, cell in zip(PLACES, where, strict=True)}


def _lost(spread: Spread, taken: int, scale: float, completes: float) -> tuple[float, float, float]:
    """Orders lost, between what with 95 %: so many steps not taken, of which so many usually end in an order."""
    low, high = (max(0.0, spread.bound(share) * scale - taken) * completes for share in (_LOW, _HIGH))
    expected = max(0.0, spread.mean * scale - taken) * completes
    return min(low, expected), expected, max(high, expected)


def _by_cell(counts: Mapping[Where, Counts], index: int) -> dict[str, Counts]:
    found: defaultdict[str, list[Counts]] = defaultdict(list)
    for where, one in counts.items():
        found[where[index]].append(one)
    return {cell: _sum(ones) for cell, ones in found.items()}


def _sum(counts: Iterable[Counts]) -> Counts:
    a = b = c = d = e = 0
    for one in counts:
        a, b, c, d, e = a + one[0], b + one[1], c + one[2], d + one[3], e + one[4]
    return a, b, c, d, e
