"""What of a fact is booked, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.steer.budgets.rules.values import Kind, Posting

# Promotions whose saving is what somebody has for being a member; every coupon is one too.
_FOR_MEMBERS: Final = frozenset({"member_price", "newcomer"})
# Advertising in these channels pays people who make words and pictures, and not for places.
_CREATORS: Final = frozenset({"affiliate", "influencer", "kol", "live", "content", "organic_social"})
# Who pays for a discount that is on our books; a brand's or a platform's is not our money.
_OURS: Final = "shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A discount that is not given after all: what was booked for it is booked back.

    fact          the fact that says so
    order_number  of the one order that it is about; empty for all that have the reference
    units         pieces that it is not given for; None for all of them
    """

    fact: UUID
    on: date
    order_number: str
    reference: str
    units: int | None = None


def advertising(fact: UUID, *, on: date, channel: str, campaign: str, amount: Money) -> Posting:
    """What a campaign cost on a day, or how much more than was told before."""
    kind = Kind.CREATORS if channel in _CREATORS else Kind.ADVERTISING
    return Posting(fact=fact, on=on, kind=kind, amount=amount, channel=channel, campaign=campaign, reference=campaign)


def discount(
    fact: UUID, *, on: date, promotion: str, kind: str, coupon: str, funded_by: str, order_number: str, amount: Money
) -> Posting | None:
    """What a promotion took off an order, if it is the shop that pays for it."""
    if funded_by != _OURS:
        return None
    return Posting(
        fact=fact,
        on=on,
        kind=Kind.MEMBER_DISCOUNT if coupon or kind in _FOR_MEMBERS else Kind.DISCOUNT,
        amount=amount,
        reference=promotion,
        order_number=order_number,
    )


def message(fact: UUID, *, on: date, channel: str, campaign: str, amount: Money) -> Posting:
    """What a message cost."""
    return Posting(
        fact=fact, on=on, kind=Kind.MESSAGE, amount=amount, channel=channel, campaign=campaign, reference=campaign
    )


def commission(fact: UUID, *, on: date, source: str, reference: str, amount: Money) -> Posting | None:
    """What somebody gets for bringing somebody; points for anything else are no commission."""
    if source != "referral":
        return None
    return Posting(fact=fact, on=on, kind=Kind.COMMISSION, amount=amount, reference=reference)


def saving(
    fact: UUID, *, on: date, kind: Kind, reference: str, order_number: str, units: int, amount: Money
) -> Posting:
    """What a flash sale, a team or a presale took off the list price; the shop alone pays for these."""
    return Posting(
        fact=fact, on=on, kind=kind, amount=amount, reference=reference, order_number=order_number, units=units
    )


def taken_of(sale: str, sku: str) -> str:
    """Under what the pieces of a SKU are booked that an order took from a flash sale."""
    return f"{sale}/{sku}"


def written_off(fact: UUID, *, on: date, sku: str, units: int, cost: Money | None) -> Posting | None:
    """What pieces had cost that left the books unsold; nothing where nobody said what they cost.

    cost  of one piece
    """
    if not cost:
        return None
    return Posting(fact=fact, on=on, kind=Kind.WRITTEN_OFF, amount=cost * units, reference=sku, units=units)
