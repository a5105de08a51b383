"""An order out of a sighting: what a shop that we only watch says it sold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec

from zhanggui.base.money import apportion
from zhanggui.spine.sightings.rules import names, values
from zhanggui.spine.sightings.rules.columns import Line, Sighting
from zhanggui.spine.sightings.rules.visits import BOT

MOST_MINOR: Final = 2**53
_exact = msgspec.json.Decoder(float_hook=Decimal)


class SightedOrder(NamedTuple):
    """An order that a sighting told of, in the minor units of the shop's currency.

    lines         amounts after their share of every discount, without shipping and tax
    amount_minor  goods + shipping + tax
    """

    sighting: Sighting
    lines: tuple[Line, ...]
    goods_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    amount_minor: int

    @property
    def number(self) -> str:
        """The order's number, as the shop gave it."""
        return self.sighting.goods.order_number


def is_completion(row: Sighting) -> bool:
    """Whether a sighting may tell of an order; robots buy nothing."""
    return row.name == names.ORDER_COMPLETED and row.visit.device != BOT


def order_of(row: Sighting, *, currency: str) -> SightedOrder | None:
    """The order that a sighting tells of; None if it names no order, another currency, or an amount that is none.

    currency  of the shop; events in another one have no amount among their columns
    source    {revenue: 90, shipping: 8, tax: 2} is 100 with goods of 90; {total: 100, shipping: 8, tax: 2} is the same
    """
    if values.identity(row.goods.order_number) == "" or row.goods.amount_minor is None:
        return None
    said = values.record(_exact.decode(row.body))
    total, revenue, shipping, tax = (_said(said, field, currency) for field in ("total", "revenue", "shipping", "tax"))
    if total is None and revenue is None:
        return None
    beside = (shipping or 0) + (tax or 0)
    amount = (revenue or 0) + beside if total is None else total
    goods = amount - beside
    if min(total or 0, revenue or 0, shipping or 0, tax or 0, goods) < 0 or amount > MOST_MINOR:
        return None
    return _shared(row, goods_minor=goods, shipping_minor=shipping or 0, tax_minor=tax or 0)


def _said(said: Mapping[str, Any], field: str, currency: str) -> int | None:
    """A sum of the order; None if it is not given, less than nothing if it is given and is no amount."""
    if said.get(field) in (None, ""):
        return None
    try:
        amount = values.minor(said[field], currency)
    except ArithmeticError:  # an exponent of many digits
        amount = None
    return -1 if amount is None else amount


def _shared(row: Sighting, *, goods_minor: int, shipping_minor: int, tax_minor: int) -> SightedOrder | None:
    """With a discount on the whole order shared out over its lines; pieces of nothing and prices below are no lines."""
    lines = tuple(line for line in row.goods.lines if line.quantity > 0 and line.amount_minor >= 0)
    listed_minor = sum(line.amount_minor for line in lines)
    if listed_minor > MOST_MINOR:
        return None
    discount_minor = max(0, listed_minor - goods_minor)
    if discount_minor:
        shares = apportion(goods_minor, [line.amount_minor for line in lines])
        lines = tuple(line._replace(amount_minor=share) for line, share in zip(lines, shares, strict=True))
    return SightedOrder(
        sighting=row,
        lines=lines,
        goods_minor=goods_minor,
        discount_minor=discount_minor,
        shipping_minor=shipping_minor,
        tax_minor=tax_minor,
        amount_minor=goods_minor + shipping_minor + tax_minor,
    )
