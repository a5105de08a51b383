"""A program at the back office: its key, its rights, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from tests.doors.api.caller import Caller, an_order_of
from tests.doors.api.conftest import a_shopper
from tests.shop import made
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.keys import actions as keyring
from zhanggui.base.keys import queries as keys
from zhanggui.base.keys.models import Key
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db
Office = Callable[..., Caller]


def test_orders_are_gone_through_part_by_part(shopper: Caller, office: Office) -> None:
    numbers = [an_order_of(shopper).json()["order_number"] for _ in range(3)]
    program, seen, cursor = office(), [], ""
    while True:
        part = program.get(f"/api/office/orders?limit=2&cursor={cursor}").json()
        seen += [each["number"] for each in part["items"]]
        if not (cursor := part["next"]):
            break
    assert seen == numbers[::-1]
    assert program.get("/api/office/orders?state=paid").json()["items"] == []


def test_a_cursor_of_somebody_else_is_refused(office: Office) -> None:
    for cursor in ("x", "WyJvIiwtMV0", "WyJrIl0", "e30"):
        answer = office(name=cursor).get(f"/api/office/orders?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor_not_allowed")


def test_a_note_is_written(shopper: Caller, office: Office) -> None:
    number = an_order_of(shopper).json()["order_number"]
    program = office()
    assert program.post(f"/api/office/orders/{number}/notes", {"words": "Gift wrap"}).status_code == 201
    notes = program.get(f"/api/office/orders/{number}").json()["notes"]
    assert [each["words"] for each in notes] == ["Gift wrap"]


def test_stock_comes_in_once_per_reference(office: Office) -> None:
    program = office()
    said = {"reference": "DN-1", "units": {"CUP": 5}}
    assert program.post("/api/office/stock/receipts", said).status_code == 201
    again = program.post("/api/office/stock/receipts", said)
    assert (again.status_code, again.json()["code"]) == (409, "already_moved")
    assert stock.free(["CUP"]) == {"CUP": 15}
    levels = program.get("/api/office/stock?sku=CUP").json()["items"]
    assert [(each["warehouse"], each["free_units"]) for each in levels] == [("main", 15)]


def test_stock_is_counted(office: Office) -> None:
    answer = office().post("/api/office/stock/counts", {"reference": "C-1", "counted": {"CUP": 7}})
    assert answer.json() == {"differences": {"CUP": -3}}


def test_a_product_is_read_changed_and_kept_from_older_changes(office: Office) -> None:
    program = office()
    handle = program.get("/api/office/products?q=CUP").json()["items"][0]["handle"]
    whole = program.get(f"/api/office/products/{handle}").json()
    said = {name: whole[name] for name in ("edition", "title", "summary", "brand", "category", "tags", "options")}
    said["variants"] = whole["variants"]
    said["title"] = {"zh": "青瓷杯", "en": "Celadon cup"}
    said["variants"][0]["price"]["minor"] = 6990
    changed = program.put(f"/api/office/products/{handle}", said)
    assert changed.status_code == 200, changed.content
    assert (changed.json()["title"]["en"], changed.json()["variants"][0]["price"]["minor"]) == ("Celadon cup", 6990)
    late = program.put(f"/api/office/products/{handle}", said)
    assert (late.status_code, late.json()["code"]) == (409, "product_moved")


def test_a_new_product_is_put(office: Office) -> None:
    said = {
        "title": {"zh": "茶勺"},
        "summary": {"zh": "竹制"},
        "brand": {"zh": "雾坡"},
        "category": "tea",
        "variants": [
            {"sku": "SPOON", "price": {"minor": 1500, "currency": "CNY"}, "cost": {"minor": 1, "currency": "CNY"}}
        ],
    }
    answer = office().put("/api/office/products/spoon", said)
    assert answer.status_code == 200, answer.content
    assert Caller("").get("/api/shop/products/SPOON").json()["price"]["minor"] == 1500


def test_prices_and_listing_are_changed(office: Office) -> None:
    program = office()
    said = {"prices": {"CUP": {"minor": 4990, "currency": "CNY"}}}
    assert program.put("/api/office/prices", said).json() == {"changed": 1}
    assert program.put("/api/office/listing/CUP", {"is_listed": False}).json() == {"changed": 1}
    assert a_shopper().post("/api/shop/cart/lines", {"sku": "CUP"}).json()["code"] == "not_for_sale"


def test_people_are_masked(shopper: Caller, office: Office) -> None:
    an_order_of(shopper)
    program = office()
    (one,) = program.get("/api/office/customers").json()["items"]
    assert one["contact"] == {"name": "林**", "phone": "138****8000", "email": ""}
    assert program.get(f"/api/office/customers/{one['id']}/wallet").json()["balance"]["minor"] == 0


def test_a_key_does_only_what_it_may(office: Office) -> None:
    program = office(Right.SEE_PEOPLE)
    answer = program.get("/api/office/orders")
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (
        403,
        "right_missing",
        {"right": "run_shop"},
    )
    assert program.get("/api/office/customers").status_code == 200


def test_a_key_that_was_revoked_or_has_ended_opens_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    revoked, ended = office(name="one"), office(name="two")
    keyring.revoke(shop=made.SHOP, key_id=next(key.id for key in keys.keys(made.SHOP) if key.name == "one"))
    assert revoked.get("/api/office/orders").status_code == 401
    tomorrow = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert ended.get("/api/office/orders").status_code == 401


def test_a_key_is_kept_as_a_digest_and_opens_one_shop(shopper: Caller, office: Office, settings: Settings) -> None:
    number = an_order_of(shopper).json()["order_number"]
    made.a_shop("other")
    stranger = office(shop="other")
    assert stranger.token[3:] not in str(Key.objects.values())
    assert stranger.get(f"/api/office/orders/{number}").status_code == 404
    assert stranger.get("/api/office/orders").json()["items"] == []
