"""How what is taken off is shared out: over lines, and over the pieces of a line, to the minor unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhanggui.base.money import Money, apportion


def units_of(amount: Money, quantity: int) -> tuple[Money, ...]:
    """What each piece of a line bears of an amount, first piece first.

    law     they sum to the amount; those of -x are the negatives of those of x
    source  -1.00 over three -> -0.34, -0.33, -0.33
    """
    return amount.split([1] * quantity)


def shared(minor: int, weights: Mapping[int, int], rooms: Sequence[int]) -> dict[int, int]:
    """An amount over the lots that have a weight, none above its room; what one cannot bear the others do.

    minor    >= 0; what nobody has room for is lost, so that the shares may sum to less
    weights  by lot, >= 0; ties of remainders go to the earlier lot
    rooms    by lot, how much may still be taken off it
    source   100 by (50, 30, 20) with room for (10, 90, 90) -> 10, 54, 36
    """
    shares = dict.fromkeys(weights, 0)
    while True:
        able = [lot for lot in sorted(weights) if weights[lot] > 0 and shares[lot] < rooms[lot]]
        left = minor - sum(shares.values())
        if not able or left <= 0:
            return shares
        for lot, part in zip(able, apportion(left, [weights[lot] for lot in able]), strict=True):
            shares[lot] += min(part, rooms[lot] - shares[lot])


def borne(minor: int, weights: Mapping[int, int], rooms: Sequence[int]) -> dict[int, int]:
    """As `shared`, but what a lot cannot bear is lost: nobody pays for the pieces of another."""
    lots = [lot for lot in sorted(weights) if weights[lot] > 0]
    if not lots:
        return {}
    parts = apportion(minor, [weights[lot] for lot in lots])
    return {lot: max(0, min(part, rooms[lot])) for lot, part in zip(lots, parts, strict=True)}
