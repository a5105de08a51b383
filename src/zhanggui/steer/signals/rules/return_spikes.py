"""Goods that come back far more often than they used to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhanggui.steer.signals.rules.chances import next_share

RECENT_DAYS: Final = 14
PAST_DAYS: Final = 56
# A week of what is asked back is counted too.
SHORTER_DAYS: Final = 7
# And what is asked back of all that was paid in the last so many days.
PAID_DAYS: Final = (8, 12, 17)
# Left out between the two: what went bad a while ago is not what is usual.
BETWEEN_DAYS: Final = 14
USUAL_LAG_DAYS: Final = 10
# Returns of all goods count so much as this many orders of the SKU itself.
_WEIGHT: Final = 20.0
_LEAST_RETURNS: Final = 3
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Orders with a SKU that came back, of those that it could come back from.

    sold  paid as many days earlier as it takes to come back, or the part of what was paid that comes back by now if any
          does;  minor refunded
    """

    returned: int
    sold: int
    minor: int = 0


NOTHING: Final = Back(returned=0, sold=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """Refunds of a SKU in the last days beyond what its past lets expect.

    usual   orders that were expected to come back
    chance  that as many come back and nothing is the matter
    least   the chance if all had come back
    """

    sku: str
    recent: Back
    usual: float
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float
    least: float


def spikes(
    recent: Mapping[str, Back], past: Mapping[str, Back], *, also: Sequence[Mapping[str, Back]] = ()
) -> tuple[Spike, ...]:
    """Each SKU that was sold, by its name, with what it gave back beyond the usual.

    What is usual is its own past and, as much as 20 of its orders, that of all goods together. Of what was sold as many
    are expected to come back as a beta-binomial of that share says; all beyond is taken at the average refund.

    recent  the size is that of these days
    also    the same counted in other ways; each has its part of the chance to be wrong
    source  `chances.next_share`; 8 of 40 at 50.00 each after 5 of 100 of itself and 50 of 1,000 of all -> 2.1 usual,
            292.56 beyond, between 100.00 and 400.00
    """
    every = Back(returned=sum(one.returned for one in past.values()), sold=sum(one.sold for one in past.values()))
    share = every.returned / every.sold if every.sold else 0.0
    return tuple(
        _spike(sku, [one.get(sku, NOTHING) for one in (recent, *also)], past.get(sku, NOTHING), share)
        for sku in sorted(recent)
        if recent[sku].sold
    )


def soon(paid: Mapping[date, int], asked: Mapping[int, int], *, lags: Mapping[int, int], day: date, days: int) -> Back:
    """What came back of what was paid in the last days, and of how much it could have.

    Of an order that is two days old hardly anything is asked back yet: it counts as the part of all returns that comes
    by that age, so that a bad lot is seen in its first returns and not diluted by the orders before it.

    paid    orders by day;  asked how many of them were asked back, by how many days ago they were paid
    lags    how many returns of all goods were asked so many days after the payment
    source  10 orders a day on two days, half of all returns a day after the payment, the other half two -> of 5
    """
    whole = sum(lags.values())
    sold = 0.0
    for age in range(days):
        by_now = sum(count for lag, count in lags.items() if lag <= age)
        sold += paid.get(day - timedelta(days=age), 0) * by_now / whole if whole else 0.0
    returned = sum(count for age, count in asked.items() if age < days)
    return Back(returned=returned, sold=round(sold))


def is_enough(spike: Spike) -> bool:
    """Whether enough came back to speak of at all."""
    return spike.recent.returned >= _LEAST_RETURNS


def _spike(sku: str, counted: Sequence[Back], before: Back, share: float) -> Spike:
    # An order that came back earlier than usual may be missing among those that were sold.
    seen = (min(before.returned, before.sold) + _WEIGHT * share, before.sold + _WEIGHT)
    spreads = [next_share(seen, of=one.sold) for one in counted]
    now, spread = counted[0], spreads[0]
    returned = min(now.returned, now.sold)
    each = now.minor / now.returned if now.returned else 0.0
    chances = [one.at_least(min(back.returned, back.sold)) for one, back in zip(spreads, counted, strict=True)]
    return Spike(
        sku=sku,
        recent=now,
        usual=spread.mean,
        low_minor=round(max(0, returned - spread.bound(_HIGH)) * each),
        expected_minor=round(max(0.0, returned - spread.mean) * each),
        high_minor=round(max(0, now.returned - spread.bound(_LOW)) * each),
        chance=min(1.0, len(counted) * min(chances)),
        least=min(1.0, len(counted) * min(one.at_least(back.sold) for one, back in zip(spreads, counted, strict=True))),
    )
