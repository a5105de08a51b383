"""A call with the same key happens once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from tests.doors.api.caller import Caller, an_order_of, order_of
from tests.doors.api.conftest import a_shopper
from tests.shop import made
from zhanggui.base import clock
from zhanggui.doors.api import forgetting
from zhanggui.doors.api.models import Answer
from zhanggui.shop.orders.models import Order


@pytest.mark.django_db
def test_the_same_call_has_the_same_answer_and_happens_once(shopper: Caller) -> None:
    first = shopper.post("/api/shop/cart/lines", {"sku": "CUP", "quantity": 2}, key="k1")
    again = shopper.post("/api/shop/cart/lines", {"sku": "CUP", "quantity": 2}, key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert shopper.get("/api/shop/cart").json()["pieces"] == 2


@pytest.mark.django_db
def test_a_no_is_kept_too(shopper: Caller) -> None:
    first = shopper.post("/api/shop/cart/lines", {"sku": "NEW"}, key="k1")
    made.a_product("NEW")
    again = shopper.post("/api/shop/cart/lines", {"sku": "NEW"}, key="k1")
    assert (first.status_code, again.status_code) == (409, 409)


@pytest.mark.django_db
def test_the_same_key_for_another_call_is_refused(shopper: Caller) -> None:
    shopper.post("/api/shop/cart/lines", {"sku": "CUP"}, key="k1")
    answer = shopper.post("/api/shop/cart/lines", {"sku": "BOWL"}, key="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_misused")
    assert [line["sku"] for line in shopper.get("/api/shop/cart").json()["lines"]] == ["CUP"]


@pytest.mark.django_db
def test_a_change_without_a_key_is_refused(shopper: Caller) -> None:
    for key in (" ", "x" * 201):
        answer = shopper.post("/api/shop/cart/lines", {"sku": "CUP"}, key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")
    assert shopper.get("/api/shop/cart").json()["pieces"] == 0


@pytest.mark.django_db
def test_a_key_is_its_callers_own(shopper: Caller) -> None:
    other = a_shopper()
    for caller in (shopper, other):
        assert caller.post("/api/shop/cart/lines", {"sku": "CUP"}, key="k1").json()["pieces"] == 1


@pytest.mark.django_db
def test_a_call_whose_process_died_is_taken_up_and_still_happens_once(shopper: Caller) -> None:
    said_first = an_order_of(shopper, key="k1")
    said = Answer.objects.get(key="k1")
    long_ago = clock.now() - timedelta(minutes=2)
    Answer.objects.filter(pk=said.pk).update(claimed_until=long_ago, status=None, body=None)
    replayed = shopper.client.generic(
        "POST",
        "/api/shop/orders",
        said_first.wsgi_request.body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {shopper.token}", "Idempotency-Key": "k1"},
    )
    assert (replayed.status_code, replayed.json()) == (201, said_first.json())
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_our_own_fault_is_not_kept(shopper: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    shopper.client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("zhanggui.shop.cart.actions.add", lambda **said: 1 // 0)
        assert shopper.post("/api/shop/cart/lines", {"sku": "CUP"}, key="k1").status_code == 500
    assert shopper.post("/api/shop/cart/lines", {"sku": "CUP"}, key="k1").status_code == 200


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_day(shopper: Caller) -> None:
    for key, hours in (("old", 25), ("young", 23)):
        shopper.post("/api/shop/cart/lines", {"sku": "CUP"}, key=key)
        Answer.objects.filter(key=key).update(at=clock.now() - timedelta(hours=hours))
    forgetting.sweep()
    assert [row.key for row in Answer.objects.all()] == ["young"]


@pytest.mark.django_db(transaction=True)
def test_the_same_order_at_the_same_moment_is_one(settings: Settings) -> None:
    settings.OWN_SHOP = made.SHOP
    made.a_shop()
    made.a_product("CUP")
    shopper = a_shopper()
    shopper.post("/api/shop/cart/lines", {"sku": "CUP"})
    said = order_of(shopper)

    def place(_number: int) -> tuple[int, bytes]:
        try:
            answer = Caller(shopper.token).post("/api/shop/orders", said, key="k1")
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    answers = made.at_once(place, 8, threads=8)
    assert len(set(map(str, answers))) == 1
    assert answers[0][0] == 201  # type: ignore[index]
    assert Order.objects.count() == 1
