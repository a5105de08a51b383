"""A product that was not there before: what its form says, and the verbs that follow from it."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.doors.console import fields
from zhanggui.doors.console.fields import Unfit
from zhanggui.shop.catalogue import actions
from zhanggui.shop.catalogue.rules import NOTHING, Kind, Medium, MediumKind, NewProduct
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

_MOST_UNITS_DIGITS = 7


def product_of(form: Mapping[str, str], *, shop: str, currency: str, picture: str) -> NewProduct:
    """The product that a form describes, not on sale unless it says so.

    picture  name of a file in the media store; empty if none was sent
    refuses  Unfit
    """
    price = fields.money(form, "price", currency)
    if price is None:
        raise Unfit("price", "price")
    title = fields.words(form, "title")
    return NewProduct(
        sku=form.get("sku", "").strip(),
        shop=shop,
        title=title,
        summary=fields.words(form, "summary"),
        brand=NOTHING,
        category=form.get("category", ""),
        price=price,
        cost=fields.money(form, "cost", currency) or Money.zero(currency),
        weight_g=_whole(form, "weight"),
        attributes=(),
        proof=NOTHING,
        picture_svg="",
        kind=Kind.PHYSICAL,
        media=(Medium(kind=MediumKind.PICTURE, file=picture, alt=title),) if picture else (),
        is_listed=form.get("then") == "sell",
    )


def units_of(form: Mapping[str, str]) -> int:
    """How many pieces lie in the warehouse already.

    refuses  Unfit
    """
    return _whole(form, "units")


@operation
def open_product(*, product: NewProduct, units: int, warehouse: str, trail: Trail, by: Actor) -> None:
    """Have a new product with its first pieces in a warehouse; both or neither.

    refuses  as `put_new_product` and `stock.receive`; nothing is written
    tells    what they tell
    """
    actions.put_new_product(product=product, trail=trail, by=by)
    if units:
        stock.receive(
            reference=f"new/{product.sku}", units={product.sku: units}, warehouse=warehouse, trail=trail, by=by
        )


def _whole(form: Mapping[str, str], name: str) -> int:
    said = form.get(name, "").strip() or "0"
    if not (said.isascii() and said.isdigit()) or len(said) > _MOST_UNITS_DIGITS:
        raise Unfit(name, name)
    return int(said)
