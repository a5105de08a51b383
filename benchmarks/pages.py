"""The shop's pages as browsers get them: 100,000 SKUs, two web workers, signed-in shoppers, caches warm and off.

The client is a process of its own on 127.0.0.1 that shares the cores with the server and the database
(see `browsers`). Before a rate is taken, every page that is asked for was made once in each worker.
"""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.management import call_command
from django.db import connection

from benchmarks import browsers
from benchmarks.number import Number
from zhanggui.base import clock, ids
from zhanggui.base.accounts.models import Account
from zhanggui.base.accounts.rules import Kind
from zhanggui.base.accounts.sessions import SessionStore
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import customer, job
from zhanggui.base.shops.actions import open_shop
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.commands.rules import WEB, Address
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Attribute, Category, NewProduct, Words
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Welcomed
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

SKUS, CATEGORIES, SHOPPERS = 100_000, 50, 100
AT_ONCE = 2_000
SEEN_PRODUCTS = 200
SECONDS, WARM_SECONDS = 4.0, 5.0
BY = job("bench")
_MATERIALS = ("wood", "steel", "glass", "clay", "linen", "paper", "bamboo", "wool")
_COLOURS = ("red", "green", "blue", "white", "black", "brown", "grey", "yellow", "pink", "violet")


def measure() -> list[Number]:
    """Fill, start the server as `zhanggui run` does, ask."""
    call_command("collectstatic", interactive=False, verbosity=0)
    fill()
    shoppers = _shoppers()
    connection.close()
    chance = random.Random(11)
    skus = [sku(chance.randrange(SKUS)) for _ in range(SEEN_PRODUCTS)]
    products = [f"/p/{each}/" for each in skus]
    shelves = [f"/c/{category_key(n)}/" for n in range(CATEGORIES)]
    filtered = [
        f"/c/{category_key(n)}/?f.colour={colour}&price_from={bound}"
        for bound in range(1, 60)
        for n in range(CATEGORIES)
        for colour in _COLOURS
    ]
    with server() as port:
        shoppers = [_walked_in(port, cookies) for cookies in shoppers]
        bare = _rush(port, ["/robots.txt"], shoppers, connections=8)
        rows = [("a view without statements, 8 connections", bare)]
        for name, paths in (("product page", products), ("category page", shelves)):
            _rush(port, paths, shoppers, connections=8, seconds=WARM_SECONDS)
            for connections in (8, 1):
                said = f"{name}, kept, {connections} connection{'s' if connections > 1 else ''}"
                rows.append((said, _rush(port, paths, shoppers, connections=connections)))
        said = "category page with filters that nobody chose before, 8 connections"
        rows.append((said, _rush(port, filtered, shoppers, connections=8)))
    with server(ZHANGGUI_PAGES_MB="0") as port:
        for name, paths in (("product page", products), ("category page", shelves)):
            _rush(port, paths[:50], shoppers, connections=8, seconds=1)
            rows.append((f"{name}, made anew, 8 connections", _rush(port, paths, shoppers, connections=8)))
    return [number for name, rush in rows for number in _numbers(name, rush, bare)]


def _numbers(name: str, rush: browsers.Rush, bare: browsers.Rush) -> Iterator[Number]:
    against = "" if rush is bare else "a view without statements, 8 connections"
    ratio = rush.per_second / bare.per_second if against else None
    yield Number(name=name, value=rush.per_second, unit="pages/s", ratio=ratio, against=against)
    yield Number(name=f"{name}, 95 of 100 within", value=rush.p95_ms, unit="ms")


def _rush(
    port: int, paths: Sequence[str], shoppers: Sequence[str], *, connections: int, seconds: float = SECONDS
) -> browsers.Rush:
    requests = [
        browsers.request(path, port=port, headers=_headers(shoppers[n % len(shoppers)])) for n, path in enumerate(paths)
    ]
    rush = browsers.rush(port=port, requests=requests, connections=connections, seconds=seconds)
    if rush.bad:
        raise AssertionError(f"{rush.bad} pages were not answered with 200")
    return rush


