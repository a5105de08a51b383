"""What a basket costs: a pipeline of steps, each adding adjustments with a reason, shared out to the minor unit.

Each step works on what the steps before have made. Shares are made here, once, by `Money.split`, and frozen on the
order's lines, so that a refund gives back exactly what was paid and never runs the pipeline again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from zhanggui.base.money import Money
from zhanggui.base.rates.rules import Rate
from zhanggui.guard.tax import rules as tax_rules
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout.errors import SplitNotAllowed
from zhanggui.shop.checkout.rules.values import (
    Adjustment,
    Basket,
    Draft,
    Drop,
    Item,
    Option,
    Part,
    PriceStep,
    Quote,
    QuoteLine,
    Wanted,
)


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
        basket=basket,
        lines=lines,
        adjustments=draft.adjustments,
        listed=listed,
        discount=draft.goods - listed,
        goods=draft.goods,
        shipping=shipping,
        tax=tax,
        tax_included=Money.total((line.tax_included for line in lines), basket.currency),
        total=draft.goods + shipping + tax,
    )


def item(line: Wanted, card: Card, *, tax: tax_rules.Rate, list_price: Money, at: datetime) -> Item:
    """A line of a basket for what a product costs at a moment.

    list_price  of one piece, in the currency it is paid in; what is on sale is as much cheaper there
    """
    on_sale = card.price_at(at)
    share = Decimal(on_sale.minor) / card.price.minor
    return Item(
        sku=line.sku,
        quantity=line.quantity,
        list_price=list_price,
        product=card.product,
        destination=line.destination,
        sale_price=list_price.times(share) if on_sale < card.price else None,
        weight_g=card.weight_g,
        category=card.category,
        needs_shipping=card.needs_shipping,
        tax_rate=tax.rate,
        is_tax_included=tax.is_included,
    )


def spread(units: Mapping[str, int], drops: Sequence[Drop]) -> tuple[Wanted, ...]:
    """What goes where: every piece of the cart to exactly one place; a single place that names nothing takes all.

    units    pieces by SKU, in the order of the cart
    refuses  SplitNotAllowed if pieces are left over or given out twice, or a place gets nothing
    source   2 cups to one and 1 cup to another of 3 cups -> (cup, 2, 1), (cup, 1, 2)
    """
    if len(drops) == 1 and drops[0].units is None:
        return tuple(Wanted(sku=sku, quantity=quantity) for sku, quantity in units.items())
    given = [dict(drop.units or {}) for drop in drops]
    skus = dict.fromkeys([*units, *(sku for part in given for sku in part)])
    wrong = tuple(sku for sku in skus if sum(part.get(sku, 0) for part in given) != units.get(sku, 0))
    if wrong or not all(given) or any(pieces <= 0 for part in given for pieces in part.values()):
        raise SplitNotAllowed(skus=wrong)
    return tuple(
        Wanted(sku=sku, quantity=part[sku], destination=number)
        for number, part in enumerate(given, start=1)
        for sku in skus
        if sku in part
    )


def parts_of(card: Card) -> tuple[tuple[str, int], ...]:
    """What must lie in stock for one piece: SKUs and units; nothing for downloads and services."""
    if not card.needs_shipping:
        return ()
    return tuple((part.sku, part.units) for part in card.parts) or ((card.sku, 1),)


def in_currency(option: Option, rate: Rate) -> Option:
    """The same way to deliver with its prices in another currency."""
    free_from = None if option.free_from is None else rate.convert(option.free_from)
    return dataclasses.replace(
        option, rate=rate.convert(option.rate), per_kg=rate.convert(option.per_kg), free_from=free_from
    )


def list_price(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The first step: every item at its list price."""
    shares = tuple(item.list_price * item.quantity for item in draft.basket.items)
    amount = Money.total(shares, draft.basket.currency)
    return [Adjustment(step="list_price", reason="list_price", part=Part.GOODS, amount=amount, shares=shares)]


