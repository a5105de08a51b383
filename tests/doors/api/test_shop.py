"""A shopper's program: from looking at goods to an order, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from tests.doors.api.caller import Caller, an_order_of, order_of
from tests.doors.api.conftest import a_shopper
from tests.shop import made
from zhanggui.shop.cart import actions as carts
from zhanggui.shop.orders.models import Order
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db


def test_goods_are_open_to_anybody(shelves: None) -> None:
    found = Caller("").get("/api/shop/products?category=cups").json()
    assert [(item["sku"], item["price"]) for item in found["items"]] == [
        ("CUP", {"minor": 5990, "currency": "CNY"}),
        ("BOWL", {"minor": 5990, "currency": "CNY"}),
    ]
    assert (found["total"], found["next"]) == (2, "")
    one = Caller("").get("/api/shop/products/CUP").json()
    assert one["title"] == {"zh": "白瓷杯", "en": "White cup"}
    assert [(each["sku"], each["is_in_stock"]) for each in one["variants"]] == [("CUP", True)]
    tree = Caller("").get("/api/shop/categories").json()
    assert [(each["key"], each["products"]) for each in tree] == [("cups", 2), ("tea", 1)]


def test_a_search_is_narrowed_by_what_its_facets_say(shelves: None) -> None:
    found = Caller("").get("/api/shop/products?q=cup&filter=brand:nobody").json()
    assert (found["total"], found["sort"]) == (0, "relevance")


def test_a_cart_becomes_an_order(shopper: Caller) -> None:
    placed = an_order_of(shopper, quantity=2)
    assert placed.status_code == 201, placed.content
    number = placed.json()["order_number"]
    order = shopper.get(f"/api/shop/orders/{number}").json()
    assert order["state"] == "awaiting_payment"
    assert order["total"] == {"minor": 2 * 5990 + 1200, "currency": "CNY"}
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("CUP", 2)]
    assert order["destinations"][0]["address"]["city"] == "杭州市"
    assert stock.free(["CUP"]) == {"CUP": 8}
    assert shopper.get("/api/shop/cart").json()["pieces"] == 0
    assert [each["number"] for each in shopper.get("/api/shop/orders").json()] == [number]


def test_an_order_goes_to_two_places(shopper: Caller) -> None:
    shopper.post("/api/shop/cart/lines", {"sku": "CUP", "quantity": 3})
    places = [{"country": "CN"}, {"country": "CN", "units": {"CUP": 1}}]
    seen = shopper.post("/api/shop/quote", {"places": places}).json()
    said = order_of(shopper)
    said["total"] = seen["quote"]["total"]
    said["drops"] = [{**said["drops"][0], "units": {"CUP": 2}}, {**said["drops"][0], "units": {"CUP": 1}}]
    placed = shopper.post("/api/shop/orders", said)
    assert placed.status_code == 201, placed.content
    order = shopper.get(f"/api/shop/orders/{placed.json()['order_number']}").json()
    assert [(line["destination"], line["quantity"]) for line in order["lines"]] == [(1, 2), (2, 1)]


def test_an_order_is_called_off(shopper: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    number = an_order_of(shopper).json()["order_number"]
    monkeypatch.setattr("zhanggui.shop.payments.providers.sandbox.SandboxProvider.close", lambda self, payment: None)
    answer = shopper.post(f"/api/shop/orders/{number}/cancel", {})
    assert (answer.status_code, answer.json().get("state")) == (200, "cancelled"), answer.content
    assert stock.free(["CUP"]) == {"CUP": 10}
    again = shopper.post(f"/api/shop/orders/{number}/cancel", {})
    assert (again.status_code, again.json()["code"]) == (409, "cannot_call_off")


def test_an_order_is_nobody_elses(shopper: Caller) -> None:
    number = an_order_of(shopper).json()["order_number"]
    other = a_shopper()
    for answer in (
        other.get(f"/api/shop/orders/{number}"),
        other.post(f"/api/shop/orders/{number}/cancel", {}),
        other.post(f"/api/shop/orders/{number}/pay", {"provider": "sandbox"}),
        other.post(f"/api/shop/orders/{number}/returns", {"lines": [{"position": 1, "units": 1}], "reason": "faulty"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_order")
    assert Order.objects.get(pk=number).state == "awaiting_payment"


def test_another_price_orders_nothing(shopper: Caller) -> None:
    shopper.post("/api/shop/cart/lines", {"sku": "CUP"})
    said = order_of(shopper) | {"total": {"minor": 1, "currency": "CNY"}}
    answer = shopper.post("/api/shop/orders", said)
    assert (answer.status_code, answer.json()["code"]) == (409, "quote_changed")
    assert answer.json()["data"] == {"total": {"minor": 7190, "currency": "CNY"}}
    assert not Order.objects.exists()
    assert shopper.get("/api/shop/cart").json()["pieces"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"sku": "CUP", "quantity": -1}, 422, "malformed"),
        ({"sku": "CUP", "quantity": "many"}, 422, "malformed"),
        ({"sku": "CUP\x00", "quantity": 1}, 422, "malformed"),
        ({"sku": "CUP", "quantity": 1, "price": 1}, 422, "malformed"),
        ({"sku": "NONE", "quantity": 1}, 409, "not_for_sale"),
        (b"{", 400, "not_json"),
        (b'{"sku": "\\ud800"}', 400, "not_json"),
        (b"[" * 200_000, 400, "not_json"),
        (b'{"sku": "' + b"x" * 10_000_000 + b'"}', 413, "too_large"),
    ],
    ids=["negative", "no number", "nul", "a price", "unknown", "broken", "half a sign", "deep", "10 MB"],
)
def test_what_cannot_be_is_refused_and_changes_nothing(shopper: Caller, body: object, status: int, code: str) -> None:
    answer = shopper.post("/api/shop/cart/lines", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert shopper.get("/api/shop/cart").json()["pieces"] == 0


def test_a_no_is_said_in_the_callers_language(shopper: Caller) -> None:
    english = shopper.post("/api/shop/cart/lines", {"sku": "NONE"}).json()
    assert english == {
        "code": "not_for_sale",
        "message": "This item is not sold, or no longer. Nothing was changed.",
        "data": {"sku": "NONE"},
    }
    german_then_chinese = {"Accept-Language": "de, zh-CN;q=0.5"}
    assert shopper.get("/api/shop/orders/x", **german_then_chinese).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "x:y:z", "eins zwei"])
def test_who_says_not_who_calls_gets_nowhere(shelves: None, token: str) -> None:
    answer = Caller(token).get("/api/shop/cart")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_known")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_cannot_be_guessed(shopper: Caller) -> None:
    person = "somebody"
    carts.add(sku="CUP", quantity=1, trail=made.a_walk(person), by=made.CLERK)
    _person, _colon, signature = shopper.token.partition(":")
    assert Caller(f"{person}:{signature}").get("/api/shop/cart").status_code == 401


def test_too_many_calls_wait(shelves: None, settings: Settings) -> None:
    settings.API_CALLS_PER_SECOND, settings.API_BURST_SECONDS = 1, 2
    answers = [Caller("").get("/api/shop/categories") for _ in range(4)]
    assert [each.status_code for each in answers][:2] == [200, 200]
    assert (answers[3].status_code, answers[3].json()["code"]) == (429, "too_often")
    assert int(answers[3].headers["Retry-After"]) >= 1


def test_a_page_elsewhere_reads_only_where_it_may(shopper: Caller, settings: Settings) -> None:
    foreign = {"Origin": "https://app.example"}
    assert "Access-Control-Allow-Origin" not in shopper.get("/api/shop/cart", **foreign).headers
    settings.API_ORIGINS = ["https://app.example"]
    assert shopper.get("/api/shop/cart", **foreign).headers["Access-Control-Allow-Origin"] == "https://app.example"
    asked = shopper.client.options("/api/shop/cart/lines", headers=foreign)
    assert (asked.status_code, "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]) == (204, True)


def test_no_cookie_is_set_and_none_is_believed(shopper: Caller) -> None:
    answer = shopper.get("/api/shop/cart")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_that_is_none_is_said_as_json(shelves: None) -> None:
    answer = Caller("").get("/api/shop/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_there")


def test_a_shopper_is_not_sent_anywhere_after_paying(shopper: Caller) -> None:
    number = an_order_of(shopper).json()["order_number"]
    said = {"provider": "sandbox", "return_to": "https://evil.example/"}
    answer = shopper.post(f"/api/shop/orders/{number}/pay", said)
    assert (answer.status_code, answer.json()["code"]) == (422, "return_not_allowed")


def test_a_call_costs_as_few_statements_with_one_line_as_with_three(shopper: Caller) -> None:
    shopper.post("/api/shop/cart/lines", {"sku": "CUP"})
    with made.statements() as one:
        shopper.get("/api/shop/cart")
    for sku in ("BOWL", "LONGJING"):
        shopper.post("/api/shop/cart/lines", {"sku": sku})
    with made.statements() as three:
        shopper.get("/api/shop/cart")
    assert len(one) == len(three) <= 8


def test_a_shopper_is_no_office(shopper: Caller, office: Callable[..., Caller]) -> None:
    assert shopper.get("/api/office/orders").status_code == 401
    assert office().get("/api/shop/cart").status_code == 401
