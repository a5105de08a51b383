"""Sharing the money of many orders among the touches before them, by every model, to the minor unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
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
# Floats add up whole numbers exactly below.
_EXACT: Final = 1 << 53
# Orders after so many touches at most are shared side by side.
_SHORT: Final = 12
_THREADS: Final = 2
# About so many touches are shared at once: what is worked out of them then lies in memory that was just let go.
_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Abreast:
    """Orders after equally many touches: a row for each touch, the oldest first, and a column for each order."""

    minor: Whole
    is_new: npt.NDArray[np.bool_]
    codes: Whole
    hours: Whole


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
    with ThreadPoolExecutor(_THREADS) as pool:
        credit = pool.map(lambda codes: _summed(codes, led.sales.minor, PARTS, led.sales.is_new), whole.values())
        short, others = _abreast(led)
        long = list(_pieces(others))
        spread = pool.map(lambda model: _spread_all(model, short, long, lost), _SPREAD)
        sums = dict(zip((*whole, *_SPREAD), (*credit, *spread), strict=True))
    own = _summed(unled.own, unled.minor, PARTS, unled.is_new)
    return {model: _added(sums[model], own) for model in Model}


def _abreast(led: Led) -> tuple[list[_Abreast], Led]:
    """Orders after few touches side by side, and the others; all are others where the sums are too large for floats."""
    starts = np.cumsum(led.counts) - led.counts
    is_small = _is_exact(led.sales.minor) and len(led.counts) * PARTS < _EXACT
    is_short = (led.counts <= _SHORT) & is_small
    short = []
    for n in np.unique(led.counts[is_short]).tolist():
        orders = np.flatnonzero(is_short & (led.counts == n))
        rows = starts[orders] + np.arange(n)[:, None]
        sales, codes, hours = led.sales[orders], led.codes[rows], led.hours[rows]
        for begin in range(0, len(orders), _AT_ONCE // n):
            some = slice(begin, begin + _AT_ONCE // n)
            short.append(
                _Abreast(minor=sales.minor[some], is_new=sales.is_new[some], codes=codes[:, some], hours=hours[:, some])
            )
    touches = np.repeat(~is_short, led.counts)
    return short, Led(
        sales=led.sales[~is_short],
        counts=led.counts[~is_short],
        codes=led.codes[touches],
        hours=led.hours[touches],
        last_known=led.last_known[~is_short],
    )


def _pieces(led: Led) -> Iterator[Led]:
    """The same orders in pieces of about so many touches as are shared at once."""
    ends = np.cumsum(led.counts)
    cuts = np.searchsorted(ends, np.arange(_AT_ONCE, int(led.counts.sum()), _AT_ONCE))
    for begin, end in pairwise(np.unique(np.concatenate(([0], cuts, [len(ends)]))).tolist()):
        some, touches = slice(begin, end), slice(ends[begin] - led.counts[begin], ends[end - 1])
        yield Led(
            sales=led.sales[some],
            counts=led.counts[some],
            codes=led.codes[touches],
            hours=led.hours[touches],
            last_known=led.last_known[some],
        )


def _is_exact(minor: Whole) -> bool:
    return float(np.abs(minor.astype(np.float64)).sum()) < _EXACT


def _spread_all(model: Model, short: Sequence[_Abreast], long: Sequence[Led], lost: Whole) -> Credited:
    sums: Credited = {}
    for orders in long:
        sums = _added(sums, _spread(model, orders, lost))
    for abreast in short:
        sums = _added(sums, _spread_abreast(model, abreast, lost))
    return sums


def _spread_abreast(model: Model, orders: _Abreast, lost: Whole) -> Credited:
    """What `_spread` gives. An order's touch gets one more of what is left over if fewer other touches of it than are
    left over have a larger remainder, or the same and are older: that is told by comparing each with each, without
    sorting.
    """
    n = len(orders.codes)
    weight = _weights_abreast(model, orders, lost)
    total = weight.sum(axis=0)
    if len(total) and int(orders.minor.max()).bit_length() + int(weight.max()).bit_length() > _WORD_BITS:
        weight, total = weight.astype(object), total.astype(object)
    worth = orders.minor * weight
    share = worth // total
    remainder = worth - share * total
    left = orders.minor - share.sum(axis=0)
    before = np.zeros(share.shape, np.int8)
    is_alike = weight.shape[1] == 1
    for older in range(n):
        for newer in range(older + 1, n):
            if is_alike and weight[older] == weight[newer]:
                before[newer] += 1
                continue
            is_behind = remainder[newer] > remainder[older]
            before[older] += is_behind
            before[newer] += ~is_behind
    share = (share + (before < left)).astype(np.int64)
    parts = np.broadcast_to((PARTS * weight // total).astype(np.int64), share.shape)
    is_new = np.broadcast_to(orders.is_new, share.shape)
    return _summed(orders.codes.ravel(), share.ravel(), parts.ravel(), is_new.ravel())


def _weights_abreast(model: Model, orders: _Abreast, lost: Whole) -> Whole:
    """What `rules.weights` gives, for all touches at once; one column where it is the same for all orders, which is
    divided by much faster.
    """
    n = len(orders.codes)
    match model:
        case Model.POSITION:
            nth = [2 * (n - 2) if n > 2 and place in (0, n - 1) else 1 for place in range(n)]
            return np.array(nth, np.int64)[:, None]
        case Model.DECAY:
            return _decays(orders.hours)
        case Model.CHAIN:
            return np.asarray(np.maximum(lost[orders.codes], 1), np.int64)
    return np.ones((n, 1), np.int64)


def _decays(hours: Whole) -> Whole:
    ages = np.array([decayed(hour * HOUR_US) for hour in range(int(hours.max(initial=0)) + 1)])
    return np.asarray(ages[hours], np.int64)


def _spread(model: Model, led: Led, lost: Whole) -> Credited:
    """By largest remainder: what is left over of an order goes to the largest remainders, the oldest touch first."""
    if not len(led.counts):
        return {}
    starts = np.cumsum(led.counts) - led.counts
    weight = _weights(model, led, starts, lost)
    minor = led.sales.minor
    if int(minor.max()).bit_length() + int(weight.max()).bit_length() > _WORD_BITS:
        minor, weight = minor.astype(object), weight.astype(object)
    each = np.repeat(minor, led.counts)
    total = np.repeat(np.add.reduceat(weight, starts), led.counts)
    share, remainder = ((each * weight // total).astype(np.int64), (each * weight % total).astype(np.int64))
    left = led.sales.minor - np.add.reduceat(share, starts)
    share[_first_remainders(remainder, led.counts, starts, left)] += 1
    parts = (PARTS * weight // total).astype(np.int64)
    return _summed(led.codes, share, parts, np.repeat(led.sales.is_new, led.counts))


def _first_remainders(remainder: Whole, counts: Whole, starts: Whole, left: Whole) -> Whole:
    """Which touches get one more: as many of each order as are left over, by remainder."""
    wanted = np.flatnonzero(np.repeat(left > 0, counts))
    order = np.repeat(np.arange(len(counts)), counts)[wanted]
    ranked = _ranked(order, remainder[wanted], wanted - starts[order], starts)
    begins = np.flatnonzero(np.concatenate(([True], order[1:] != order[:-1]))) if len(order) else order
    sizes = np.diff(np.concatenate((begins, [len(order)])))
    rank = np.arange(len(order)) - np.repeat(begins, sizes)
    return ranked[rank < left[order]]


def _ranked(order: Whole, remainder: Whole, nth: Whole, starts: Whole) -> Whole:
    """Touches order by order, the largest remainder first, the oldest first of equal ones: sorted as one whole number
    each where order, remainder and place fit into one.
    """
    if not len(order):
        return order
    small = int(remainder.max())
    bits, places = small.bit_length(), int(nth.max()).bit_length()
    if int(order[-1]).bit_length() + bits + places > _WORD_BITS:
        return starts[order] + nth[np.lexsort((nth, -remainder, order))]
    keys = np.sort((order << bits | small - remainder) << places | nth)
    return np.asarray(starts[order] + (keys & (1 << places) - 1))


def _weights(model: Model, led: Led, starts: Whole, lost: Whole) -> Whole:
    """What `rules.weights` gives, for all touches at once."""
    n = np.repeat(led.counts, led.counts)
    match model:
        case Model.POSITION:
            nth = np.arange(len(n)) - np.repeat(starts, led.counts)
            return np.where((n > 2) & ((nth == 0) | (nth == n - 1)), 2 * (n - 2), 1)
        case Model.DECAY:
            return _decays(led.hours)
        case Model.CHAIN:
            return np.asarray(np.maximum(lost[led.codes], 1), np.int64)
    return np.ones_like(n)


def _summed(codes: Whole, minor: Whole, parts: Whole | int, is_new: npt.NDArray[np.bool_]) -> Credited:
    """Sums by code, in whole numbers."""
    if _is_exact(minor) and len(codes) * PARTS < _EXACT:
        there = np.flatnonzero(np.bincount(codes))
        share = np.broadcast_to(np.asarray(parts, np.float64), codes.shape)
        told = (minor, share, share * is_new)
        sums = (np.bincount(codes, weights=column)[there].astype(np.int64).tolist() for column in told)
        return dict(zip(there.tolist(), zip(*sums, strict=True), strict=True))
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
