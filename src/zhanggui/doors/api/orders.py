"""Orders, returns and payments as both surfaces answer them."""

from __future__ import annotations

from typing import Any, Final

from zhanggui.shop.customers import queries as customers
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders.rules import Line, Order
from zhanggui.shop.payments import queries as payments

_SUMS: Final = ("goods", "discount", "shipping", "tax", "tax_included", "total", "refunded")
_TIMES: Final = ("placed_at", "expires_at", "paid_at", "ended_at")
_AMOUNTS: Final = ("list_price", "discount", "amount", "shipping", "tax")


def brief(order: Order) -> dict[str, Any]:
    """An order in a list."""
    return {
        "number": order.number,
        "state": order.state,
        **{name: getattr(order, name) for name in (*_SUMS, *_TIMES)},
        "lines": [_line(line) for line in order.lines],
    }


def whole(order: Order) -> dict[str, Any]:
    """An order with all that belongs to it. Six statements."""
    addresses = customers.addresses([place.address_id for place in order.destinations])
    places = [
        {
            "position": place.position,
            "address": addresses.get(place.address_id),
            "option": place.option,
            "shipping": place.shipping,
            "promised_on": place.promised_on,
        }
        for place in order.destinations
    ]
    return {
        **brief(order),
        "destinations": places,
        "parcels": list(parcels.parcels(order.number)),
        "payments": list(payments.payments_of(order.number)),
        "refunds": list(payments.refunds_of(order.number)),
        "note": order.note,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in ("position", "destination", "sku", "quantity", "returned_units")},
        **{name: getattr(line, name) for name in _AMOUNTS},
        "title": {"zh": line.title_zh, "en": line.title_en},
        "variant": {"zh": line.variant_zh, "en": line.variant_en},
    }
