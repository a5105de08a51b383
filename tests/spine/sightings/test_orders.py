"""The order that a sighting of another shop tells of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spine.sightings.events import an_event, kept
from zhanggui.spine.sightings.rules.orders import SightedOrder, is_completion, order_of

CUPS = {"sku": "CUP", "category": "cups", "price": 30, "quantity": 2}
POT = {"sku": "POT", "price": 40, "quantity": 1}


def an_order(**properties: Any) -> SightedOrder | None:
    event = an_event(event="Completed Order", properties={"order_id": "A-1"} | properties)
    return order_of(kept(event), currency="CNY")


@pytest.mark.parametrize(
    ("properties", "amounts"),
    [
        ({"revenue": 90}, (9000, 0, 0, 9000)),
        ({"revenue": 90, "shipping": 8, "tax": "2.005"}, (9000, 800, 201, 10001)),
        ({"total": 100, "revenue": 90, "shipping": 8, "tax": 2}, (9000, 800, 200, 10000)),
        ({"total": 100, "shipping": None, "tax": ""}, (10000, 0, 0, 10000)),
        ({"revenue": "18.99", "currency": "cny"}, (1899, 0, 0, 1899)),
        ({"total": 0}, (0, 0, 0, 0)),
    ],
)
def test_what_was_paid_is_goods_and_shipping_and_tax(
    properties: dict[str, Any], amounts: tuple[int, int, int, int]
) -> None:
    order = an_order(**properties)
    assert order is not None
    assert (order.goods_minor, order.shipping_minor, order.tax_minor, order.amount_minor) == amounts


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"value": 90},
        {"revenue": 90, "currency": "USD"},
        {"revenue": 90, "currency": "元"},
        {"revenue": -1},
        {"revenue": "NaN"},
        {"revenue": "much"},
        {"revenue": True},
        {"total": "much", "revenue": 90},
        {"total": -0.01, "revenue": 90},
        {"revenue": 90, "shipping": -8},
        {"revenue": 90, "tax": "much"},
        {"revenue": 90, "tax": "1e999999"},
        {"total": 5, "shipping": 8},
        {"revenue": 90, "order_id": ""},
        {"revenue": 90, "order_id": "undefined"},
        {"revenue": 90, "order_id": None},
        {"revenue": 90, "products": [{"sku": "CUP", "price": 9_999_999_999_999, "quantity": 99}]},
    ],
)
def test_what_names_no_order_or_no_amount_of_the_shop_is_only_seen(properties: dict[str, Any]) -> None:
    assert an_order(**properties) is None


@pytest.mark.parametrize(
    ("revenue", "products", "shares", "discount_minor"),
    [
        (100, [CUPS, POT], [6000, 4000], 0),
        (90, [CUPS, POT], [5400, 3600], 1000),
        (0, [CUPS, POT], [0, 0], 10000),
        (120, [CUPS, POT], [6000, 4000], 0),
        (100, [CUPS | {"quantity": 0}, POT | {"price": -1}, "tea"], [], 0),
    ],
)
def test_a_discount_on_the_whole_is_shared_out_over_the_lines(
    revenue: int, products: list[Any], shares: list[int], discount_minor: int
) -> None:
    order = an_order(revenue=revenue, products=products)
    assert order is not None
    assert [line.amount_minor for line in order.lines] == shares
    assert order.discount_minor == discount_minor


def test_robots_and_other_events_tell_of_no_order() -> None:
    properties = {"order_id": "A-1", "revenue": 90}
    robot = {"userAgent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}
    assert is_completion(kept(an_event(event="order completed", properties=properties)))
    assert not is_completion(kept(an_event(event="Order Completed", properties=properties, context=robot)))
    assert not is_completion(kept(an_event(event="Order Updated", properties=properties)))
