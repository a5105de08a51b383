"""Changing what stands in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.catalogue.actions import listing
from zhanggui.shop.catalogue.actions.pricing import change_prices, held, put_sales, set_foreign_prices
from zhanggui.shop.catalogue.actions.sums import sum_up
from zhanggui.shop.catalogue.errors import ProductMoved, SkuTaken
from zhanggui.shop.catalogue.rules import NewProduct
from zhanggui.spine.facts.shop import ProductDelisted, ProductListed
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# Index shop_catalogue_product_once. Whoever waits here for another's edit finds another edition, and no row.
_CLAIM: Final = """
with seen as materialized (
    select p.id, t.edition from unnest(%s::varchar[], %s::bigint[]) t(handle, edition)
    join shop_catalogue_product p on p.shop = %s::varchar and p.handle = t.handle order by p.handle for update of p)
update shop_catalogue_product p set edition = p.edition + 1 from seen
where p.id = seen.id and p.edition = seen.edition returning p.handle
"""
_LIST: Final = """
update shop_catalogue_variant set is_listed = %s::boolean
where sku = any(%s::varchar[]) and is_listed <> %s::boolean returning sku
"""
_NAMED: Final = """
select v.sku, p.title_zh, p.title_en, c.key, v.price_minor, v.currency from shop_catalogue_variant v
join shop_catalogue_product p on p.id = v.product_id join shop_catalogue_category c on c.id = p.category_id
where v.sku = any(%s::varchar[]) order by v.sku
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """How many SKUs are new, say something new, cost something else, are on another sale, are no longer sold."""

    new: int
    changed: int
    repriced: int
    on_sale: int
    gone: int


NOTHING_PUT: Final = Put(new=0, changed=0, repriced=0, on_sale=0, gone=0)


@operation
def edit_products(
    *,
    products: Sequence[NewProduct],
    editions: Mapping[str, int],
    abroad: Mapping[str, Mapping[str, Money | None]] | None = None,
    trail: Trail,
    by: Actor,
) -> Put:
    """Have products of the shop be what is said, if nobody else edited them since they were looked at; all or none.

    products  with their handles
    editions  by handle, as they were seen
    abroad    prices in other currencies that are other ones now, as `set_foreign_prices` takes them
    refuses   ProductMoved (also if there is no such product), and as `put_products`; nothing is written
    tells     as `put_products`
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(editions), list(editions.values()), trail.shop])
        claimed = {handle for (handle,) in cursor.fetchall()}
    for product in products:
        if product.handle not in claimed:
            raise ProductMoved(handle=product.handle, edition=editions.get(product.handle, 0))
    put = put_products(products=products, trail=trail, by=by)
    if abroad:
        set_foreign_prices(prices=abroad, trail=trail)
    return put


@operation
def put_products(*, products: Sequence[NewProduct], trail: Trail, by: Actor) -> Put:
    """Have products be exactly what is said: words, SKUs, prices and sales. Done twice, it changes nothing.

    refuses  as `list_product`; nothing is written
    tells    shop.product_listed, shop.product_delisted, shop.price_changed, each per SKU of which it is true
    """
    written = listing.put_up(products, listed_at=clock.now())
    listing.tell(products, written, trail=trail, by=by)
    stood = [own for product in products for own in product.skus if own.sku not in written.new]
    repriced = on_sale = 0
    if stood:
        # Prices first: a sale is held against the list price of its time.
        repriced = change_prices(prices={own.sku: own.price for own in stood}, trail=trail, by=by)
        on_sale = put_sales(sales={own.sku: own.sale for own in stood}, trail=trail)
    return Put(
        new=len(written.new),
        changed=len(written.changed.keys() - written.new),
        repriced=repriced,
        on_sale=on_sale,
        gone=len(written.gone),
    )


@operation
def put_new_product(*, product: NewProduct, trail: Trail, by: Actor) -> None:
    """Have a product that was not there before; of two that come with the same SKU at once, one is refused.

    refuses  SkuTaken also if the shop's own product has a SKU of it, and as `put_products`; nothing is written
    tells    shop.product_listed per SKU, not for one that is not listed yet
    """
    written = listing.put_up([product], listed_at=clock.now())
    for own in product.skus:
        if own.sku not in written.new:
            raise SkuTaken(sku=own.sku)
    listing.tell([product], written, trail=trail, by=by)


@operation
def delist(*, sku: str, trail: Trail, by: Actor) -> None:
    """Stop selling a SKU; its page can still be looked at.

    refuses  NoSuchProduct
    tells    shop.product_delisted, not if it was not listed
    """
    for gone in _set_listed([sku], is_listed=False, shop=trail.shop):
        record_all([Told(fact=ProductDelisted(sku=gone), by=by, trail=trail, subject=f"sku:{gone}")])


@operation
def relist(*, sku: str, trail: Trail, by: Actor) -> None:
    """Sell a SKU again, in the words and at the price that it has.

    refuses  NoSuchProduct
    tells    shop.product_listed, not if it is listed
    """
    back = _set_listed([sku], is_listed=True, shop=trail.shop)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [back])
        facts = [
            ProductListed(sku=own, title=zh, title_en=en, category=key, amount_minor=minor, currency=currency)
            for own, zh, en, key, minor, currency in cursor.fetchall()
        ]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])


def _set_listed(skus: list[str], *, is_listed: bool, shop: str) -> list[str]:
    standing = held(skus, shop=shop)
    with connection.cursor() as cursor:
        cursor.execute(_LIST, [is_listed, skus, is_listed])
        changed = [sku for (sku,) in cursor.fetchall()]
    sum_up(standing[sku].product_id for sku in changed)
    return changed
