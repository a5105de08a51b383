"""Numbers of the whole shop below what is normal for the day, told as the one thing that they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from zhanggui.insight.alerts.rules import RATE, Deviation, Side
from zhanggui.insight.metrics.rules import Better, metric

# The end of a band, in standard deviations of normal noise.
_EDGE: Final = NormalDist().inv_cdf(1 - RATE / 2)
# The money itself, where it is out of its band too; else whatever cost most.
_FIRST: Final = "gmv_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """What fell on a day.

    head    the number that it is told by;  driver what of it cost most, the head itself if nothing else is out
    others  all others out of their bands on their bad side, those that cost most first
    chance  that the head lies so far out and nothing is the matter, corrected for all that were looked at
    """

    head: Deviation
    driver: Deviation
    others: tuple[Deviation, ...]
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float


def fall(outside: Sequence[Deviation], *, tests: int) -> Fall | None:
    """The one fall behind the numbers of the whole shop that are out of their bands; None if none of them cost money.

    Visitors, orders and money fall together: they are factors of one product, and each says the same loss. What lies
    above its band where more is better is no trouble, and what has no price is told beside the others only.

    tests  how many numbers with a price were looked at
    """
    bad = [one for one in outside if one.place.cut is None and _is_bad(one)]
    priced = sorted(
        (one for one in bad if (one.money_minor or 0) < 0), key=lambda one: (one.money_minor or 0, one.metric)
    )
    if not priced:
        return None
    head = next((one for one in priced if one.metric == _FIRST), priced[0])
    driver = next((one for one in priced if one is not head), head)
    lost = -(head.money_minor or 0)
    missed = head.expected - head.actual
    low, high = ((end - head.actual) / missed for end in (head.low, head.high))
    beside = sorted(
        (one for one in bad if one is not head and one is not driver),
        key=lambda one: (one.money_minor or 0, one.metric),
    )
    return Fall(
        head=head,
        driver=driver,
        others=tuple(beside),
        low_minor=round(lost * max(0.0, low)),
        expected_minor=lost,
        high_minor=round(lost * max(1.0, high)),
        chance=min(1.0, tests * chance_of(head)),
    )


def chance_of(one: Deviation) -> float:
    """How often a number would lie so far below its band's middle by chance, on normal days.

    Square roots scatter alike (as in insight.alerts.rules.bands), and the band's end is as far away as one day in a
    thousand, on either side.

    source  our own; a band of 64 to 144 around 100: at 64 -> 0.0005, at 49 -> 0.0000004
    """
    middle, end, at = (_root(number) for number in (one.expected, one.low, one.actual))
    if middle <= end:
        return 1.0
    return NormalDist().cdf(-_EDGE * (middle - at) / (middle - end))


def _is_bad(one: Deviation) -> bool:
    return one.side is (Side.LOW if metric(one.metric).better is Better.UP else Side.HIGH)


def _root(number: int) -> float:
    return math.copysign(math.sqrt(abs(number)), number)
