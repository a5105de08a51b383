"""Orders over HTTP on a shop with 100,000 SKUs: placing alone, whole purchases, and 500 buyers for 100 units.

The web server runs as `zhanggui run` runs it, two workers of two threads, with synchronous commits; server, client and
database share the cores. Every buyer is a visitor of its own who comes for the first time and types an address. All of
them come from one network address, so the brake on checkouts is let go for the server of this benchmark
(ZHANGGUI_CHECKOUTS). No provider is called while an order is placed: the sandbox only says an address.

Two bounds are measured in the same run: pages that ask the database nothing, and a bare update of one row with its
commit.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.core import signing
from django.core.management import call_command
from django.db import connection

from benchmarks import browsers, buyers, pages
from benchmarks.number import Number
from zhanggui.base import ids
from zhanggui.base.audit import queries as audits
from zhanggui.base.money import Money
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import NewProduct, Words
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

RUSH_SKU, RUSH_UNITS, RUSH_BUYERS, RUSH_AT_ONCE = "RUSH-1", 100, 500, 32
PLACED, PLACED_AT_ONE = 1200, 200
BOUGHT, BOUGHT_AT_ONE, WARM = 1000, 250, 120
BARE_PAGE, BARE_UPDATE = "a view without statements, 8 connections", "a bare update of one row with its commit"
UPDATE_SECONDS = 2.0
_UPDATE = "update supply_stock_level set held_units = held_units where sku = %s::varchar"
_HELD = """
select coalesce(sum(units - released_units), 0)::int from supply_stock_reservation where sku = %s::varchar
"""
_ORDERED = "select coalesce(sum(quantity), 0)::int from shop_orders_line where sku = %s::varchar"


def measure() -> list[Number]:
    """Fill the shop unless it is filled, start the server, buy."""
    call_command("collectstatic", interactive=False, verbosity=0)
    if not _is_filled():
        pages.fill()
    _put_up_the_rush()
    with connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        if cursor.fetchone() != ("on",):
            raise SystemExit("commits must be synchronous")
        cursor.execute("vacuum analyze")
    updates = _bare_updates()
    chance = random.Random(13)
    with pages.server(ZHANGGUI_CHECKOUTS="1000000") as port:
        bare = browsers.rush(port=port, requests=[_robots(port)], connections=8, seconds=3).per_second
        _sell(port, "purchase", WARM, chance, at_once=8)
        placing = _sell(port, "place", PLACED, chance, at_once=8)
        placing_one = _sell(port, "place", PLACED_AT_ONE, chance, at_once=1)
        buying = _sell(port, "purchase", BOUGHT, chance, at_once=8)
        buying_one = _sell(port, "purchase", BOUGHT_AT_ONE, chance, at_once=1)
        wanted, crowd = [[RUSH_SKU]] * RUSH_BUYERS, _visitors(RUSH_BUYERS)
        rush = buyers.sell(port=port, way="rush", visitors=crowd, skus=wanted, at_once=RUSH_AT_ONCE)
    _check(rush)
    return [
        *_rates("placing an order, 8 buyers", placing, against=BARE_UPDATE, bound=updates),
        *_rates("placing an order, 1 buyer", placing_one, against=BARE_UPDATE, bound=updates),
        *_rates("whole purchase, 8 buyers", buying, against=BARE_PAGE, bound=bare),
        *_rates("whole purchase, 1 buyer", buying_one, against=BARE_PAGE, bound=bare),
        Number(
            name=f"{RUSH_BUYERS} buyers for {RUSH_UNITS} units, {RUSH_AT_ONCE} at once, until the last is answered",
            value=rush.took_s,
            unit="s",
            ratio=rush.took_s / (RUSH_BUYERS * 4 / bare),
            against=f"as many pages of {BARE_PAGE}",
        ),
    ]


def _rates(name: str, sale: buyers.Sale, *, against: str, bound: float) -> Iterator[Number]:
    yield Number(name=name, value=sale.per_second, unit="orders/s", ratio=sale.per_second / bound, against=against)
    yield Number(name=f"{name}, 95 of 100 within", value=sale.within_ms(0.95), unit="ms")


def _sell(port: int, way: str, orders: int, chance: random.Random, *, at_once: int) -> buyers.Sale:
    """So many orders of two SKUs each."""
    skus = [[pages.sku(n) for n in chance.sample(range(pages.SKUS), 2)] for _ in range(orders)]
    sale = buyers.sell(port=port, way=way, visitors=_visitors(orders), skus=skus, at_once=at_once)
    if sale.endings != {"placed": orders}:
        raise AssertionError(f"not every order was placed: {sale.endings}")
    return sale


def _check(rush: buyers.Sale) -> None:
    """Exactly as many are sold as there are, everybody else was told so, and everything adds up."""
    expected = {"placed": RUSH_UNITS, "sold_out": RUSH_BUYERS - RUSH_UNITS}
    with connection.cursor() as cursor:
        sold = []
        for asked in (_HELD, _ORDERED):
            cursor.execute(asked, [RUSH_SKU])
            sold.append(cursor.fetchone()[0])
    if rush.endings != expected or sold != [RUSH_UNITS, RUSH_UNITS]:
        raise AssertionError(f"sold {sold} of {RUSH_UNITS}; the buyers ended as {rush.endings}")
    if found := list(audits.disagreements()):
        raise AssertionError(f"the books disagree: {found[:5]}")


def _visitors(how_many: int) -> Sequence[str]:
    signer = signing.Signer(salt="storefront.visitor")
    return [signer.sign(str(ids.uuid7())) for _ in range(how_many)]


def _robots(port: int) -> bytes:
    return browsers.request("/robots.txt", port=port, headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"})


def _bare_updates() -> float:
    """How often a second one connection updates one row and commits."""
    done, began = 0, time.perf_counter()
    with connection.cursor() as cursor:
        while time.perf_counter() - began < UPDATE_SECONDS:
            cursor.execute(_UPDATE, [pages.sku(done % pages.SKUS)])
            done += 1
    return done / (time.perf_counter() - began)


def _is_filled() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from shop_catalogue_variant")
        return bool(cursor.fetchone()[0] >= pages.SKUS)


def _put_up_the_rush() -> None:
    """What everybody wants: 100 units and no more."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from shop_catalogue_variant where sku = %s::varchar)", [RUSH_SKU])
        if cursor.fetchone()[0]:
            raise SystemExit("this database has had its rush; benchmarks run on one of their own")
    trail = Trail(shop=settings.OWN_SHOP)
    wanted = NewProduct(
        sku=RUSH_SKU,
        shop=settings.OWN_SHOP,
        title=Words(zh="人人都要的好物", en="What everybody wants"),
        summary=Words(zh="只有一百件。", en="There are a hundred of it."),
        brand=Words(zh="", en=""),
        category=pages.category_key(0),
        price=Money(9900, settings.OWN_SHOP_CURRENCY),
        cost=Money(5000, settings.OWN_SHOP_CURRENCY),
        weight_g=250,
        attributes=(),
        proof=Words(zh="", en=""),
        picture_svg="<svg xmlns='http://www.w3.org/2000/svg'/>",
    )
    catalogue.list_products(products=[wanted], trail=trail, by=pages.BY)
    stock.receive(reference="rush", units={RUSH_SKU: RUSH_UNITS}, trail=trail, by=pages.BY)
