"""What is lifted out of an event into columns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spine.sightings.events import ID, PHONE, an_arrival, an_event, kept
from zhanggui.spine.sightings.rules.columns import Line
from zhanggui.spine.sightings.rules.wire import Call


@pytest.mark.parametrize(
    ("name", "properties", "amount_minor"),
    [
        ("Product Viewed", {"price": 18.99, "currency": "CNY"}, 1899),
        ("Product Viewed", {"price": "18.99"}, 1899),
        ("Product Viewed", {"price": 19}, 1900),
        ("Product Viewed", {"price": 18.99, "value": 17.5}, 1750),
        ("Product Added", {"price": 18.99, "quantity": 3}, 5697),
        ("Product Added", {"price": 0.1, "quantity": 3}, 30),
        ("Product Viewed", {"price": 1.005}, 101),
        ("Order Completed", {"revenue": 90, "value": 95, "total": 100}, 9000),
        ("Order Completed", {"total": 100}, 10000),
        ("Tea Tasted", {"total": 100}, None),
        ("Product Viewed", {"price": 18.99, "currency": "USD"}, None),
        ("Product Viewed", {"price": 18.99, "currency": "元"}, None),
        ("Product Viewed", {"price": None}, None),
        ("Product Viewed", {"price": "free"}, None),
        ("Product Viewed", {"price": True}, None),
        ("Product Viewed", {"price": "NaN"}, None),
        ("Product Viewed", {"price": 1e300}, None),
    ],
)
def test_amounts_are_exact_and_in_the_shops_currency(
    name: str, properties: dict[str, Any], amount_minor: int | None
) -> None:
    assert kept(an_event(event=name, properties=properties)).goods.amount_minor == amount_minor


def test_an_amount_in_yen_has_no_decimals() -> None:
    shop = an_arrival().shop.__class__(code="jp", zone="Asia/Tokyo", currency="JPY")
    goods = kept(an_event(properties={"value": 1980}), shop=shop).goods
    assert (goods.amount_minor, goods.currency) == (1980, "JPY")


def test_columns_are_lifted_and_the_body_stays_as_it_came() -> None:
    properties = {"product_id": "p-7", "sku": "SKU-7", "category": "绿茶", "quantity": 2, "price": 18.90, "扎": "x"}
    raw = json.dumps(properties, ensure_ascii=False).replace("18.9", "18.90").encode()
    row = kept(b'{"event":"Product Added","properties":' + raw + b"}")
    goods = row.goods
    assert (goods.sku, goods.category, goods.quantity, row.subject) == ("SKU-7", "绿茶", 2, "product:p-7")
    assert (goods.amount_minor, goods.currency) == (3780, "CNY")
    assert row.body == raw


def test_an_orders_products_become_lines() -> None:
    properties = {
        "order_id": "A-1",
        "revenue": "55.50",
        "products": [
            {"product_id": "p-1", "sku": "S-1", "category": "tea", "price": 18.5, "quantity": 3},
            {"product_id": "p-2", "price": "bad"},
            "not a product",
        ],
    }
    row = kept(an_event(event="Completed Order", properties=properties))
    assert (row.name, row.goods.order_number, row.subject) == ("Order Completed", "A-1", "order:A-1")
    assert row.goods.lines == (
        Line(sku="S-1", category="tea", quantity=3, amount_minor=5550),
        Line(sku="p-2", category="", quantity=1, amount_minor=0),
    )


@pytest.mark.parametrize(
    ("given_quantity", "quantity"),
    [(2, 2), ("2", 2), (2.0, 2), (0, 0), (2.5, None), (-1, None), (2**31, None), (None, None)],
)
def test_a_quantity_is_whole_pieces(given_quantity: object, quantity: int | None) -> None:
    assert kept(an_event(properties={"quantity": given_quantity})).goods.quantity == quantity


@pytest.mark.parametrize("empty", [None, [], {}])
def test_empty_properties_are_an_empty_object(empty: object) -> None:
    assert kept(an_event(properties=empty)).body == b"{}"


def test_where_the_visitor_is() -> None:
    context = {
        "sessionId": 1763,
        "cause": ID,
        "userAgent": PHONE,
        "location": {"country": "CN", "region": "浙江"},
        "page": {"path": "/p/7", "url": "https://tea.example/p/7?x=1"},
        "ip": "203.0.113.9",
    }
    visit = kept(an_event(messageId="m", context=context)).visit
    assert (visit.session, visit.page, visit.device, visit.region) == ("1763", "/p/7", "phone", "浙江")
    assert visit.cause == bytes.fromhex(ID.replace("-", ""))


@pytest.mark.parametrize("cause", [None, "x", 7, {}, ID])
def test_a_cause_that_is_no_other_event_is_none(cause: object) -> None:
    assert kept(an_event(messageId=ID, context={"cause": cause})).visit.cause is None


@pytest.mark.parametrize("context", [None, [], "x", 7, {"page": "x"}, {"page": None}, {"campaign": 7, "location": "x"}])
def test_a_context_of_another_shape_is_left_aside(context: object) -> None:
    row = kept(an_event(context=context, properties={"sku": "7", "price": 18.90}))
    assert (row.goods.sku, row.visit.page, row.goods.amount_minor) == ("7", "", 1890)


def test_a_products_address_is_not_the_page() -> None:
    visit = kept(an_event(event="Product Viewed", properties={"url": "https://tea.example/p/7?utm_source=x"})).visit
    assert (visit.page, visit.channel) == ("", "")


@pytest.mark.parametrize(
    ("page", "channel", "campaign"),
    [
        ({"url": "https://tea.example/"}, "direct", ""),
        ({"url": "https://tea.example/", "referrer": "https://tea.example/p/7"}, "", ""),
        ({"url": "https://tea.example/", "referrer": "https://www.baidu.com/s"}, "organic_search", ""),
        ({"path": "/", "search": "?utm_source=weibo&utm_medium=cpc&utm_campaign=11-11"}, "paid_social", "11-11"),
    ],
)
def test_what_brought_a_visitor_to_a_page(page: dict[str, str], channel: str, campaign: str) -> None:
    visit = kept({"messageId": ID, "context": {"page": page}}, call=Call.PAGE).visit
    assert (visit.channel, visit.campaign) == (channel, campaign)


def test_our_own_pages_say_what_the_session_came_from() -> None:
    page = {"path": "/p/7", "referrer": "https://tea.example/"}
    visit = kept(an_event(context={"page": page, "origin": {"channel": "paid_search", "campaign": "spring"}})).visit
    assert (visit.channel, visit.campaign) == ("paid_search", "spring")
    assert kept(an_event(context={"origin": {"channel": "made up"}})).visit.channel == ""


def test_the_browser_that_sends_tells_the_device_if_the_event_does_not() -> None:
    assert kept(an_event(), user_agent=PHONE).visit.device == "phone"
    robot = {"userAgent": "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"}
    assert kept(an_event(context=robot), user_agent=PHONE).visit.device == "bot"
