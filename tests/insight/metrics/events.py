"""Small factories: a shop, what happens in it, and a lake that knows it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from tests.worlds import made_once
from zhanggui.base import ids
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.lake import actions as lake
from zhanggui.spine.envelope import Envelope, Line

_count = itertools.count()


def a_shop(code: str = "acme", *, zone: str = "Asia/Shanghai", currency: str = "CNY", own: bool = True) -> Shop:
    kind = ShopKind.OWN if own else ShopKind.IMPORTED
    return shops.open_shop(shop=Shop(code=code, name=code.title(), zone=zone, currency=currency, kind=kind))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def line(sku: str, quantity: int, amount_minor: int, category: str = "") -> Line:
    return Line(sku=sku, quantity=quantity, amount_minor=amount_minor, category=category)


def an_event(name: str, at: str, *, shop: str = "acme", body: dict[str, object] | None = None, **fields) -> Envelope:
    moment = utc(at)
    return Envelope(
        id=fields.pop("id", None) or ids.uuid7_of(moment, f"{name}/{next(_count)}"),
        shop=shop,
        name=name,
        at=moment,
        received_at=moment,
        body=msgspec.json.encode(body or {}),
        **fields,
    )


def _an_order_fact(name: str, number: str, at: str, lines: Sequence[Line], postage_minor: int, fields) -> Envelope:
    goods_minor = sum(one.amount_minor for one in lines)
    return an_event(
        name,
        at,
        order_number=number,
        lines=tuple(lines),
        amount_minor=goods_minor + postage_minor,
        currency=fields.pop("currency", "CNY"),
        subject=f"order:{number}",
        **fields,
    )


def placed(number: str, at: str, *lines: Line, postage_minor: int = 0, **fields) -> Envelope:
    return _an_order_fact("shop.order_placed", number, at, lines, postage_minor, fields)


def paid(number: str, at: str, *lines: Line, postage_minor: int = 0, **fields) -> Envelope:
    return _an_order_fact("shop.payment_settled", number, at, lines, postage_minor, fields)


def refunded(number: str, at: str, *lines: Line, postage_minor: int = 0, **fields) -> Envelope:
    return _an_order_fact("shop.refund_settled", number, at, lines, postage_minor, fields)


def balance(number: str, at: str, deposit_minor: int, **fields) -> Envelope:
    """The deposit of a presale becomes money of the order that paid the rest."""
    body = {"deposit_minor": deposit_minor}
    return an_event("growth.balance_paid", at, order_number=number, currency="CNY", body=body, **fields)


def bought(number: str, at: str, *lines: Line, **fields) -> tuple[Envelope, Envelope]:
    """Placed and paid at once."""
    return placed(number, at, *lines, **fields), paid(number, at, *lines, **fields)


def page(at: str, person: str, **fields) -> Envelope:
    return an_event("Page", at, person=person, session=f"s/{person}", page="/", **fields)


def viewed(at: str, person: str, sku: str = "tea", **fields) -> Envelope:
    return an_event("Product Viewed", at, person=person, session=f"s/{person}", sku=sku, **fields)


def added(at: str, person: str, sku: str = "tea", **fields) -> Envelope:
    return an_event("Product Added", at, person=person, session=f"s/{person}", sku=sku, **fields)


def listed(sku: str, at: str, title: str, title_en: str = "", category: str = "", **fields) -> Envelope:
    body = {"sku": sku, "title": title, "title_en": title_en, "category": category}
    return an_event("shop.product_listed", at, sku=sku, category=category, amount_minor=1, body=body, **fields)


def remember(shop: Shop, *events: Envelope | Sequence[Envelope]) -> None:
    """Bring events into the lake and up to date in its daily tables."""
    flat = [one for event in events for one in ([event] if isinstance(event, Envelope) else event)]
    batch = f"test/{next(_count)}"
    lake.append(batch, lake.to_events(flat, zone=shop.zone), shop=shop.code)
    lake.roll(shop.code)


@made_once
def a_tea_week() -> Shop:
    """A week of a small tea shop.

    person  April        1 May                2 May              3 May                  7 May
    ann     paid 10.00   3 pages, viewed,     page                                      paid T2 20.00
                         added, paid T1
                         30.00 + 5 postage
    bob                  page, viewed         page, paid T3 12.00
    cid                  page                                    placed T4 9.00 unpaid
    nobody                                    paid T5 8.00
    dan     paid 50.00                                           refund of 50.00, no visit
    """
    shop = a_shop()
    north, south = {"region": "north", "device": "phone"}, {"region": "south", "device": "desktop"}
    remember(
        shop,
        bought("T0", "2026-04-28T03:00", line("tea", 1, 1000, "leaf"), person="ann", **north),
        bought("T9", "2026-04-30T03:00", line("pot", 1, 5000, "ware"), person="dan", **south),
        [page(f"2026-05-01T0{hour}:00", "ann", **north) for hour in range(3)],
        viewed("2026-05-01T03:00", "ann", **north),
        added("2026-05-01T03:01", "ann", **north),
        bought(
            "T1",
            "2026-05-01T03:05",
            line("tea", 2, 2000, "leaf"),
            line("cup", 1, 1000, "ware"),
            person="ann",
            postage_minor=500,
            **north,
        ),
        page("2026-05-02T01:00", "ann", **north),
        bought("T2", "2026-05-07T15:59", line("tea", 2, 2000, "leaf"), person="ann", **north),
        page("2026-05-01T01:00", "bob", **south),
        viewed("2026-05-01T01:01", "bob", **south),
        page("2026-05-02T01:00", "bob", **south),
        bought("T3", "2026-05-02T02:00", line("cup", 1, 1200, "ware"), person="bob", **south),
        page("2026-05-01T01:00", "cid", **south),
        placed("T4", "2026-05-03T01:00", line("tea", 1, 900, "leaf"), person="cid", **south),
        bought("T5", "2026-05-02T05:00", line("tea", 1, 800, "leaf"), person="", **south),
        refunded("T9", "2026-05-03T05:00", line("pot", 1, 5000, "ware"), person="dan", **south),
        page("2026-05-01T01:00", "", **south),
    )
    return shop