def _walked_in(port: int, cookies: str) -> str:
    """All cookies of a shopper whose browser has seen a page: the visit's and the forms' come with the first one."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/cart/", headers=_headers(cookies))
    answer = line.getresponse()
    answer.read()
    line.close()
    brought = [said.split(";")[0] for name, said in answer.getheaders() if name.lower() == "set-cookie"]
    return "; ".join([cookies, *(cookie for cookie in brought if not cookie.startswith("visitor="))])


def _headers(cookies: str) -> dict[str, str]:
    return {"Accept-Language": "zh-CN,zh;q=0.9", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Cookie": cookies}


@contextmanager
def server(**environment: str) -> Iterator[int]:
    """The web server of `zhanggui run`, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(WEB.command(Address(host="127.0.0.1", port=port)), env=os.environ | environment)
    try:
        deadline = time.monotonic() + 90
        while not _answers(port):
            if time.monotonic() > deadline:
                raise SystemExit("the web server did not start")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def fill() -> None:
    """A shop with 100,000 SKUs on 50 shelves, ten pieces and more of each."""
    shop, trail = settings.OWN_SHOP, Trail(shop=settings.OWN_SHOP)
    zone, currency = settings.OWN_SHOP_ZONE, settings.OWN_SHOP_CURRENCY
    open_shop(shop=Shop(code=shop, name=settings.OWN_SHOP_NAME, zone=zone, currency=currency, kind=ShopKind.OWN))
    catalogue.put_up_categories(
        categories=[
            Category(shop=shop, key=category_key(n), name=Words(zh=f"分类 {n}", en=f"Category {n}"), position=n)
            for n in range(CATEGORIES)
        ]
    )
    for start in range(0, SKUS, AT_ONCE):
        numbers = range(start, start + AT_ONCE)
        catalogue.list_products(products=[_product(n, shop, currency) for n in numbers], trail=trail, by=BY)
        stock.receive(reference=f"bench-{start}", units={sku(n): 10 + n % 90 for n in numbers}, trail=trail, by=BY)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _product(n: int, shop: str, currency: str) -> NewProduct:
    material, colour = _MATERIALS[n % len(_MATERIALS)], _COLOURS[n // 8 % len(_COLOURS)]
    said = (("material", "材质", material), ("colour", "颜色", colour), ("origin", "产地", f"Town {n % 20}"))
    return NewProduct(
        sku=sku(n),
        shop=shop,
        title=Words(zh=f"第 {n} 号好物 {colour}", en=f"Thing number {n}, {colour} {material}"),
        summary=Words(zh="容易坏？加厚一倍，摔不破。", en="Breaks easily? Twice as thick, it survives a fall."),
        brand=Words(zh=f"牌子 {n % 30}", en=f"Brand {n % 30}"),
        category=category_key(n % CATEGORIES),
        price=Money(990 + n % 500 * 100, currency),
        cost=Money(500, currency),
        weight_g=250,
        attributes=tuple(
            Attribute(name=Words(zh=zh, en=en.title()), value=Words(zh=value, en=value), key=en)
            for en, zh, value in said
        ),
        proof=Words(zh=f"检测报告 QC-{n:06}", en=f"Test report QC-{n:06}"),
        picture_svg=f"<svg xmlns='http://www.w3.org/2000/svg'><title>{n % 100}</title></svg>",
    )


def _shoppers() -> list[str]:
    """The cookies of signed-in shoppers with something in their cart."""
    shop, found = settings.OWN_SHOP, []
    for n in range(SHOPPERS):
        welcomed, cookies = signed_in(f"+86138{n:08}")
        cart.add(sku=sku(n), quantity=1, trail=Trail(shop=shop, person=welcomed.person), by=customer(welcomed.person))
        found.append("; ".join(f"{name}={said}" for name, said in cookies.items()))
    return found


def signed_in(phone: str) -> tuple[Welcomed, dict[str, str]]:
    """A new shopper with an account, signed in, and the cookies that say so."""
    shop, person = settings.OWN_SHOP, str(ids.uuid7())
    account = Account.objects.create(
        kind=Kind.SHOPPER,
        phone=phone,
        password=make_password(None),
        joined_at=clock.now(),
        verified_at=clock.now(),
    )
    trail = Trail(shop=shop, person=person)
    welcomed = customers.welcome(
        account_id=account.pk, phone=phone, email="", visitor_id=person, trail=trail, by=customer(person)
    )
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session.create()
    visitor = signing.Signer(salt="storefront.visitor").sign(person)
    return welcomed, {settings.SHOP_SESSION_COOKIE: str(session.session_key), "visitor": visitor}


def sku(n: int) -> str:
    """The number of an article."""
    return f"BENCH-{n:06}"


def category_key(n: int) -> str:
    """The key of a shelf."""
    return f"shelf-{n:02}"
