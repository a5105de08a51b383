"""Tiers of membership: where they begin, what they bring, and which one somebody has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_DOWN, Decimal
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.growth.membership.errors import TiersNotAllowed
from zhanggui.shop.catalogue.rules import NOTHING, Words

# Growth is what was bought and kept in the last year; a tier that was reached is kept for a year.
GROWTH_FOR: Final = timedelta(days=365)
TIER_FOR: Final = timedelta(days=365)
# A tier that is about to be lost is told of so many days before; nearest last.
TOLD_BEFORE_DAYS: Final = (30, 7)
MOST_TIERS: Final = 10
MOST_MULTIPLIER: Final = Decimal(10)


class Reason(StrEnum):
    """Why somebody has another tier than before."""

    GROWTH = "growth"
    PERIOD_END = "period_end"
    PAID = "paid"
    PAID_ENDED = "paid_ended"
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefits:
    """What a tier brings. The first four are done by the house, the others are words that people keep.

    multiplier       points are earned so many times over, 1 or more
    birthday_points  given once a year
    member_price     whether prices for members hold; promotions ask for the tier
    free_shipping    whether postage may be waived; promotions ask for the tier
    own_service      a service line of its own
    events           invitations to events
    note             what else is promised, in the shop's own words, such as a birthday gift
    """

    multiplier: Decimal = Decimal(1)
    birthday_points: int = 0
    member_price: bool = False
    free_shipping: bool = False
    own_service: bool = False
    events: bool = False
    note: Words = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A tier of membership.

    growth_from  growth value from which somebody has it; 0 for the one that everybody has
    """

    key: str
    name: Words
    growth_from: int
    benefits: Benefits = Benefits()


# Three tiers as most shops have them.
READY: Final = (
    Tier(key="ordinary", name=Words(zh="普通会员", en="Member"), growth_from=0, benefits=Benefits(birthday_points=50)),
    Tier(
        key="silver",
        name=Words(zh="银卡会员", en="Silver"),
        growth_from=1000,
        benefits=Benefits(multiplier=Decimal("1.2"), birthday_points=200, member_price=True),
    ),
    Tier(
        key="gold",
        name=Words(zh="金卡会员", en="Gold"),
        growth_from=5000,
        benefits=Benefits(
            multiplier=Decimal("1.5"),
            birthday_points=500,
            member_price=True,
            free_shipping=True,
            own_service=True,
            events=True,
        ),
    ),
)


def checked(tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    """The tiers from the lowest up.

    refuses  TiersNotAllowed unless one begins at 0, all begin elsewhere, keys are different, and none earns less
             than what was bought
    """
    ordered = tuple(sorted(tiers, key=lambda tier: tier.growth_from))
    starts, keys = [tier.growth_from for tier in ordered], {tier.key for tier in ordered}
    if not ordered or starts[0] != 0 or len(ordered) > MOST_TIERS:
        raise TiersNotAllowed(key=ordered[0].key if ordered else "", field="growth_from")
    if len(set(starts)) < len(starts) or len(keys) < len(starts):
        raise TiersNotAllowed(key=ordered[-1].key, field="growth_from" if len(set(starts)) < len(starts) else "key")
    for tier in ordered:
        if fault := _fault(tier):
            raise TiersNotAllowed(key=tier.key, field=fault)
    return ordered


def growth_value(kept: Money) -> int:
    """Growth value of what was bought and kept: one for each whole unit of money, half down.

    source  1,280.50 yuan -> 1280, 1,280.51 -> 1281
    """
    return int(kept.major.to_integral_value(ROUND_HALF_DOWN))


def tier_at(tiers: Sequence[Tier], growth: int) -> Tier:
    """The highest tier that a growth value reaches.

    tiers   from the lowest up, not empty
    source  ready tiers: 999 -> ordinary, 1000 -> silver, 5000 -> gold
    """
    return next((tier for tier in reversed(tiers) if growth >= tier.growth_from), tiers[0])


def next_after(tiers: Sequence[Tier], key: str) -> Tier | None:
    """The tier above another; None above the highest."""
    rank = rank_of(tiers, key)
    return tiers[rank + 1] if rank + 1 < len(tiers) else None


def rank_of(tiers: Sequence[Tier], key: str) -> int:
    """How high a tier stands, from 0; one that is no longer offered counts as the lowest."""
    return next((rank for rank, tier in enumerate(tiers) if tier.key == key), 0)


def higher(tiers: Sequence[Tier], *keys: str) -> str:
    """The highest of some tiers; empty keys do not count, none at all is the lowest."""
    return tiers[max((rank_of(tiers, key) for key in keys if key), default=0)].key


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a member stands.

    tier         reached by growth; until when it is kept whatever is bought, None for the lowest
    floor        a tier that was paid for, until `floor_until`; empty if none
    """

    tier: str
    until: datetime | None = None
    floor: str = ""
    floor_until: datetime | None = None

    def tier_now(self, tiers: Sequence[Tier], *, at: datetime) -> str:
        """The tier that counts at a moment: the one reached or the one paid for, whichever is higher."""
        is_paid = bool(self.floor) and self.floor_until is not None and at < self.floor_until
        return higher(tiers, self.tier, self.floor if is_paid else "")


def risen(tiers: Sequence[Tier], standing: Standing, *, growth: int, at: datetime) -> tuple[str, datetime | None]:
    """Tier and end of its year after growth has changed: up at once, never down before its time.

    law     never lower than before while the year runs
    source  silver until June, growth 5200 in March -> gold until next March; growth 10 -> silver until June
    """
    reached = tier_at(tiers, growth)
    if rank_of(tiers, reached.key) > rank_of(tiers, standing.tier):
        return reached.key, at + TIER_FOR
    return standing.tier, standing.until


def at_period_end(tiers: Sequence[Tier], *, growth: int, at: datetime) -> tuple[str, datetime | None]:
    """Tier and end of the next year for somebody whose year is over: what the last twelve months earn."""
    reached = tier_at(tiers, growth)
    return reached.key, (at + TIER_FOR if reached.growth_from else None)


def _fault(tier: Tier) -> str:
    if not tier.key or not tier.name:
        return "name"
    if tier.growth_from < 0:
        return "growth_from"
    if not 1 <= tier.benefits.multiplier <= MOST_MULTIPLIER:
        return "multiplier"
    return "birthday_points" if tier.benefits.birthday_points < 0 else ""
