"""A shopper's own data: read, taken along, let go of."""

from __future__ import annotations

import json

import pytest

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.shop.customers.models import Customer

pytestmark = pytest.mark.django_db


def test_all_of_it_is_read_and_taken_along_without_what_things_cost_us(walker: Walker) -> None:
    number = walker.orders()
    sign_in(walker)
    with made.statements() as sent:
        page = walker.opens("/account/data/")
    assert number in page.text
    assert "+8613800138000" in page.text
    assert len(sent) <= 12
    answer = walker.client.get("/account/data/copy.json")
    assert "attachment" in answer["Content-Disposition"]
    said = json.loads(answer.content)
    assert [order["number"] for order in said["orders"]] == [number]
    assert said["phone"] == "+8613800138000"
    assert {consent["purpose"] for consent in said["consents"]} >= {"terms", "privacy"}
    assert "cost" not in answer.content.decode()


def test_an_open_order_keeps_it_open_and_a_box_has_to_be_ticked(walker: Walker) -> None:
    walker.orders()
    sign_in(walker)
    page = walker.opens("/account/data/")
    assert walker.sends(page, "/account/data/close/").status == 422
    page = walker.sends(page, "/account/data/close/", meant="yes")
    assert page.status == 409
    assert "An order is not paid or has not arrived yet" in page.text
    assert Customer.objects.filter(closed_at=None).count() == Customer.objects.count()


def test_who_closes_is_signed_out_and_comes_back_as_somebody_new(walker: Walker) -> None:
    sign_in(walker)
    old = Customer.objects.get().pk
    page = walker.sends(walker.opens("/account/data/"), "/account/data/close/", meant="yes")
    assert "Your account is closed" in page.text
    assert "/account/sign-in/" in walker.opens("/account/data/").address
    assert Customer.objects.get(pk=old).phone == ""


def test_a_guest_is_led_to_the_sign_in(walker: Walker) -> None:
    assert "/account/sign-in/" in walker.opens("/account/data/").address