def sale_price(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The step that takes off what is on sale just now.

    source  2 pieces at 168.00, on sale for 149.00 -> -38.00
    """
    zero = Money.zero(draft.basket.currency)
    shares = tuple(
        min(zero, (item.sale_price - item.list_price) * item.quantity) if item.sale_price else zero
        for item in draft.basket.items
    )
    amount = Money.total(shares, draft.basket.currency)
    if not amount:
        return []
    return [Adjustment(step="sale_price", reason="sale", part=Part.GOODS, amount=amount, shares=shares)]


def delivery(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The step that adds postage: for each place what its way costs, or nothing from a goods total on.

    What is not shipped costs no postage and does not count.

    source  flat rate 12.00, free from 99.00: goods 98.99 -> 12.00, goods 99.00 -> 0; 12.00 and 3.00 for each further
            kilogram: 2.1 kg -> 18.00
    """
    adjustments = (_postage(draft, number) for number in range(1, len(draft.basket.stops) + 1))
    return [adjustment for adjustment in adjustments if adjustment is not None]


def tax(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The last step: tax that comes on top of prices and postage, by item; what prices contain is no adjustment.

    source  100.00 and 10.00 postage at 7.25 % on top -> 7.98
    """
    zero = Money.zero(draft.basket.currency)
    shares = tuple(
        zero if item.is_tax_included else _taxed(draft, position).times(item.tax_rate)
        for position, item in enumerate(draft.basket.items)
    )
    amount = Money.total(shares, draft.basket.currency)
    if not amount:
        return []
    return [Adjustment(step="tax", reason="tax_on_top", part=Part.TAX, amount=amount, shares=shares)]


def promised_on(option: Option, *, placed_on: date) -> date:
    """The day by which a parcel is promised to be at the door.

    source  2 to 5 days, ordered on 2026-11-22 -> 2026-11-27
    """
    return placed_on + timedelta(days=option.days[1])


def _postage(draft: Draft, number: int) -> Adjustment | None:
    """What the way to one of the places costs, shared out among what goes there by what it costs."""
    basket = draft.basket
    option = basket.stops[number - 1].option
    here = [item.destination == number and item.needs_shipping for item in basket.items]
    if not any(here):
        return None
    goods = [amount.minor if is_here else 0 for amount, is_here in zip(draft.amounts, here, strict=True)]
    weight_g = sum(i.weight_g * i.quantity for i, is_here in zip(basket.items, here, strict=True) if is_here)
    if option.free_from is not None and sum(goods) >= option.free_from.minor:
        amount, reason = Money.zero(basket.currency), "free_from"
    else:
        amount, reason = option.rate + option.per_kg * max(0, -(-weight_g // 1000) - 1), "flat_rate"
    pieces = [item.quantity if is_here else 0 for item, is_here in zip(basket.items, here, strict=True)]
    shares = amount.split(goods if any(goods) else pieces)
    return Adjustment(step="delivery", reason=reason, part=Part.SHIPPING, amount=amount, shares=shares)


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
    zero = Money.zero(draft.basket.currency)
    return QuoteLine(
        sku=item.sku,
        destination=item.destination,
        quantity=item.quantity,
        list_price=item.list_price,
        listed=listed,
        discount=amount - listed,
        amount=amount,
        shipping=_sum_of(draft, Part.SHIPPING, position),
        tax=_sum_of(draft, Part.TAX, position),
        tax_rate=item.tax_rate,
        tax_included=tax_rules.included(_taxed(draft, position), item.tax_rate) if item.is_tax_included else zero,
    )


def _taxed(draft: Draft, position: int) -> Money:
    """What an item's tax is reckoned from: its goods and its share of the postage."""
    return draft.amounts[position] + _sum_of(draft, Part.SHIPPING, position)


def _sum_of(draft: Draft, part: Part, position: int | None = None) -> Money:
    """What a part comes to, for the whole basket or for one of its items."""
    found = (a for a in draft.adjustments if a.part is part)
    return Money.total((a.amount if position is None else a.shares[position] for a in found), draft.basket.currency)
