"""Flash sales: what is on, and the line before the door. Bought is as everything is: by the cart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ninja import Router

from zhanggui.base import clock
from zhanggui.doors.api.askers import ApiRequest, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import sales as shapes
from zhanggui.growth.flash import actions, queries
from zhanggui.growth.flash.errors import NoSuchSale
from zhanggui.growth.flash.rules import Sale, Ticket, pause_s
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card

router: Final = Router(tags=["Flash sales"], auth=VisitorToken())


@router.get("/flash-sales", response=reading(list[shapes.FlashSale]))
def sales(request: ApiRequest) -> Any:
    """The flash sales that are on, those of the next week and those just over, by their beginning."""
    found = queries.shown(request.visitor.shop.code)
    cards = catalogue.products(sorted({item.sku for sale in found for item in sale.items})) if found else {}
    now = clock.now()
    return [_sale(sale, cards, at=now) for sale in found]


@router.post("/flash-sales/{id}/line", response=writing(shapes.FlashEntry), openapi_extra=KEYED)
def line_up(request: ApiRequest, id: UUID) -> Any:
    """Stand in line for a sale that has one, from ten minutes before it begins, or ask again how long it takes.

    The place belongs to the shopper of this token, so nothing else has to be carried to the checkout. Ask again after
    again_s seconds, with a key of its own.
    """
    visitor = request.visitor
    sale = queries.sale_of(visitor.shop.code, str(id))
    if sale is None:
        raise NoSuchSale(id=str(id))
    ticket = actions.line_up(shop=visitor.shop.code, sale_id=sale.id, person=visitor.person)
    return _entry(sale, ticket, at=clock.now())


def _sale(sale: Sale, cards: Mapping[str, Card], *, at: datetime) -> dict[str, Any]:
    items = [
        {
            **{name: getattr(item, name) for name in ("sku", "price", "left_units", "taken_percent", "per_person")},
            "title": cards[item.sku].title,
            "variant": cards[item.sku].variant,
            "list_price": cards[item.sku].price,
            "stage": sale.stage(at, item=item),
        }
        for item in sale.items
        if item.sku in cards
    ]
    return {
        **{name: getattr(sale, name) for name in ("id", "name", "starts_at", "ends_at")},
        "now": at,
        "stage": sale.stage(at),
        "has_line": sale.entries_per_second is not None,
        "items": items,
    }


def _entry(sale: Sale, ticket: Ticket, *, at: datetime) -> dict[str, Any]:
    waits = ticket.opens_at - max(at, sale.starts_at)
    return {
        "opens_at": ticket.opens_at,
        "expires_at": ticket.expires_at,
        "now": at,
        "is_open": ticket.is_open(at) and sale.is_on(at),
        "before": max(0, round(waits.total_seconds() * (sale.entries_per_second or 0))),
        "again_s": pause_s(ticket, at=at),
    }
