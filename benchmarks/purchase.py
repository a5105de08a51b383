"""Orders over HTTP on a shop with 100,000 SKUs: placing alone, whole purchases, and 500 buyers for 100 units.

The web server runs as `zhanggui run` runs it, two workers of two threads, with synchronous commits; server, client and
database share the cores. Guests come for the first time and type an address; members are signed in and have one in
their book. All of them come from one network address, so the brake on checkouts is let go for the server of this
benchmark (ZHANGGUI_CHECKOUTS). No provider is called while an order is placed: the sandbox only says an address.

Two bounds are measured in the same run: pages that ask the database nothing, and a bare update of one row with its
commit. What the client takes of the cores is measured too: the server and the database have so much less.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.management import call_command
from django.db import connection

from benchmarks import browsers, buyers, pages
from benchmarks.number import Number
from zhanggui.base import ids
from zhanggui.base.audit import actions as audits
from zhanggui.base.money import Money
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import NewProduct, Words
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Address
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

RUSH_SKU, RUSH_UNITS, RUSH_BUYERS, RUSH_AT_ONCE = "RUSH-1", 100, 500, 32
# How many orders each row is measured with, by the way to buy and the buyers at once, and what is wanted of it: a rate
# and a time within which 95 of 100 are done.
ORDERS: Final = {("place", 8): 1200, ("place", 1): 200, ("purchase", 8): 1000, ("purchase", 1): 250}
WANTED: Final = {
    **{("place", 8): ("500/s", ""), ("place", 1): ("", "5 ms")},
    **{("purchase", 8): ("140/s", ""), ("purchase", 1): ("70/s", "")},
}
WARM = 120
ADDRESS: Final = Address(
    recipient="王小明",
    phone="13800138000",
    country="CN",
    region="浙江",
    city="杭州",
    district="西湖区",
    street="文三路 1 号",
    postcode="310000",
)
Cookies = dict[str, str]
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
    updates, members = _bare_updates(), _members(max(ORDERS.values()))
    chance = random.Random(13)
    with pages.server(ZHANGGUI_CHECKOUTS="1000000") as port:
        bare = browsers.rush(port=port, requests=[_robots(port)], connections=8, seconds=3).per_second
        against_what = {
            "place": ("placing an order", BARE_UPDATE, updates),
            "purchase": ("whole purchase", BARE_PAGE, bare),
        }
        rows = []
        for kind in ("guest", "member"):
            _sell(port, "purchase", _crowd(kind, WARM, members), chance, at_once=8)
            for (way, at_once), orders in ORDERS.items():
                sale = _sell(port, way, _crowd(kind, orders, members), chance, at_once=at_once)
                name, against, bound = against_what[way]
                said = f"{name}, {at_once} {kind}{'s' if at_once > 1 else ''}"
                rows += _rates(said, sale, WANTED[way, at_once], against=against, bound=bound)
        wanted = [[RUSH_SKU]] * RUSH_BUYERS
        rush = buyers.sell(port=port, way="rush", cookies=_guests(RUSH_BUYERS), skus=wanted, at_once=RUSH_AT_ONCE)
    _check(rush)
    return [
        *rows,
        Number(
            name=f"{RUSH_BUYERS} buyers for {RUSH_UNITS} units, {RUSH_AT_ONCE} at once, until the last is answered; "
            "wanted 2.5 s",
            value=rush.took_s,
            unit="s",
            ratio=rush.took_s / (RUSH_BUYERS * 4 / bare),
            against=f"as many pages of {BARE_PAGE}",
        ),
    ]


def _rates(name: str, sale: buyers.Sale, wanted: tuple[str, str], *, against: str, bound: float) -> Iterator[Number]:
    """Orders a second, how long nearly all of them took, each with what is wanted of it, and what the client took."""
    rate, time_taken = (f"; wanted {each}" if each else "" for each in wanted)
    per_second = sale.per_second
    yield Number(name=f"{name}{rate}", value=per_second, unit="orders/s", ratio=per_second / bound, against=against)
    yield Number(name=f"{name}, 95 of 100 within{time_taken}", value=sale.within_ms(0.95), unit="ms")
    yield Number(name=f"{name}, the client's own share of the cores", value=sale.client_ms, unit="ms an order")


def _sell(port: int, way: str, crowd: Sequence[Cookies], chance: random.Random, *, at_once: int) -> buyers.Sale:
    """An order of two SKUs for each of them."""
    skus = [[pages.sku(n) for n in chance.sample(range(pages.SKUS), 2)] for _ in crowd]
    sale = buyers.sell(port=port, way=way, cookies=crowd, skus=skus, at_once=at_once)
    if sale.endings != {"placed": len(crowd)}:
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
    if found := list(audits.add_up()):
        raise AssertionError(f"the books disagree: {found[:5]}")


def _crowd(kind: str, how_many: int, members: Sequence[Cookies]) -> Sequence[Cookies]:
    """Guests whom nobody has seen before, or members, who may have bought before."""
    return _guests(how_many) if kind == "guest" else members[:how_many]


def _guests(how_many: int) -> list[Cookies]:
    signer = signing.Signer(salt="storefront.visitor")
    return [{"visitor": signer.sign(str(ids.uuid7()))} for _ in range(how_many)]


def _members(how_many: int) -> list[Cookies]:
    found = []
    for n in range(how_many):
        welcomed, cookies = pages.signed_in(f"+86139{n:08}")
        customers.keep_address(customer_id=welcomed.customer_id, address=ADDRESS)
        found.append(cookies)
    return found


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
