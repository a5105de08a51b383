"""The catalogue at the back office."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ninja import Router

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import paging
from zhanggui.doors.api.askers import ApiRequest, OfficeKey
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import office as shapes
from zhanggui.doors.api.shapes.common import Cursor, Limit, Line, Listed, Name, Sku, WordsAsked
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.errors import NoSuchProduct, ProductMoved
from zhanggui.shop.catalogue.queries import Wanted, Whole
from zhanggui.shop.catalogue.rules import NewProduct, NewVariant, Words, with_skus

router: Final = Router(tags=["Office: products"], auth=OfficeKey(Right.RUN_SHOP))
_NAMED: Final = ("title", "summary", "brand", "proof", "category", "kind", "tags", "options", "tax_class")
_OF_A_SKU: Final = ("sku", "values", "price", "cost", "weight_g", "barcode", "is_listed")


@router.get("/products", response=reading(Listed[shapes.ProductWhole]))
def products(
    request: ApiRequest,
    q: Line = "",
    category: Line = "",
    tag: Line = "",
    is_listed: bool | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Products as they are written, those that sell best first."""
    shop, skipped = request.program.shop, paging.offset_of(cursor)
    wanted = Wanted(words=q, category=category, tag=tag, is_listed=is_listed)
    handles = queries.handles_of(shop, wanted, limit=limit, offset=skipped)
    items = [_said(each) for each in queries.wholes(shop, handles)]
    return {"items": items, "next": paging.after_part(skipped, len(handles), limit=limit)}


@router.get("/products/{handle}", response=reading(shapes.ProductWhole))
def product(request: ApiRequest, handle: Name) -> Any:
    """One product, by its name in addresses."""
    found = _whole(request.program.shop, handle)
    if found is None:
        raise NoSuchProduct(sku=handle)
    return _said(found)


@router.put("/products/{handle}", response=writing(shapes.ProductWhole), openapi_extra=KEYED)
def put(request: ApiRequest, handle: Name, said: shapes.ProductAsked) -> Any:
    """Have a product be exactly that: words, SKUs, prices. Pictures and papers it has stay."""
    program = request.program
    known = _whole(program.shop, handle)
    if known is None and said.edition:
        raise ProductMoved(handle=handle, edition=said.edition)
    if known is None:
        made = _written(_blank(program.shop, handle, said), said)
        actions.put_products(products=[made], trail=program.trail, by=program.by)
    else:
        after = _written(known.product, said)
        editions = {known.product.handle: said.edition}
        actions.edit_products(products=[after], editions=editions, trail=program.trail, by=program.by)
    return product(request, handle)


@router.put("/prices", response=writing(shapes.Changed), openapi_extra=KEYED)
def prices(request: ApiRequest, said: shapes.PricesAsked) -> Any:
    """Ask other list prices from now on, all or none."""
    program = request.program
    wanted = {sku: each.money for sku, each in said.prices.items()}
    return {"changed": actions.change_prices(prices=wanted, trail=program.trail, by=program.by)}


@router.put("/listing/{sku}", response=writing(shapes.Changed), openapi_extra=KEYED)
def listing(request: ApiRequest, sku: Sku, said: shapes.ListingAsked) -> Any:
    """Sell a SKU again, or stop selling it."""
    program = request.program
    before = queries.products([sku]).get(sku)
    verb = actions.relist if said.is_listed else actions.delist
    verb(sku=sku, trail=program.trail, by=program.by)
    return {"changed": int(before is not None and before.is_listed is not said.is_listed)}


def _whole(shop: str, handle: str) -> Whole | None:
    return next(iter(queries.wholes(shop, [handle])), None)


def _said(found: Whole) -> dict[str, Any]:
    product = found.product
    return {
        **{name: getattr(product, name) for name in _NAMED},
        "handle": product.handle,
        "edition": found.edition,
        "tags": list(product.tags),
        "options": list(product.options),
        "variants": [
            {name: getattr(own, name) for name in _OF_A_SKU} | {"values": list(own.values)} for own in product.skus
        ],
        "no_reason_exception": product.no_reason_exception,
        "listed_at": found.listed_at,
    }


def _blank(shop: str, handle: str, said: shapes.ProductAsked) -> NewProduct:
    """A product of which only the words of a call are known; it has no picture yet."""
    first = said.variants[0]
    return NewProduct(
        sku=first.sku,
        shop=shop,
        handle=handle,
        title=_words(said.title),
        summary=_words(said.summary),
        brand=_words(said.brand),
        category=said.category,
        price=first.price.money,
        cost=first.cost.money,
        weight_g=first.weight_g,
        attributes=(),
        proof=Words(zh=""),
        picture_svg="",
        kind=said.kind,
    )


def _written(product: NewProduct, said: shapes.ProductAsked) -> NewProduct:
    """The product with what a call says; of a SKU that stays, its sale, parts and picture stay."""
    known = {own.sku: own for own in product.skus}
    changed = replace(
        product,
        title=_words(said.title),
        summary=_words(said.summary),
        brand=_words(said.brand),
        proof=_words(said.proof) if said.proof else product.proof,
        category=said.category,
        kind=said.kind,
        tags=tuple(said.tags),
        options=tuple(_words(each) for each in said.options),
    )
    return with_skus(changed, [_sku(each, known.get(each.sku)) for each in said.variants])


def _sku(said: shapes.VariantAsked, known: NewVariant | None) -> NewVariant:
    values: dict[str, Any] = {
        "sku": said.sku,
        "values": tuple(_words(each) for each in said.values),
        "price": said.price.money,
        "cost": said.cost.money,
        "weight_g": said.weight_g,
        "barcode": said.barcode,
        "is_listed": said.is_listed,
    }
    return replace(known, **values) if known else NewVariant(**values)


def _words(said: WordsAsked) -> Words:
    return Words(zh=said.zh, en=said.en)
