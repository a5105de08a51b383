"""Every visit and order of the people who came, walked once: what led to which order, and what followed what.

A moment is one whole number, so that sorting numbers puts each person's journey in order (`lake.queries.sorting`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from zhanggui.insight.attribution.rules import HOUR_US
from zhanggui.insight.lake.queries.sorting import Ordered, Packing, Whole

Flags = npt.NDArray[np.bool_]


# So many pairs of codes have a counter each, if there are not many more counters than pairs to count.
_FEW_BITS: Final = 9
_FEW: Final = 4


@dataclass(frozen=True, slots=True)
class Codes:
    """What a visit or an order is written as: twice the place of its source, and one more unless that is direct.

    order, nothing  an order behind the visits of its moment, and the end of a journey
    """

    sources: int

    @property
    def bits(self) -> int:
        """Bits of a code."""
        return (2 * self.sources + 1).bit_length()

    @property
    def order(self) -> int:
        """An order."""
        return (1 << self.bits) - 2

    @property
    def nothing(self) -> int:
        """The end."""
        return (1 << self.bits) - 1


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders of a period, an entry each: who (0: nobody), when, for how much, their own code, whether the first."""

    people: Whole
    at_us: Whole
    minor: Whole
    own: Whole
    is_new: Flags

    def __getitem__(self, rows: Whole | Flags | slice) -> Sales:
        return Sales(self.people[rows], self.at_us[rows], self.minor[rows], self.own[rows], self.is_new[rows])

    def __len__(self) -> int:
        return len(self.people)


_NONE: Final = np.zeros(0, np.int64)
_NOBODYS: Final = Sales(_NONE, _NONE, _NONE, _NONE, np.zeros(0, np.bool_))


@dataclass(frozen=True, slots=True)
class Led:
    """Orders with the touches before them.

    counts        touches of each order
    codes, hours  of all touches, order by order, the oldest first, and their age
    last_known    the code of each order's last touch that is not direct, of its last if all are
    """

    sales: Sales
    counts: Whole
    codes: Whole
    hours: Whole
    last_known: Whole


@dataclass(frozen=True, slots=True)
class Walked:
    """All journeys.

    unled  orders without a touch
    steps  how often each code followed each, a journey begins with an order and ends with nothing
    """

    led: Led
    unled: Sales
    steps: dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class _Part:
    """The journeys of a part of the people; its steps are pairs of codes, each once, and how often they were taken."""

    led: Led
    unled: Sales
    steps: tuple[Whole, Whole]


Happened = Callable[[Callable[[int, Ordered], _Part]], list[_Part]]


def walk(happened: Happened, sales: Callable[[], Sales], *, codes: Codes, packing: Packing, window_us: int) -> Walked:
    """Walk all journeys.

    happened   gives the work every part of the people with its visits and orders, as `of_wide_parts` does; moments
               are counted from the same day as those of the sales
    sales      reads the orders of the period, in a thread of its own while what happened is read
    window_us  a visit counts for the orders of so long after its start
    """
    walker = _Walker(codes=codes, packing=packing, window_us=window_us)
    with ThreadPoolExecutor(1) as beside:
        sold = beside.submit(lambda: _by_part(sales(), packing))
        parts = happened(lambda part, ordered: walker.walked(ordered, sold.result().pop(part, _NOBODYS)))
        by_part = sold.result()
    # Whose part has no moment came by no visit that is known.
    nothing = Ordered(_NONE, _NONE)
    parts += [walker.walked(nothing, left) for left in by_part.values()] or [walker.walked(nothing, _NOBODYS)]
    leds = [part.led for part in parts]
    led = Led(
        sales=_joined([one.sales for one in leds]),
        counts=np.concatenate([one.counts for one in leds]),
        codes=np.concatenate([one.codes for one in leds]),
        hours=np.concatenate([one.hours for one in leds]),
        last_known=np.concatenate([one.last_known for one in leds]),
    )
    pairs, times = (np.concatenate([part.steps[column] for part in parts]) for column in (0, 1))
    steps = _by_codes(*_tallied(pairs, codes.bits, times=times), codes)
    return Walked(led=led, unled=_joined([part.unled for part in parts]), steps=steps)


