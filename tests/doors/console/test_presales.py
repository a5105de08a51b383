"""Presales at the console: the sums of a form, what is put up, how it goes, calling it off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.growth.membership.made import a_shop_with_points
from tests.growth.presale.conftest import plugged
from tests.growth.presale.made import a_balance, a_deposit, a_presale, a_shopper, balances_are_open, pay, state
from tests.shop.made import SHOP, a_product, statements
from zhanggui.base import clock
from zhanggui.growth.presale import actions, models, queries
from zhanggui.growth.presale.rules import State

__all__ = ["plugged"]
AT = "/console/presales/"
ABOUT = "?shop=tea"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(db: None, plugged: None) -> None:
    a_shop_with_points()
    a_product("CUP", price=50000, units=20)


def typed(**more: str) -> dict[str, str]:
    now = clock.now().astimezone(clock.zone("Asia/Shanghai"))
    days = {"deposit_from": 0, "deposit_until": 1, "balance_from": 1, "balance_until": 3}
    form = {name: (now + timedelta(days=n)).strftime("%Y-%m-%dT%H:%M") for name, n in days.items()}
    form |= {"sku": "CUP", "price": "500", "first": "50", "credit": "100", "quantity": "20", "per_person": "2"}
    return form | {"ship_by": (now + timedelta(days=9)).date().isoformat(), "key": "k", "act": "put_up"} | more


def said(client: Client, address: str, form: dict[str, str]) -> str:
    return client.post(f"{address}{ABOUT}", form, follow=True).content.decode()


def test_a_presale_is_put_up_as_typed_and_once(owner: Client) -> None:
    for _ in range(2):
        assert "The presale is up" in said(owner, f"{AT}new/", typed())
    (found,), count = queries.presales(SHOP, limit=9)
    assert count == 1
    assert (found.terms.total.minor, found.terms.balance.minor, found.terms.per_person) == (45000, 40000, 2)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"sku": "NONE"}, "must be one of this shop"),
        ({"price": "x"}, "The price is above nothing"),
        ({"first": "0"}, "What is paid first is above nothing"),
        ({"credit": "40"}, "at least what is paid first"),
        ({"credit": "500"}, "at least what is paid first"),
        ({"quantity": "0"}, "So many pieces"),
        ({"per_person": "21"}, "One person reserves"),
        ({"deposit_from": "soon"}, "Say when deposits begin"),
        ({"balance_until": "2020-01-01T10:00"}, "Balances end after they begin"),
        ({"ship_by": ""}, "It leaves once balances are taken"),
    ],
)
def test_what_cannot_be_right_is_said_and_nothing_is_written(owner: Client, wrong: dict[str, str], why: str) -> None:
    assert why in said(owner, f"{AT}new/", typed(**wrong))
    assert not models.Presale.objects.exists()


def test_the_sums_are_shown_while_somebody_types(owner: Client) -> None:
    shown = said(owner, f"{AT}sums/", {"price": "500", "first": "100", "credit": "150"})
    for part in ("CN¥450.00", "CN¥90.00", "CN¥10.00", "never kept and never doubled"):
        assert part in shown
    assert "All of it is a deposit by law" in said(
        owner, f"{AT}sums/", {"price": "500", "first": "50", "credit": "100"}
    )
    assert "what it is worth lies between" in said(owner, f"{AT}sums/", {"price": "500", "first": "50", "credit": "20"})


def test_how_a_presale_goes_stands_on_its_page_in_few_statements(owner: Client) -> None:
    presale = a_presale()
    walks = [a_shopper(number) for number in range(3)]
    for walk in walks:
        a_deposit(presale, walk)
    balances_are_open(presale)
    for walk in walks[:2]:
        placed = a_balance(walk)
        pay(placed.order_number, placed.payment_id)
    for address in (AT, f"{AT}{presale}/"):
        shown = owner.get(address + ABOUT).content.decode()
        for part in ("66.7%", "CN¥150.00", "CN¥800.00", "65.0%"):
            assert part in shown, part
        with statements() as sent:
            owner.get(address + ABOUT)
        assert len(sent) <= 13
    shown = owner.get(f"{AT}{presale}/{ABOUT}&state=balance_open").content.decode()
    assert shown.count("Give the deposit back") == 1


@pytest.mark.parametrize(("how", "wallet"), [("seller_cancelled", 5000), ("force_majeure", 0)])
def test_a_presale_is_called_off_only_with_the_tick(owner: Client, how: str, wallet: int) -> None:
    presale = a_presale()
    id = a_deposit(presale, a_shopper())
    assert "Tick the box first" in said(owner, f"{AT}{presale}/call-off/", {"how": how})
    assert state(id) is State.DEPOSIT_PAID
    assert "Called off" in said(owner, f"{AT}{presale}/call-off/", {"how": how, "sure": "1"})
    actions.every_minute()
    actions.end_one(reservation_id=str(id), how=how)
    shown = queries.presale(SHOP, presale)
    assert (state(id), queries.figures([shown])[presale].doubled_money.minor) == (State(how), wallet)


def test_one_persons_deposit_is_given_back(owner: Client) -> None:
    presale = a_presale()
    id, other = a_deposit(presale, a_shopper(1)), a_deposit(presale, a_shopper(2))
    address = f"{AT}reservations/{id}/end/"
    assert "Tick the box first" in said(owner, address, {"how": "force_majeure"})
    assert "The deposit goes back." in said(owner, address, {"how": "force_majeure", "sure": "1"})
    assert "cannot be ended that way any more" in said(owner, address, {"how": "force_majeure", "sure": "1"})
    assert (state(id), state(other)) == (State.FORCE_MAJEURE, State.DEPOSIT_PAID)
