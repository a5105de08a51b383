"""What flash sales, teams and presales take off the list price is booked, and what is written off; each once."""

from __future__ import annotations

import pytest

from tests.shop.made import CLERK, a_new_product, a_shop
from tests.steer.budgets.made import (
    SHOP,
    TRAIL,
    balance_paid,
    deposit_returned,
    flash_returned,
    flash_taken,
    group_failed,
    group_joined,
    written_off,
)
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.spine.envelope import Envelope
from zhanggui.steer.budgets import handlers, models, queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def acme(db: None) -> None:
    a_shop(SHOP)


def booked(*facts: Envelope) -> list[tuple[str, str, int]]:
    """The facts are heard twice."""
    handlers.book(facts)
    handlers.book(facts)
    rows = models.Posting.objects.order_by("on", "pk").values_list("kind", "area", "amount_minor")
    assert queries.audit() == ()
    return list(rows)


def test_a_flash_sale_is_booked_by_order_and_what_comes_back_by_its_pieces():
    taken = (flash_taken(3_000, units=3), flash_taken(500, sku="cup"), flash_taken(700, number="O-2"))

    rows = booked(*taken, flash_returned(1), flash_returned(2))

    assert sorted(rows) == [("flash", "traffic", amount) for amount in (-2_000, -1_000, 500, 700, 3_000)]


def test_a_team_that_fails_had_saved_nothing():
    rows = booked(
        group_joined(900, number="O-1"),
        group_joined(800, number="O-2"),
        group_joined(700, number="O-3", team="U"),
        group_failed(),
    )

    assert sorted(rows) == [("group", "traffic", amount) for amount in (-1_700, 700, 800, 900)]


def test_a_presale_is_booked_when_its_balance_is_paid_and_pieces_that_come_back_are_not():
    assert booked(deposit_returned(1)) == []  # nothing was booked of it yet

    assert booked(balance_paid(4_000), deposit_returned(1)) == [
        ("presale", "traffic", 4_000),
        ("presale", "traffic", -2_000),
    ]


def test_facts_that_were_told_without_a_saving_book_nothing():
    assert booked(balance_paid(None), group_joined(0, number="O-1")) == []


def test_what_is_written_off_is_booked_on_supply_at_its_cost_where_that_is_known():
    cup = a_new_product("CUP", price=5_990, shop=SHOP)  # costs 29.95
    catalogue.list_product(product=cup, trail=TRAIL, by=CLERK)

    assert booked(written_off(2, sku="CUP"), written_off(5, sku="nobody-knows")) == [("written_off", "supply", 5_990)]