def _joined(parts: Sequence[Sales]) -> Sales:
    return Sales(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("people", "at_us", "minor", "own", "is_new")
        )
    )


def _by_part(sales: Sales, packing: Packing) -> dict[int, Sales]:
    """Orders of the period by the part of their people; nobody's lie in the first."""
    whose = sales.people >> packing.wide_bits
    order = np.argsort(whose, kind="stable")
    parts, starts = np.unique(whose[order], return_index=True)
    ends = [*starts[1:], len(order)]
    return {
        int(part): sales[order[start:end]] for part, start, end in zip(parts, starts, ends[: len(parts)], strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Walker:
    """Walks a part of the people."""

    codes: Codes
    packing: Packing
    window_us: int

    def walked(self, ordered: Ordered, sales: Sales) -> _Part:
        """The journeys of one part, of which every moment is given in order."""
        time_bits = self.packing.span_us.bit_length()
        steps = _steps(ordered.moments >> time_bits, ordered.codes, self.codes)
        is_touch = ordered.codes != self.codes.order
        touches = Ordered(ordered.moments[is_touch], ordered.codes[is_touch])
        people = (sales.people & ((1 << self.packing.wide_bits) - 1)) << time_bits
        since = np.searchsorted(touches.moments, people | np.maximum(sales.at_us - self.window_us, 0))
        until = np.searchsorted(touches.moments, people | (sales.at_us + 1))
        counts = np.where(sales.people == 0, 0, until - since)
        is_led = counts > 0
        led = self._led(touches, sales[is_led], since[is_led], counts[is_led])
        return _Part(led=led, unled=sales[~is_led], steps=steps)

    def _led(self, touches: Ordered, sales: Sales, since: Whole, counts: Whole) -> Led:
        rows = np.repeat(since - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        last = since + counts - 1
        latest = np.maximum.accumulate(np.where(touches.codes & 1 == 1, np.arange(len(touches.codes)), -1))
        known = latest[last] if len(last) else last
        at_us = touches.moments[rows] & ((1 << self.packing.span_us.bit_length()) - 1)
        return Led(
            sales=sales,
            counts=counts,
            codes=touches.codes[rows],
            hours=(np.repeat(sales.at_us, counts) - at_us) // HOUR_US,
            last_known=touches.codes[np.where(known >= since, known, last)],
        )


def _steps(people: Whole, codes: Whole, known: Codes) -> tuple[Whole, Whole]:
    """How often each code came right before each. A visit right after an order begins anew, so an order is a start."""
    if not len(codes):
        return codes, codes
    begins = np.concatenate(([True], people[1:] != people[:-1]))
    before = np.where(begins, known.order, np.concatenate(([known.order], codes[:-1])))
    ends = codes[np.concatenate((begins[1:], [True]))]
    followed = np.concatenate((before << known.bits | codes, ends << known.bits | known.nothing))
    return _tallied(followed, known.bits)


def _tallied(pairs: Whole, bits: int, *, times: Whole | None = None) -> tuple[Whole, Whole]:
    """Each pair once, with how often it is there, or with the sum of its times."""
    if bits <= _FEW_BITS and 1 << 2 * bits <= _FEW * len(pairs):
        # Whole numbers up to 2 ** 53, so the sum is exact.
        tally = np.bincount(pairs, weights=times).astype(np.int64)
        there = np.flatnonzero(tally)
        return there, tally[there]
    if times is None:
        there, counts = np.unique(pairs, return_counts=True)
        return there, counts
    there, where = np.unique(pairs, return_inverse=True)
    sums = np.zeros(len(there), np.int64)
    np.add.at(sums, where, times)
    return there, sums


def _by_codes(pairs: Whole, times: Whole, known: Codes) -> dict[tuple[int, int], int]:
    bits, idle = known.bits, (known.order, known.nothing)
    found = zip((pairs >> bits).tolist(), (pairs & ((1 << bits) - 1)).tolist(), times.tolist(), strict=True)
    return {(here, there): n for here, there, n in found if here != known.order or there not in idle}
