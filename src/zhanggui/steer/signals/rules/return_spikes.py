"""Goods that come back far more often than they used to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zhanggui.steer.signals.rules.chances import next_share

RECENT_DAYS: Final = 14
PAST_DAYS: Final = 56
# So many days are looked at together, the most first.
TOGETHER: Final = (RECENT_DAYS, 7)
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

    sold  paid as many days earlier as it takes to come back;  minor refunded
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
    """

    sku: str
    recent: Back
    usual: float
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float


def spikes(recent: Mapping[str, Back], past: Mapping[str, Back]) -> tuple[Spike, ...]:
    """Each SKU that was sold, by its name, with what it gave back beyond the usual.

    What is usual is its own past and, as much as 20 of its orders, that of all goods together. Of what was sold as many
    are expected to come back as a beta-binomial of that share says; all beyond is taken at the average refund.

    source  `chances.next_share`; 8 of 40 at 50.00 each after 5 of 100 of itself and 50 of 1,000 of all -> 2.1 usual,
            292.56 beyond, between 100.00 and 400.00
    """
    every = Back(returned=sum(one.returned for one in past.values()), sold=sum(one.sold for one in past.values()))
    share = every.returned / every.sold if every.sold else 0.0
    return tuple(_spike(sku, recent[sku], past.get(sku, NOTHING), share) for sku in sorted(recent) if recent[sku].sold)


def is_enough(spike: Spike) -> bool:
    """Whether enough came back to speak of at all."""
    return spike.recent.returned >= _LEAST_RETURNS


def _spike(sku: str, now: Back, before: Back, share: float) -> Spike:
    returned = min(now.returned, now.sold)
    # An order that came back earlier than usual may be missing among those that were sold.
    seen = (min(before.returned, before.sold) + _WEIGHT * share, before.sold + _WEIGHT)
    spread = next_share(seen, of=now.sold)
    each = now.minor / now.returned if now.returned else 0.0
    return Spike(
        sku=sku,
        recent=now,
        usual=spread.mean,
        low_minor=round(max(0, returned - spread.bound(_HIGH)) * each),
        expected_minor=round(max(0.0, returned - spread.mean) * each),
        high_minor=round(max(0, returned - spread.bound(_LOW)) * each),
        chance=spread.at_least(returned) if returned else 1.0,
    )
