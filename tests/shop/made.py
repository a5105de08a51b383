"""Small factories: a shop, a product on the shelf, a shopper's walk, a cart, an order, a provider's message."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tests.worlds import made_once
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor, customer, operator
from zhanggui.base.shops.actions import open_shop
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Attribute, Category, Kind, NewProduct, Part, Words
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.rules import Drop, Option, Placed
from zhanggui.shop.customers.rules import Address, Contact
from zhanggui.shop.payments.providers.sandbox import signed
from zhanggui.shop.payments.rules import Message, Tender
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

T = TypeVar("T")

SHOP = "tea"
CLERK = operator("clerk")
CONTACT = Contact(name="林小满", phone="13800138000", email="lin@example.com")
ADDRESS = Address(
    recipient="林小满",
    phone="13800138000",
    country="CN",
    region="浙江省",
    city="杭州市",
    district="西湖区",
    street="龙井路 1 号",
)
FREE_FROM = Money(50000, "CNY")
POSTAGE = Money(1200, "CNY")


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


@made_once
def a_shop(code: str = SHOP) -> None:
    open_shop(shop=Shop(code=code, name="茶铺", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN))
    categories = [
        Category(shop=code, key="cups", name=Words(zh="杯", en="Cups"), position=1),
        Category(shop=code, key="tea", name=Words(zh="茶", en="Tea"), position=2),
    ]
    catalogue.put_up_categories(categories=categories)
    standard = Option(rate=POSTAGE, per_kg=cny(0), free_from=FREE_FROM)
    checkout.put_up_options(shop=code, options=[standard])


@made_once
def shelves() -> None:
    """Our shop with two cups and a tea; ten pieces of each."""
    a_shop()
    for sku, category in (("CUP", "cups"), ("BOWL", "cups"), ("LONGJING", "tea")):
        a_product(sku, category=category)


def a_new_product(
    sku: str = "CUP", *, price: int = 5990, category: str = "cups", title: str = "白瓷杯", shop: str = SHOP
) -> NewProduct:
    return NewProduct(
        sku=sku,
        shop=shop,
        title=Words(zh=title, en="White cup"),
        summary=Words(zh="烫手？双层杯壁。", en="Too hot to hold? Double wall."),
        brand=Words(zh="雾坡", en="Mistslope"),
        category=category,
        price=cny(price),
        cost=cny(price // 2),
        weight_g=250,
        attributes=(Attribute(name=Words(zh="产地", en="Origin"), value=Words(zh="景德镇", en="Jingdezhen")),),
        proof=Words(zh="检测报告", en="Test report"),
        picture_svg=f"<svg xmlns='http://www.w3.org/2000/svg'><title>{sku}</title></svg>",
    )


def a_product(sku: str = "CUP", *, price: int = 5990, units: int = 10, category: str = "cups") -> str:
    """A product that is listed and lies in the warehouse."""
    catalogue.list_product(product=a_new_product(sku, price=price, category=category), trail=Trail(shop=SHOP), by=CLERK)
    if units:
        stock.receive(reference=f"delivery-{sku}", units={sku: units}, trail=Trail(shop=SHOP), by=CLERK)
    return sku


def a_bundle(sku: str, parts: Mapping[str, int], *, price: int = 19900) -> str:
    """A bundle on the shelf; what it is made of lies in the warehouse by itself."""
    made_of = tuple(Part(sku=part, units=units) for part, units in parts.items())
    bundle = replace(a_new_product(sku, price=price), kind=Kind.BUNDLE, parts=made_of)
    catalogue.list_product(product=bundle, trail=Trail(shop=SHOP), by=CLERK)
    return sku


def a_walk(person: str = "", *, shop: str = SHOP) -> Trail:
    """A shopper's walk, led here by a page view."""
    who = person or f"v-{ids.uuid7()}"
    return Trail(
        shop=shop,
        person=who,
        session=f"s-{who}"[:60],
        cause=ids.uuid7(),
        channel="search",
        device="phone",
        region="浙江",
    )


def by(walk: Trail) -> Actor:
    return customer(walk.person)


def a_cart(units: Mapping[str, int] | None = None, *, walk: Trail | None = None) -> Trail:
    """A shopper who has laid something aside: one cup unless it says otherwise."""
    walk = walk or a_walk()
    for sku, quantity in (units or {"CUP": 1}).items():
        cart.add(sku=sku, quantity=quantity, trail=walk, by=by(walk))
    return walk


def place(
    walk: Trail,
    *,
    key: str = "",
    contact: Contact = CONTACT,
    address: Address = ADDRESS,
    provider: str = "sandbox",
    version: int | None = None,
    total: Money | None = None,
    tenders: tuple[Tender, ...] = (),
    language: str = "",
) -> Placed:
    """Order what is in the cart, as the checkout page shows it now."""
    seen = counters.counter(walk.shop, walk.person, at=clock.now())
    return checkout.place_order(
        cart_version=seen.cart.version if version is None else version,
        total_seen=total if total is not None else seen.quote.total if seen.quote else cny(0),
        contact=contact,
        drops=(Drop(address=address),),
        provider=provider,
        tenders=tenders,
        language=language,
        idempotency_key=key or str(ids.uuid7()),
        trail=walk,
        by=by(walk),
    )


def an_order(units: Mapping[str, int] | None = None, *, walk: Trail | None = None) -> Placed:
    return place(a_cart(units, walk=walk))


def a_message(
    placed: Placed,
    *,
    amount: int,
    currency: str = "CNY",
    is_paid: bool = True,
    event: str = "",
    transaction: str = "",
    merchant: str = "zhanggui",
    order_number: str = "",
    payment_id: str = "",
    sent_at: int | None = None,
    key: bytes = b"",
) -> Message:
    """What the sandbox gateway would send about the payment of an order."""
    said = {
        "event": event or f"ev-{ids.uuid7()}",
        "transaction": (transaction or f"tx-{ids.uuid7()}") if is_paid else "",
        "merchant": merchant,
        "payment": payment_id or placed.payment_id,
        "order": order_number or placed.order_number,
        "amount": str(amount),
        "currency": currency,
        "status": "paid" if is_paid else "declined",
        "reason": "" if is_paid else "declined",
        "sent_at": str(int(clock.now().timestamp()) if sent_at is None else sent_at),
    }
    return Message(body=signed(said, key=key or settings.SANDBOX_KEY).encode())


def facts_of(order_number: str) -> list[Envelope]:
    """What was told about an order, oldest first."""
    return list(log.of_order(shop=SHOP, order_number=order_number))


def only(facts: list[Envelope], name: str) -> Envelope:
    (found,) = [fact for fact in facts if fact.name == name]
    return found


def told_about(person: str) -> list[Envelope]:
    """What was told on a person's walks, oldest first."""
    return list(
        log.by_ids([UUID(str(id)) for id in Entry.objects.filter(person=person).values_list("id_of_fact", flat=True)])
    )


def names(facts: list[Envelope]) -> list[str]:
    return sorted(fact.name for fact in facts)


def at_once(work: Callable[[int], T], times: int, *, threads: int = 12) -> list[T | Refused]:
    """Do the same work many times at the same moment, each in a thread with its own connection; refusals come back."""
    start = threading.Barrier(min(threads, times))

    def one(number: int) -> T | Refused:
        if number < start.parties:
            start.wait()
        try:
            return work(number)
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(start.parties) as pool:
        return list(pool.map(one, range(times)))


_NOT_STATEMENTS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that a block sends to the database, without those that only open and close transactions."""
    sent: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield sent
    sent += [query["sql"] for query in captured if not query["sql"].startswith(_NOT_STATEMENTS)]
