"""Orders that look made up: unlike many of one SKU on one day, and from one corner or few hands."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from zhanggui.steer.signals.rules.chances import next_count, next_share
from zhanggui.steer.signals.rules.multiplicity import DAILY_FALSE, corrected

PAST_DAYS: Final = 28
LEAST_ORDERS: Final = 8
# Fewer orders of other SKUs do not say how good a day is.
_LEAST_OTHERS: Final = 30
# What is ordered so seldom by chance, where it usually is, is not to be had and does not say how good a day is.
_GONE: Final = 0.001
# A SKU that sells well on a good day sells twice as much; what is made up comes in heaps.
LEAST_TIMES: Final = 3.0
_LOW, _HIGH = 0.025, 0.975

# Region and device: where orders come from, as far as an order tells.
Corner = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One order's line of a SKU.

    minor  of the line
    """

    sku: str
    person: int
    corner: Corner
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What was ordered in the days before.

    skus      orders by SKU;  corners orders by corner
    again     orders of people who had ordered the same day already, of all orders
    days      how many days were seen
    """

    skus: Mapping[str, int]
    corners: Mapping[Corner, int]
    again: tuple[int, int]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Orders of a SKU that look made up.

    orders, usual   of the SKU on the day, and on one that is as good for all others
    corner, inside  where most of them come from, and how many do
    people          who ordered them
    low, expected, high_minor  money of those that are beyond what is usual there
    chance          that it is by chance, corrected for all SKUs
    """

    sku: str
    orders: int
    usual: float
    corner: Corner
    inside: int
    people: int
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float
    tests: int


def rings(bought: Sequence[Bought], usual: Usual) -> tuple[Ring, ...]:
    """The SKUs whose orders of a day look made up, those with most money first.

    Two things have to be true at once, each beyond chance: many more orders than on other days, and either far more
    of them from one corner (a region on a device) than of the shop's orders, or far more of them from people who had
    ordered that day already. A sale that is popular is the first and not the second.

    What is usual of a SKU goes with what is bought of all others that day, so that a Saturday is no heap. Others of
    which none was ordered, by no chance, are sold out or taken off: they are no part of what is usual either.

    source  `chances.next_count` for the heap, `chances.next_share` for the corner (times the corners there are) and for
            the hands; of the two the likelier, and of corner and hands the less likely twice, are taken
    """
    by_sku: defaultdict[str, list[Bought]] = defaultdict(list)
    for one in bought:
        by_sku[one.sku].append(one)
    tried = [(sku, ones) for sku, ones in sorted(by_sku.items()) if len(ones) >= LEAST_ORDERS]
    if not tried or usual.days < PAST_DAYS // 2 or not sum(usual.corners.values()):
        return ()
    to_be_had = {sku: count for sku, count in usual.skus.items() if sku in by_sku or not _is_gone(count, usual.days)}
    ordinary = replace(usual, skus=to_be_had)
    paces = [_pace(sku, len(bought) - len(ones), ordinary) for sku, ones in tried]
    chances = corrected([_chance(sku, ones, usual, pace) for (sku, ones), pace in zip(tried, paces, strict=True)])
    found = [
        _ring(sku, ones, usual, pace, chance=chance, tests=len(tried))
        for (sku, ones), pace, chance in zip(tried, paces, chances, strict=True)
        if chance <= DAILY_FALSE and len(ones) >= LEAST_TIMES * usual.skus.get(sku, 0) / usual.days
    ]
    return tuple(sorted(found, key=lambda one: (-one.expected_minor, one.sku)))


def _is_gone(count: int, days: int) -> bool:
    """Whether a SKU of which none was ordered would have been: `chances.next_count(count, over=days, ahead=1)` of 0."""
    return math.pow(days / (days + 1), count + 0.5) < _GONE


def _pace(sku: str, others: int, usual: Usual) -> float:
    """How many ordinary days a day is on which all other SKUs are ordered so often."""
    ordinary = (sum(usual.skus.values()) - usual.skus.get(sku, 0)) / usual.days
    return others / ordinary if min(others, ordinary) >= _LEAST_OTHERS else 1.0


def _chance(sku: str, ones: Sequence[Bought], usual: Usual, pace: float) -> float:
    heap = next_count(usual.skus.get(sku, 0), over=usual.days, ahead=pace).at_least(len(ones))
    corner, inside = _corner(ones)
    there = next_share((usual.corners.get(corner, 0), sum(usual.corners.values())), of=len(ones)).at_least(inside)
    again = len(ones) - len({one.person for one in ones if one.person}) - sum(not one.person for one in ones)
    hands = next_share(usual.again, of=len(ones)).at_least(again)
    return max(heap, min(1.0, 2 * min(there * max(1, len(usual.corners)), hands)))


def _ring(sku: str, ones: Sequence[Bought], usual: Usual, pace: float, *, chance: float, tests: int) -> Ring:
    corner, inside = _corner(ones)
    before = usual.skus.get(sku, 0)
    spread = next_count(before, over=usual.days, ahead=pace)
    each = sum(one.minor for one in ones) / len(ones)
    beyond = max(0.0, len(ones) - spread.mean)
    return Ring(
        sku=sku,
        orders=len(ones),
        usual=before * pace / usual.days,
        corner=corner,
        inside=inside,
        people=len({one.person for one in ones}),
        low_minor=round(min(beyond, max(0, len(ones) - spread.bound(_HIGH))) * each),
        expected_minor=round(beyond * each),
        high_minor=round(max(beyond, len(ones) - spread.bound(_LOW)) * each),
        chance=chance,
        tests=tests,
    )


def _corner(ones: Sequence[Bought]) -> tuple[Corner, int]:
    counts = Counter(one.corner for one in ones)
    return min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
