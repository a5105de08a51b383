"""The wish list, of a guest or an account."""

from __future__ import annotations

from typing import Any, Final

from ninja import Router

from zhanggui.base import clock
from zhanggui.doors.api.askers import ApiRequest, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import accounts as shapes
from zhanggui.doors.api.shapes.common import Done, Sku
from zhanggui.doors.api.shop.goods import cards
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.wishes import actions, queries
from zhanggui.shop.wishes.rules import cheaper_by

router: Final = Router(tags=["Wish list"], auth=VisitorToken())


@router.get("/wishes", response=reading(list[shapes.Wish]))
def wishes(request: ApiRequest) -> Any:
    """All that is wished for, the newest wish first; 200 at most."""
    visitor, now = request.visitor, clock.now()
    found = queries.wishes(visitor.shop.code, visitor.person)
    known = catalogue.products({wish.sku for wish in found})
    said = {each["sku"]: each for each in cards(tuple(known.values()), at=now)}
    return [
        {
            "card": said[wish.sku],
            "wished_at": wish.at,
            "wished_price": wish.price,
            "cheaper_by": cheaper_by(wish, now=said[wish.sku]["price"]),
        }
        for wish in found
        if wish.sku in said
    ]


@router.put("/wishes/{sku}", response=writing(shapes.Wished), openapi_extra=KEYED)
def add(request: ApiRequest, sku: Sku) -> Any:
    """Put a SKU on the list with today's price."""
    return {"is_new": actions.add(sku=sku, trail=request.visitor.trail)}


@router.delete("/wishes/{sku}", response=writing(Done))
def remove(request: ApiRequest, sku: Sku) -> Any:
    """Take a SKU off the list; nothing happens if it does not stand there."""
    actions.remove(sku=sku, trail=request.visitor.trail)
    return {}
