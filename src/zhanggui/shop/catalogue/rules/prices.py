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
    """Why a price was asked."""

    LIST = "list"
    SALE = "sale"


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """From when on a SKU had a price.

    until  when a sale ends; None for a list price, which holds until the next one
    """

    price: Money
    since: datetime
    until: datetime | None = None
    kind: PriceKind = PriceKind.LIST


class Jurisdiction(StrEnum):
    """Whose law says what a "was" price is."""

    CN = "CN"
    EU = "EU"


# Rules § 7: the lowest price of the days before the reduction.
LOOK_BACK: Final = {Jurisdiction.CN: timedelta(days=7), Jurisdiction.EU: timedelta(days=30)}


def price_at(price: Money, sale: Sale | None, *, at: datetime) -> Money:
    """What one piece costs at a moment: the sale price while the sale is on, unless the list price is lower."""
    return min(price, sale.price) if sale and sale.is_on(at) else price


def was_price(points: Sequence[PricePoint], *, at: datetime, jurisdiction: Jurisdiction) -> Money | None:
    """The price that may be shown struck through beside the sale price; None if none may.

    The lowest price that was asked in the days before the sale began, sales of those days included. In China the law
    speaks of the lowest deal, which is no higher; whoever gave coupons in those days compares with those deals too.

    points   all price points of a SKU, in any order
    source   rules.md § 7. List 100 since day 0, sale 80 on days 10–12, sale 70 from day 20: on day 21 the EU
             compares with 80, China (days 13–20) with 100
    """
    running = [p for p in points if p.kind is PriceKind.SALE and p.since <= at and p.until and at < p.until]
    if not running:
        return None
    begins = min(point.since for point in running)
    asked = _asked(points, start=begins - LOOK_BACK[jurisdiction], end=begins)
    lowest_now = min(point.price for point in running)
    lowest = min(asked, default=None)
    return lowest if lowest is not None and lowest > lowest_now else None


def _asked(points: Sequence[PricePoint], *, start: datetime, end: datetime) -> list[Money]:
    """All prices that were asked at some moment of a time."""
    listed = sorted((p for p in points if p.kind is PriceKind.LIST), key=lambda p: p.since)
    ends = [*(later.since for later in listed[1:]), end]
    spans = [(p.since, until, p.price) for p, until in zip(listed, ends, strict=True)]
    spans += [(p.since, p.until or end, p.price) for p in points if p.kind is PriceKind.SALE]
    return [price for since, until, price in spans if since < end and until > start]
