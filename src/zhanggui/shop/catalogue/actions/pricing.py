"""Prices: the list price, sales, and prices in other currencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.catalogue.actions.sums import sum_up
from zhanggui.shop.catalogue.errors import NoSuchProduct, PriceNotAllowed, SaleNotAllowed
from zhanggui.shop.catalogue.rules import Sale
from zhanggui.spine.facts.shop import PriceChanged
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# Whoever changes a SKU holds its product; products are held in the order of their handles.
_HOLD: Final = """
select p.id from shop_catalogue_product p where p.shop = %s::varchar
    and p.id in (select v.product_id from shop_catalogue_variant v where v.sku = any(%s::varchar[]))
order by p.handle for update of p
"""
_READ: Final = """
select v.sku, v.product_id, v.price_minor, v.currency, v.sale_minor, v.sale_starts_at, v.sale_ends_at
from shop_catalogue_variant v where v.sku = any(%s::varchar[]) and v.product_id = any(%s::bigint[]) order by v.sku
"""
_PRICE: Final = """
update shop_catalogue_variant v set price_minor = t.price_minor
from unnest(%s::varchar[], %s::bigint[]) t(sku, price_minor) where v.sku = t.sku
"""
_POINTS: Final = """
insert into shop_catalogue_price_point (sku, kind, price_minor, currency, since, until)
select t.sku, %s::varchar, t.price_minor, t.currency, t.since, t.until
from unnest(%s::varchar[], %s::bigint[], %s::varchar[], %s::timestamptz[], %s::timestamptz[])
    t(sku, price_minor, currency, since, until)
"""
_SALE: Final = """
update shop_catalogue_variant v set sale_minor = t.minor, sale_starts_at = t.starts, sale_ends_at = t.ends
from unnest(%s::varchar[], %s::bigint[], %s::timestamptz[], %s::timestamptz[]) t(sku, minor, starts, ends)
where v.sku = t.sku
"""
# What was never asked is forgotten, what is being asked ends now. Index shop_catalogue_price_point_sku.
_FORGET: Final = """
delete from shop_catalogue_price_point where sku = any(%s::varchar[]) and kind = 'sale' and since >= %s::timestamptz
"""
_END: Final = """
update shop_catalogue_price_point set until = %s::timestamptz
where sku = any(%s::varchar[]) and kind = 'sale' and until > %s::timestamptz
"""
_FOREIGN: Final = """
insert into shop_catalogue_foreign_price as f (variant_id, currency, price_minor)
select t.sku, t.currency, t.minor from unnest(%s::varchar[], %s::varchar[], %s::bigint[]) t(sku, currency, minor)
order by 1, 2
on conflict on constraint shop_catalogue_foreign_price_once
    do update set price_minor = excluded.price_minor where f.price_minor <> excluded.price_minor
