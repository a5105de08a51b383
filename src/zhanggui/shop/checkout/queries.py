"""Reading what an order would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.cart.rules import Cart, Line
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout import models, rules
from zhanggui.shop.checkout.ports import price_steps
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.rules import Shortage


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What some lines would cost now.

    cards  the products of the lines, by SKU; unknown ones are missing
    quote  for the lines that can be bought; None if there is none
    gone   SKUs that are no longer sold
    """

    cards: dict[str, Card]
    quote: rules.Quote | None
    gone: tuple[str, ...]
    terms: rules.Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """All that the cart page and the checkout page show.

    cards      the products of the cart, by SKU
    quote      what the lines that are still sold cost together; None if there is none
    gone       SKUs in the cart that are no longer sold
    shortages  SKUs of which fewer pieces are free than stand in the cart
    terms      what delivery costs, for "free from"
    """

    cart: Cart
    cards: dict[str, Card]
    quote: rules.Quote | None
    gone: tuple[str, ...]
    shortages: tuple[Shortage, ...]
    terms: rules.Terms

    @property
    def can_be_ordered(self) -> bool:
        """Whether all that stands in the cart can be had now."""
        return self.quote is not None and not self.gone and not self.shortages


def counter(shop: str, person: str, *, at: datetime) -> Counter:
    """The cart of a shopper with prices, reasons and what stands in the way of ordering it. Four statements."""
    cart = carts.cart(shop, person)
    seen = offer(shop, person, cart.lines, at=at)
    return Counter(
        cart=cart,
        cards=seen.cards,
        quote=seen.quote,
        gone=seen.gone,
        shortages=stock.short_of({line.sku: line.quantity for line in cart.lines if line.sku not in seen.gone}),
        terms=seen.terms,
    )


def offer(shop: str, person: str, lines: Sequence[Line], *, at: datetime) -> Offer:
    """What these lines would cost now. Two statements, and those of the steps that are plugged in."""
    cards = catalogue.products([line.sku for line in lines])
    sold = {sku for sku, card in cards.items() if card.is_listed and card.shop == shop}
    items = tuple(
        rules.Item(
            sku=line.sku,
            quantity=line.quantity,
            list_price=cards[line.sku].price,
            weight_g=cards[line.sku].weight_g,
            category=cards[line.sku].category,
        )
        for line in lines
        if line.sku in sold
    )
    costs = terms(shop)
    basket = rules.Basket(shop=shop, person=person, currency=costs.flat_rate.currency, items=items, terms=costs)
    return Offer(
        cards=cards,
        quote=rules.quote(basket, price_steps, at=at) if items else None,
        gone=tuple(line.sku for line in lines if line.sku not in sold),
        terms=costs,
    )


def terms(shop: str) -> rules.Terms:
    """What delivery costs in a shop; nothing until somebody sets it. One statement.

    refuses  NoSuchShop
    """
    row = models.Terms.objects.filter(pk=shop).first()
    return row.value if row else rules.Terms(flat_rate=Money.zero(shops.shop(shop).currency), free_from=None)
