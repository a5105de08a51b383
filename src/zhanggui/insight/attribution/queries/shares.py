"""Sharing the money of many orders among the touches before them, by every model, to the minor unit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt

from zhanggui.insight.attribution.queries.journeys import Led, Walked
from zhanggui.insight.attribution.rules import HOUR_US, PARTS, Model, decayed
from zhanggui.insight.lake.queries.sorting import Whole

# By code: minor units, parts of orders, and parts of first orders.
Credited = dict[int, tuple[int, int, int]]

_SPREAD: Final = (Model.LINEAR, Model.POSITION, Model.DECAY, Model.CHAIN)
_WORD_BITS: Final = 62
_THREADS: Final = 2


def credited(walked: Walked, lost: Whole) -> dict[Model, Credited]:
    """What every model credits each code with.

    lost  what is lost without the source of a code, in millionths, by code
    """
    led, unled = walked.led, walked.unled
    ends = np.cumsum(led.counts)
    whole = {
        Model.FIRST: led.codes[ends - led.counts],
        Model.LAST: led.codes[ends - 1],
        Model.LAST_NON_DIRECT: led.last_known,
    }
    sums = {model: _summed(codes, led.sales.minor, PARTS, led.sales.is_new) for model, codes in whole.items()}
    with ThreadPoolExecutor(_THREADS) as pool:
        sums |= zip(_SPREAD, pool.map(lambda model: _spread(model, led, lost), _SPREAD), strict=True)
    own = _summed(unled.own, unled.minor, PARTS, unled.is_new)
    return {model: _added(sums[model], own) for model in Model}


def _spread(model: Model, led: Led, lost: Whole) -> Credited:
    """By largest remainder: what is left over of an order goes to the largest remainders, the oldest touch first."""
    starts = np.cumsum(led.counts) - led.counts
    weight = _weights(model, led, starts, lost)
    minor = led.sales.minor
    if len(minor) and int(minor.max()).bit_length() + int(weight.max()).bit_length() > _WORD_BITS:
        minor, weight = minor.astype(object), weight.astype(object)
    each = np.repeat(minor, led.counts)
    total = np.repeat(np.add.reduceat(weight, starts), led.counts) if len(starts) else weight
    share, remainder = ((each * weight // total).astype(np.int64), (each * weight % total).astype(np.int64))
    left = led.sales.minor - np.add.reduceat(share, starts) if len(starts) else led.sales.minor
    share[_first_remainders(remainder, led.counts, starts, left)] += 1
    parts = (PARTS * weight // total).astype(np.int64)
    return _summed(led.codes, share, parts, np.repeat(led.sales.is_new, led.counts))


def _first_remainders(remainder: Whole, counts: Whole, starts: Whole, left: Whole) -> Whole:
    """Which touches get one more: as many of each order as are left over, by remainder."""
    wanted = np.flatnonzero(np.repeat(left > 0, counts))
    order = np.repeat(np.arange(len(counts)), counts)[wanted]
    ranked = wanted[np.lexsort((wanted, -remainder[wanted], order))]
    begins = np.flatnonzero(np.concatenate(([True], order[1:] != order[:-1]))) if len(order) else order
    sizes = np.diff(np.concatenate((begins, [len(order)])))
    rank = np.arange(len(order)) - np.repeat(begins, sizes)
    return ranked[rank < left[order]]


def _weights(model: Model, led: Led, starts: Whole, lost: Whole) -> Whole:
    """What `rules.weights` gives, for all touches at once."""
    n = np.repeat(led.counts, led.counts)
    match model:
        case Model.POSITION:
            nth = np.arange(len(n)) - np.repeat(starts, led.counts)
            return np.where((n > 2) & ((nth == 0) | (nth == n - 1)), 2 * (n - 2), 1)
        case Model.DECAY:
            ages = np.array([decayed(hours * HOUR_US) for hours in range(int(led.hours.max(initial=0)) + 1)])
            return np.asarray(ages[led.hours], np.int64)
        case Model.CHAIN:
            return np.asarray(np.maximum(lost[led.codes], 1), np.int64)
    return np.ones_like(n)


def _summed(codes: Whole, minor: Whole, parts: Whole | int, is_new: npt.NDArray[np.bool_]) -> Credited:
    """Sums by code, in whole numbers."""
    order = np.argsort(codes.astype(np.uint16) if len(codes) and codes.max() < 1 << 16 else codes, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], codes[order][1:] != codes[order][:-1]))) if len(codes) else codes
    if not len(starts):
        return {}
    share = np.broadcast_to(parts, codes.shape)
    if int(minor.max()).bit_length() + len(minor).bit_length() > _WORD_BITS:
        minor = minor.astype(object)
    money, orders, new = (np.add.reduceat(column[order], starts).tolist() for column in (minor, share, share * is_new))
    return dict(zip(codes[order][starts].tolist(), zip(money, orders, new, strict=True), strict=True))


def _added(one: Credited, other: Credited) -> Credited:
    nothing = (0, 0, 0)
    return {
        code: tuple(sum(pair) for pair in zip(one.get(code, nothing), other.get(code, nothing), strict=True))  # type: ignore[misc]
        for code in one.keys() | other.keys()
    }
