"""Flash sales at the console: the preview, what is set up, the numbers, the stop button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.growth.flash.conftest import plugged
from tests.growth.flash.made import a_pick, a_sale, sale
from tests.shop.made import SHOP, a_cart, a_product, a_shop, place, statements
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.growth.flash import models, queries
from zhanggui.growth.flash.rules import State
from zhanggui.supply.stock import queries as stock

__all__ = ["plugged"]
AT = "/console/flash/"
ABOUT = "?shop=tea"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(db: None, plugged: None) -> None:
    a_shop()
    a_product("CUP", units=20)


def typed(**more: str) -> dict[str, str]:
    begins = clock.now().astimezone(clock.zone("Asia/Shanghai")) + timedelta(hours=1)
    form = {
        "name_zh": "晚八点秒杀",
        "starts_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (begins + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "sku.0": "CUP",
        "price.0": "39.90",
        "units.0": "5",
        "per_person.0": "2",
        "key": "k",
    }
    return form | {name.replace("__", "."): value for name, value in more.items()}


def said(client: Client, address: str, form: dict[str, str]) -> str:
    return client.post(f"{address}{ABOUT}", form, follow=True).content.decode()


def test_a_plan_shows_what_it_takes_and_costs_before_anything_is_written(owner: Client) -> None:
    shown = said(owner, f"{AT}new/", typed(act="look"))
    for part in ("CN¥100.00", "CN¥20.00", "20 → 15", "CN¥9.95", "Set it up"):
        assert part in shown
    assert not models.Sale.objects.exists()
    short = said(owner, f"{AT}new/", typed(act="look", units__0="21"))
    assert "too few" in short
    assert "Set it up" not in short


def test_a_sale_is_set_up_as_typed_and_once(owner: Client) -> None:
    for _ in range(2):
        assert "set aside" in said(owner, f"{AT}new/", typed(act="set_up", entries="10"))
    (found,) = queries.sales_of(SHOP)
    assert (found.name.zh, found.entries_per_second, found.quota_units) == ("晚八点秒杀", 10, 5)
    assert (found.items[0].price.minor, found.items[0].per_person) == (3990, 2)
    assert stock.free(["CUP"])["CUP"] == 15
    assert "晚八点秒杀" in owner.get(AT + ABOUT).content.decode()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name_zh": ""}, "needs a Chinese name"),
        ({"starts_at": ""}, "Say when it begins"),
        ({"ends_at": "soon"}, "Say when it ends"),
        ({"ends_at": "2020-01-01T10:00"}, "end after it begins"),
        ({"entries": "many"}, "Shoppers a second"),
        ({"sku__0": ""}, "Name 1 to 40 articles"),
        ({"sku__0": "POT"}, "POT is no article"),
        ({"price__0": "59.90"}, "below its list price"),
        ({"price__0": "cheap"}, "below its list price"),
        ({"units__0": "-1"}, "Pieces of CUP"),
        ({"per_person__0": "9"}, "Pieces per person of CUP"),
        ({"units__0": "21"}, "only 20 pieces are free"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_written(owner: Client, wrong: dict[str, str], why: str) -> None:
    shown = said(owner, f"{AT}new/", typed(act="set_up", **wrong))
    assert why in shown
    assert not models.Sale.objects.exists()


def test_an_overlapping_sale_is_refused_with_its_article(owner: Client) -> None:
    a_sale(a_pick(units=5))
    assert "CUP is in another flash sale" in said(owner, f"{AT}new/", typed(act="set_up"))
    assert models.Sale.objects.count() == 1


def test_the_page_of_a_sale_has_its_numbers_in_few_statements(owner: Client) -> None:
    id = a_sale(a_pick(units=4), entries=None)
    place(a_cart())
    address = f"{AT}{id}/{ABOUT}"
    shown = owner.get(address).content.decode()
    for part in ("1 / 4", "25 %", "CN¥20.00", "Minute by minute", 'http-equiv="refresh"'):
        assert part in shown
    with statements() as sent:
        owner.get(address)
    assert len(sent) <= 10
    assert owner.get(f"{AT}0199f3a1-7c2e-7d4b-9a51-3f6d2c8e1b07/{ABOUT}").status_code == 404


def test_a_sale_is_stopped_only_by_who_is_sure_and_may(owner: Client, signed_in: Callable[..., Client]) -> None:
    id = a_sale(a_pick(units=4))
    clerk = signed_in(Role.CLERK)
    assert clerk.get(f"{AT}{id}/{ABOUT}").status_code == 200
    assert "Stop the sale" not in clerk.get(f"{AT}{id}/{ABOUT}").content.decode()
    assert clerk.post(f"{AT}{id}/stop/{ABOUT}", {"sure": "1"}).status_code == 403
    assert "Tick the box first" in said(owner, f"{AT}{id}/stop/", {})
    assert sale(id).state is State.SET
    assert "back in stock" in said(owner, f"{AT}{id}/stop/", {"sure": "1"})
    assert sale(id).state is State.ENDED
    assert "had ended already" in said(owner, f"{AT}{id}/stop/", {"sure": "1"})
