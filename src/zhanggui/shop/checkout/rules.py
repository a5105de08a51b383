"""What a basket costs: a pipeline of steps, each adding adjustments with a reason, shared out to the minor unit.

Each step works on what the steps before have made. Shares are made here, once, by `Money.split`, and frozen on the
order's lines, so that a refund gives back exactly what was paid and never runs the pipeline again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from zhanggui.base.money import Money


class Part(StrEnum):
    """The part of a total that an adjustment moves."""

    GOODS = "goods"
    SHIPPING = "shipping"
    TAX = "tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What delivery costs in a shop: one flat rate, and nothing from a goods total on.

    free_from  None: never free
    """

    flat_rate: Money
    free_from: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a basket, before any price was asked."""

    sku: str
    quantity: int
    list_price: Money
    weight_g: int = 0
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What is to be priced, with all that the steps need to know; every amount is in `currency`."""

    shop: str
    person: str
    currency: str
    items: tuple[Item, ...]
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One step's effect on the price.

    step    who says so, such as list_price or delivery
    reason  why, as a word that a door puts into a sentence: list_price, flat_rate, free_from
    amount  signed; what is taken off is negative
    shares  one per item, summing to the amount; empty: shared out by what the items cost so far, or by pieces
    """

    step: str
    reason: str
    part: Part
    amount: Money
    shares: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the steps before have made of a basket.

    amounts  what each item costs so far, in the order of the basket
    """

    basket: Basket
    amounts: tuple[Money, ...]
    adjustments: tuple[Adjustment, ...]

    @property
    def goods(self) -> Money:
        """What all items cost so far, without shipping and tax."""
        return Money.total(self.amounts, self.basket.currency)


class PriceStep(Protocol):
    """A port: one step of the pipeline, such as list prices, offers, points, delivery."""

    def __call__(self, draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
        """What this step adds to what the steps before have made."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """What one SKU costs; every amount is for all its pieces together.

    listed    list price x quantity
    discount  what was taken off, 0 or negative
    amount    what is paid for the goods: listed + discount
    shipping, tax  its share of them
    """

    sku: str
    quantity: int
    list_price: Money
    listed: Money
    discount: Money
    amount: Money
    shipping: Money
    tax: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a basket costs, and why.

    goods  after discounts; total = goods + shipping + tax
    """

    lines: tuple[QuoteLine, ...]
    adjustments: tuple[Adjustment, ...]
    listed: Money
    discount: Money
    goods: Money
    shipping: Money
    tax: Money
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An order that stands and waits for its money."""

    order_number: str
    payment_id: str


def quote(basket: Basket, steps: Sequence[PriceStep], *, at: datetime) -> Quote:
    """What a basket costs at a moment, step by step.

    law     the lines' amounts, shipping and tax sum to the total, to the minor unit
    source  2 x 168.00 and 1 x 59.90, postage 12.00 -> goods 395.90, total 407.90, postage shared 10.18 and 1.82
    """
    zero = Money.zero(basket.currency)
    draft = Draft(basket=basket, amounts=(zero,) * len(basket.items), adjustments=())
    for step in steps:
        for adjustment in step(draft, at=at):
            draft = _adjusted(draft, adjustment)
    if any(amount < zero for amount in draft.amounts):
        raise ValueError("a price step takes more off an item than it costs")
    lines = tuple(_line(draft, position) for position in range(len(basket.items)))
    shipping, tax = (_sum_of(draft, part) for part in (Part.SHIPPING, Part.TAX))
    listed = Money.total((line.listed for line in lines), basket.currency)
    return Quote(
        lines=lines,
        adjustments=draft.adjustments,
        listed=listed,
        discount=draft.goods - listed,
        goods=draft.goods,
        shipping=shipping,
        tax=tax,
        total=draft.goods + shipping + tax,
    )


def list_price(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The first step: every item at its list price."""
    shares = tuple(item.list_price * item.quantity for item in draft.basket.items)
    amount = Money.total(shares, draft.basket.currency)
    return [Adjustment(step="list_price", reason="list_price", part=Part.GOODS, amount=amount, shares=shares)]


def delivery(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The step that adds postage: the flat rate of the shop, or nothing from a goods total on.

    source  flat rate 12.00, free from 99.00: goods 98.99 -> 12.00, goods 99.00 -> 0
    """
    terms = draft.basket.terms
    is_free = terms.free_from is not None and draft.goods >= terms.free_from
    amount, reason = (Money.zero(draft.basket.currency), "free_from") if is_free else (terms.flat_rate, "flat_rate")
    return [Adjustment(step="delivery", reason=reason, part=Part.SHIPPING, amount=amount)]


def _adjusted(draft: Draft, adjustment: Adjustment) -> Draft:
    """The draft with one adjustment more, its shares made if the step made none."""
    items = draft.basket.items
    weights = [amount.minor for amount in draft.amounts]
    shares = adjustment.shares or adjustment.amount.split(weights if any(weights) else [i.quantity for i in items])
    if len(shares) != len(items) or Money.total(shares, draft.basket.currency) != adjustment.amount:
        raise ValueError(f"the shares of the price step {adjustment.step} do not sum to its amount")
    kept = replace(adjustment, shares=shares)
    amounts = draft.amounts
    if adjustment.part is Part.GOODS:
        amounts = tuple(amount + share for amount, share in zip(amounts, shares, strict=True))
    return replace(draft, amounts=amounts, adjustments=(*draft.adjustments, kept))


def _line(draft: Draft, position: int) -> QuoteLine:
    item, amount = draft.basket.items[position], draft.amounts[position]
    listed = item.list_price * item.quantity
    return QuoteLine(
        sku=item.sku,
        quantity=item.quantity,
        list_price=item.list_price,
        listed=listed,
        discount=amount - listed,
        amount=amount,
        shipping=_sum_of(draft, Part.SHIPPING, position),
        tax=_sum_of(draft, Part.TAX, position),
    )


def _sum_of(draft: Draft, part: Part, position: int | None = None) -> Money:
    """What a part comes to, for the whole basket or for one of its items."""
    found = (a for a in draft.adjustments if a.part is part)
    return Money.total((a.amount if position is None else a.shares[position] for a in found), draft.basket.currency)
