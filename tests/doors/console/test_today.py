"""The page of today: how the goals stand, what waits by money, what goes on, what needs a hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client

from tests.growth.messages.conftest import carried
from tests.shop.conftest import wait
from tests.shop.made import SHOP, a_product, a_shop
from tests.steer.goals.made import an_operator
from tests.steer.plays.conftest import plugged
from tests.steer.plays.made import DAY, DESK, STAFF, TODAY, a_running_play, a_signal, customers_with_orders
from zhanggui.base.accounts.rules import Role
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.goals import actions as goals

__all__ = ["carried", "plugged", "wait"]
PAGE = f"/console/hands/?shop={SHOP}"
pytestmark = [pytest.mark.django_db, pytest.mark.tables("orders", "offers", "sku_days", "stock_days", "visits")]


@pytest.fixture
def shop(db: None, lake_folder: object, plugged: None, carried: None, wait: object) -> None:
    a_shop()
    a_product("CUP", price=5990, units=500)
    customers_with_orders(40, rate=0.2, days=[TODAY - n * DAY for n in range(1, 15)])


def read(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_shop_without_goals_is_led_to_the_first_one(shop: None, signed_in: Callable[..., Client]) -> None:
    page = read(signed_in(Role.MANAGER))
    assert "What needs a hand now" in page
    assert "Set the first goal" in page
    assert "No signal waits" in page


def test_the_day_is_told_by_goal_signals_and_plays(shop: None, signed_in: Callable[..., Client]) -> None:
    goals.set_goal(
        shop=SHOP,
        metric="gmv_paid",
        baseline=1_000_000,
        target=9_000_000,
        period=Period(date(2026, 11, 1), date(2026, 12, 1)),
        owner=an_operator(),
        trail=DESK,
        by=STAFF,
    )
    small, large = a_signal(minor=100_000, subject="segment:a"), a_signal(minor=900_000, subject="segment:b")
    play = a_running_play()

    page = read(signed_in(Role.MANAGER))
    assert "wanted</h1>" in page
    assert page.index(str(large.id)) < page.index(str(small.id))
    assert f"/console/plays/{play}/" in page
    assert "goes on until" in page


def test_who_works_without_numbers_sees_what_needs_a_hand_only(shop: None, signed_in: Callable[..., Client]) -> None:
    signal = a_signal()
    page = read(signed_in(Role.CLERK))
    assert str(signal.id) not in page
    assert "Waits for a decision" not in page
    assert "Nothing: no parcel is late" in page
