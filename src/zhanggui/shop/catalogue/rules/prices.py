"""What a SKU costs at a moment, and what it may be said to have cost before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A lower price for a time, start <= t < end."""

    price: Money
    starts_at: datetime
    ends_at: datetime

    def is_on(self, at: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.starts_at <= at < self.ends_at


class PriceKind(StrEnum):
    """Why a price was asked.

    OFFER  by somebody else, such as a promotion or a flash sale, of everybody; nothing of it is kept here
    """

    LIST = "list"
    SALE = "sale"
    OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """From when on a SKU had a price.

    until   when a sale ends; None for a list price, which holds until the next one, and for an offer without an end
    source  whose offer it was, such as `promotion:<id>` or `flash:<id>`; empty for the catalogue's own
    """

    price: Money
    since: datetime
    until: datetime | None = None
    kind: PriceKind = PriceKind.LIST
    source: str = ""


class Jurisdiction(StrEnum):
    """Whose law says what a "was" price is."""

    CN = "CN"
    EU = "EU"


# Rules § 7: the lowest price of the days before the reduction.
LOOK_BACK: Final = {Jurisdiction.CN: timedelta(days=7), Jurisdiction.EU: timedelta(days=30)}
# After a year a reduction is what it costs, and nobody is told what it was before.
LONGEST_REDUCTION: Final = timedelta(days=365)
# How far back prices have to be known for all of that.
REMEMBERED: Final = LONGEST_REDUCTION + max(LOOK_BACK.values())


def price_at(price: Money, sale: Sale | None, *, at: datetime) -> Money:
    """What one piece costs at a moment: the sale price while the sale is on, unless the list price is lower."""
    return min(price, sale.price) if sale and sale.is_on(at) else price


def was_price(points: Sequence[PricePoint], *, price: Money, at: datetime, jurisdiction: Jurisdiction) -> Money | None:
    """The price that may be shown struck through beside what everybody pays now; None if none may.

    The lowest price that was asked of everybody in the days before the reduction began: list prices, sales, and the
    offers of others. What only some people get, for a tier or a coupon, was not asked of everybody and is no point.
    The reduction begins when its own price did, whatever ran beside it; one that follows another begins anew. A price
    that no point explains, and one that has stood for a year, has nothing beside it.

    points   all price points of a SKU that touch the time since `at - REMEMBERED`, in any order
    price    that is shown, below the list price
    source   rules.md § 7. List 100 since day 0, sale 80 on days 10–12, sale 70 from day 20: on day 21 the EU
             compares with 80, China (days 13–20) with 100
    """
    begun = [p.since for p in points if p.kind is not PriceKind.LIST and p.price == price and _runs(p, at)]
    begins = min(begun, default=None)
    if begins is None or at - begins >= LONGEST_REDUCTION:
        return None
    lowest = min(_asked(points, start=begins - LOOK_BACK[jurisdiction], end=begins), default=None)
    return lowest if lowest is not None and lowest > price else None


def _runs(point: PricePoint, at: datetime) -> bool:
    return point.since <= at and (point.until is None or at < point.until)


def _asked(points: Sequence[PricePoint], *, start: datetime, end: datetime) -> list[Money]:
    """All prices that were asked at some moment of a time."""
    listed = sorted((p for p in points if p.kind is PriceKind.LIST), key=lambda p: p.since)
    ends = [*(later.since for later in listed[1:]), end]
    spans = [(p.since, until, p.price) for p, until in zip(listed, ends, strict=True)]
    spans += [(p.since, p.until or end, p.price) for p in points if p.kind is not PriceKind.LIST]
    return [price for since, until, price in spans if since < end and until > start]
