"""What a page tells the browser script to report: sightings by the names of the Segment e-commerce events.

Each returns the JSON that stands in an element's `data-sight`; amounts in major units, as that vocabulary has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from zhanggui.base.money import Money
from zhanggui.shop.catalogue.rules import Card, Product
from zhanggui.shop.checkout.queries import Counter
from zhanggui.shop.orders.rules import Order

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


def list_viewed(*, list_id: str, category: str, cards: Iterable[Card]) -> str:
    """A shopper looks at a shelf."""
    products = [{"product_id": card.sku, "position": i} for i, card in enumerate(cards, 1)]
    return _sight("Product List Viewed", list_id=list_id, category=category, products=products)


def searched(*, query: str, total: int) -> str:
    """A shopper looked for something."""
    return _sight("Products Searched", query=query, results=total)


def clicked(card: Card, *, list_id: str, position: int, price: Money | None = None) -> str:
    """A shopper opens a product from a list, at the price that stands there, or its list price."""
    return _sight("Product Clicked", list_id=list_id, position=position, **_of(card, price))


def viewed(product: Product, *, price: Money) -> str:
    """A shopper looks at a product, at what it costs now."""
    return _sight("Product Viewed", value=price.major, **_of(product.card, price))


def added(card: Card, *, price: Money) -> str:
    """A shopper lays a product aside at that price; the form's quantity goes along by itself."""
    return _sight("Product Added", **_of(card, price))


def removed(card: Card, *, quantity: int) -> str:
    """A shopper takes a product out of the cart."""
    return _sight("Product Removed", quantity=quantity, **_of(card))


def cart_viewed(counter: Counter) -> str:
    """A shopper looks at the cart."""
    return _sight("Cart Viewed", cart_id=str(counter.cart.id or ""), products=_in(counter))


def checkout_started(counter: Counter) -> str:
    """A shopper opens the checkout."""
    worth: dict[str, Any] = {}
    if counter.quote:
        worth = {"value": counter.quote.total.major, "currency": counter.quote.total.currency}
    return _sight("Checkout Started", checkout_id=str(counter.cart.id or ""), products=_in(counter), **worth)


def step_completed(*, checkout_id: str, step: int) -> str:
    """A shopper has done one block of the checkout: 1 where, 2 how, 3 pay, 4 check."""
    return _sight("Checkout Step Completed", checkout_id=checkout_id, step=step)


def completed(order: Order) -> str:
    """A shopper sees that the order is paid; revenue is after discounts, without delivery and tax."""
    products = [
        {"product_id": line.sku, "sku": line.sku, "category": line.category, "quantity": line.quantity}
        for line in order.lines
    ]
    return _sight(
        "Order Completed",
        order_id=order.number,
        revenue=order.goods.major,
        total=order.total.major,
        currency=order.total.currency,
        products=products,
    )


def _of(card: Card, price: Money | None = None) -> dict[str, Any]:
    asked = price or card.price
    return {
        "product_id": card.sku,
        "sku": card.sku,
        "category": card.category,
        "price": asked.major,
        "currency": asked.currency,
    }


def _in(counter: Counter) -> list[dict[str, Any]]:
    return [{"product_id": line.sku, "sku": line.sku, "quantity": line.quantity} for line in counter.cart.lines]


def _sight(event: str, **properties: Any) -> str:
    return _encoder.encode({"event": event, "properties": properties}).decode()
