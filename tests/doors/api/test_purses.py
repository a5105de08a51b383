"""The wallet, gift cards and the wish list of a shopper's program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse

from tests.doors.api.caller import Caller, order_of, sign_in
from tests.doors.api.conftest import a_shopper
from tests.shop import made
from tests.shop.payments.bank import a_card
from zhanggui.base import clock
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.orders.models import Order
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db
COSTS = 5990 + 1200


def with_money(shopper: Caller, minor: int) -> Caller:
    """Somebody who has signed in and has that much in the wallet."""
    me = sign_in(shopper)
    payments.credit_wallet(
        customer_id=str(customer_id()),
        amount=made.cny(minor),
        reason="sorry",
        idempotency_key=str(uuid4()),
        trail=Trail(shop=made.SHOP),
        by=made.CLERK,
    )
    return me


def customer_id() -> UUID:
    return Customer.objects.get().pk


def cny(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def order(shopper: Caller, *tenders: dict[str, Any], key: str = "") -> HttpResponse:
    """Order a cup and pay it with these."""
    assert shopper.post("/api/shop/cart/lines", {"sku": "CUP"}).status_code == 200
    return shopper.post("/api/shop/orders", order_of(shopper) | {"tenders": list(tenders)}, key=key)


def test_a_gift_card_is_looked_at_and_fills_the_wallet_once(shopper: Caller) -> None:
    _, code = a_card(20000)
    me = sign_in(shopper)
    looked = me.post("/api/shop/gift-card", {"code": code}).json()
    assert (looked["balance"], looked["is_good"], looked["ending"]) == (cny(20000), True, code[-4:])
    assert me.get("/api/shop/wallet").json() == {"balance": cny(0), "moves": []}
    put = me.post("/api/shop/wallet/gift-cards", {"code": code.lower().replace("-", " ")})
    assert put.json() == {"amount": cny(20000), "balance": cny(20000)}
    again = me.post("/api/shop/wallet/gift-cards", {"code": code})
    assert (again.status_code, again.json()["code"]) == (409, "not_enough")
    (move,) = me.get("/api/shop/wallet").json()["moves"]
    assert (move["kind"], move["amount"]) == ("redeem", cny(20000))


def test_a_code_that_no_card_has_is_said_so(shopper: Caller) -> None:
    answer = shopper.post("/api/shop/gift-card", {"code": "AAAA-BBBB-CCCC-DDDD"})
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (
        422,
        "no_such_gift_card",
        {"ending": "DDDD"},
    )


def test_a_guest_has_no_wallet(shopper: Caller) -> None:
    for answer in (
        shopper.get("/api/shop/wallet"),
        shopper.post("/api/shop/wallet/gift-cards", {"code": a_card(100)[1]}),
        order(shopper, {"kind": "wallet", "amount": cny(100)}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_needed")
    assert not Order.objects.exists()


def test_wallet_and_card_pay_and_the_provider_takes_the_rest(shopper: Caller) -> None:
    _, code = a_card(2000)
    me = with_money(shopper, 3000)
    placed = order(me, {"kind": "wallet", "amount": cny(3000)}, {"kind": "gift_card", "code": code, "amount": cny(500)})
    assert placed.status_code == 201, placed.content
    assert placed.json()["left"] == cny(COSTS - 3500)
    assert me.get("/api/shop/wallet").json()["balance"] == cny(0)
    assert me.post("/api/shop/gift-card", {"code": code}).json()["balance"] == cny(1500)
    shown = me.get(f"/api/shop/orders/{placed.json()['order_number']}").json()
    assert (shown["state"], [each["amount"] for each in shown["payments"]]) == (
        "awaiting_payment",
        [cny(COSTS - 3500)],
    )


def test_a_card_alone_pays_a_guests_order_at_once(shopper: Caller) -> None:
    _, code = a_card(10000)
    placed = order(shopper, {"kind": "gift_card", "code": code, "amount": cny(COSTS)})
    assert placed.json()["left"] == cny(0)
    assert shopper.get(f"/api/shop/orders/{placed.json()['order_number']}").json()["state"] == "paid"


def test_the_same_order_takes_the_money_once(shopper: Caller) -> None:
    me = with_money(shopper, 10000)
    said = {"kind": "wallet", "amount": cny(COSTS)}
    me.post("/api/shop/cart/lines", {"sku": "CUP"})
    body = order_of(me) | {"tenders": [said]}
    first, again = (me.post("/api/shop/orders", body, key="k1") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert me.get("/api/shop/wallet").json()["balance"] == cny(10000 - COSTS)


@pytest.mark.parametrize(
    ("minor", "currency", "status", "code"),
    [
        (COSTS + 1, "CNY", 422, "tender_not_allowed"),
        (0, "CNY", 422, "tender_not_allowed"),
        (-1, "CNY", 422, "malformed"),
        (100, "USD", 422, "tender_not_allowed"),
        (4000, "CNY", 409, "not_enough"),
    ],
)
def test_what_a_wallet_cannot_pay_orders_nothing(
    shopper: Caller, minor: int, currency: str, status: int, code: str
) -> None:
    me = with_money(shopper, 3000)
    answer = order(me, {"kind": "wallet", "amount": {"minor": minor, "currency": currency}})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Order.objects.exists()
    assert me.get("/api/shop/wallet").json()["balance"] == cny(3000)
    assert me.get("/api/shop/cart").json()["pieces"] == 1


def test_a_card_that_has_ended_pays_nothing(shopper: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    _, code = a_card(10000, lasts=timedelta(seconds=30))
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = order(shopper, {"kind": "gift_card", "code": code, "amount": cny(100)})
    assert (answer.status_code, answer.json()["code"]) == (409, "gift_card_ended")
    assert shopper.post("/api/shop/gift-card", {"code": code}).json()["is_good"] is False


def test_a_wish_is_put_on_the_list_once_and_says_what_became_cheaper(shopper: Caller) -> None:
    assert shopper.put("/api/shop/wishes/CUP", {}).json() == {"is_new": True}
    assert shopper.put("/api/shop/wishes/CUP", {}).json() == {"is_new": False}
    catalogue.change_prices(prices={"CUP": made.cny(4990)}, trail=Trail(shop=made.SHOP), by=made.CLERK)
    (wish,) = shopper.get("/api/shop/wishes").json()
    assert (wish["card"]["sku"], wish["wished_price"], wish["cheaper_by"]) == ("CUP", cny(5990), cny(1000))
    assert a_shopper().get("/api/shop/wishes").json() == []
    assert shopper.delete("/api/shop/wishes/CUP").status_code == 200
    assert shopper.get("/api/shop/wishes").json() == []
    unknown = shopper.put("/api/shop/wishes/NONE", {})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "not_for_sale")