"""
_NO_FOREIGN: Final = """
delete from shop_catalogue_foreign_price f using unnest(%s::varchar[], %s::varchar[]) t(sku, currency)
where f.variant_id = t.sku and f.currency = t.currency
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a SKU costs before a change."""

    sku: str
    product_id: int
    price: Money
    sale: Sale | None


@operation
def change_price(*, sku: str, price: Money, trail: Trail, by: Actor) -> None:
    """Ask another list price from now on.

    refuses  NoSuchProduct, PriceNotAllowed
    tells    shop.price_changed, not if it is the price already
    """
    change_prices(prices={sku: price}, trail=trail, by=by)


@operation
def change_prices(*, prices: Mapping[str, Money], trail: Trail, by: Actor) -> int:
    """Ask other list prices from now on, all or none; of how many SKUs the price is another.

    refuses  NoSuchProduct, PriceNotAllowed; nothing is written
    tells    shop.price_changed per SKU, not for one that has the price already
    """
    standing = held(list(prices), shop=trail.shop)
    for sku, price in prices.items():
        if price.currency != standing[sku].price.currency or price.minor <= 0:
            raise PriceNotAllowed(sku=sku, price_minor=price.minor, currency=price.currency)
    changed = {sku: prices[sku] for sku in standing if prices[sku] != standing[sku].price}
    if not changed:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_PRICE, [list(changed), [price.minor for price in changed.values()]])
    add_points("list", {sku: (price, clock.now(), None) for sku, price in changed.items()})
    sum_up(standing[sku].product_id for sku in changed)
    facts = [
        PriceChanged(sku=sku, was_minor=standing[sku].price.minor, amount_minor=price.minor, currency=price.currency)
        for sku, price in changed.items()
    ]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])
    return len(changed)


@operation
def put_sales(*, sales: Mapping[str, Sale | None], trail: Trail) -> int:
    """Have SKUs cost less for a time, or no longer; of how many SKUs the sale is another. One sale per SKU.

    The prices that were asked stay in the price points; a sale that has not begun leaves no trace.

    sales    None ends a running sale now and calls off one to come
    refuses  NoSuchProduct, SaleNotAllowed; nothing is written
    tells    nothing: the list price stays what it is
    """
    now = clock.now()
    standing = held(list(sales), shop=trail.shop)
    changed = {sku: sales[sku] for sku in standing if sales[sku] != standing[sku].sale}
    for sku, sale in changed.items():
        if sale is not None:
            _check_sale(sku, sale, price=standing[sku].price, at=now)
    if not changed:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [list(changed), now])
        cursor.execute(_END, [now, list(changed), now])
        cursor.execute(
            _SALE,
            [
                list(changed),
                [sale and sale.price.minor for sale in changed.values()],
                [sale and sale.starts_at for sale in changed.values()],
                [sale and sale.ends_at for sale in changed.values()],
            ],
        )
    add_points(
        "sale", {sku: (sale.price, max(sale.starts_at, now), sale.ends_at) for sku, sale in changed.items() if sale}
    )
    sum_up(standing[sku].product_id for sku in changed)
    return len(changed)


@operation
def set_foreign_prices(*, prices: Mapping[str, Mapping[str, Money | None]], trail: Trail) -> None:
    """Say what SKUs cost in other currencies than their own; None takes a price back.

    prices   by SKU and currency
    refuses  NoSuchProduct, PriceNotAllowed for a price of nothing or in the SKU's own currency; nothing is written
    """
    standing = held(list(prices), shop=trail.shop)
    said = [(sku, currency, price) for sku, own in sorted(prices.items()) for currency, price in sorted(own.items())]
    for sku, currency, price in said:
        is_wrong = price is not None and (price.minor <= 0 or price.currency != currency)
        if currency == standing[sku].price.currency or is_wrong:
            raise PriceNotAllowed(sku=sku, price_minor=price.minor if price else 0, currency=currency)
    kept = [(sku, currency, price.minor) for sku, currency, price in said if price is not None]
    gone = [(sku, currency) for sku, currency, price in said if price is None]
    with connection.cursor() as cursor:
        if kept:
            cursor.execute(_FOREIGN, [list(column) for column in zip(*kept, strict=True)])
        if gone:
            cursor.execute(_NO_FOREIGN, [list(column) for column in zip(*gone, strict=True)])


def held(skus: list[str], *, shop: str) -> dict[str, Standing]:
    """What these SKUs cost, their products locked in key order, by SKU in order. Two statements.

    refuses  NoSuchProduct if one of them is not the shop's
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [shop, skus])
        ids = [id for (id,) in cursor.fetchall()]
        cursor.execute(_READ, [skus, ids])
        found = {
            sku: Standing(
                sku=sku,
                product_id=product_id,
                price=Money(price, currency),
                sale=Sale(price=Money(sale, currency), starts_at=starts, ends_at=ends) if sale else None,
            )
            for sku, product_id, price, currency, sale, starts, ends in cursor.fetchall()
        }
    missing = [sku for sku in skus if sku not in found]
    if missing:
        raise NoSuchProduct(sku=missing[0])
    return found


def add_points(kind: str, points: Mapping[str, tuple[Money, datetime, datetime | None]]) -> None:
    """Keep what was asked for SKUs, from when on, until when. One statement."""
    if not points:
        return
    rows = [(sku, price.minor, price.currency, since, until) for sku, (price, since, until) in points.items()]
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, [kind, *(list(column) for column in zip(*rows, strict=True))])


def _check_sale(sku: str, sale: Sale, *, price: Money, at: datetime) -> None:
    if sale.price.currency != price.currency:
        raise SaleNotAllowed(sku=sku, reason="currency")
    if not 0 < sale.price.minor < price.minor:
        raise SaleNotAllowed(sku=sku, reason="price")
    if sale.ends_at <= max(sale.starts_at, at):
        raise SaleNotAllowed(sku=sku, reason="time")
