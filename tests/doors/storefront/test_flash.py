"""Flash sales in the shop: the hall, the block on the page, the line, the way to the checkout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.growth.flash.conftest import plugged
from tests.growth.flash.made import WALK, a_pick, a_sale, item
from tests.shop.conftest import wait
from tests.shop.made import CLERK, SHOP, a_cart, a_product, a_shop, place, statements
from zhanggui.growth.flash import actions, models, queries

__all__ = ["plugged", "wait"]
Wait = Callable[[timedelta], datetime]


@pytest.fixture
def shop(db: None, plugged: None, settings: Settings) -> None:
    settings.OWN_SHOP = SHOP
    a_shop()
    a_product("CUP", units=20)


@pytest.fixture
def english() -> Client:
    return Client(headers={"accept-language": "en"})


pytestmark = pytest.mark.usefixtures("shop")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def buy(client: Client, id: str, sku: str = "CUP") -> str:
    answer = client.post(f"/flash/{id}/buy/{sku}/")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_the_hall_says_so_when_nothing_is_on(english: Client) -> None:
    assert "No flash sale just now" in text(english, "/flash/")


def test_the_hall_shows_every_stage_with_what_can_be_done(english: Client) -> None:
    for sku in ("POT", "TRAY", "BOX"):
        a_product(sku, units=20)
    a_sale(a_pick(units=4))
    a_sale(a_pick("POT", units=1))
    a_sale(a_pick("TRAY"), starts_in=timedelta(hours=1))
    over = a_sale(a_pick("BOX"))
    place(a_cart({"CUP": 1}))
    place(a_cart({"POT": 1}))
    actions.stop(id=over, trail=WALK, by=CLERK)
    queries.forget()
    shown = text(english, "/flash/")
    assert shown.count("Get it now") == 1
    assert 'name="csrfmiddlewaretoken"' in shown.partition('class="flash-go"')[2].partition("</form>")[0]
    for said in ("25% taken", "All taken at this price", "Not on sale yet", "Coming", "data-flash-now="):
        assert said in shown
    with statements() as sent:
        text(english, "/flash/")
    assert len(sent) <= 4


def test_the_page_of_an_article_speaks_of_its_sale_and_is_else_as_it_was(english: Client) -> None:
    a_product("POT", units=20)
    a_sale(a_pick(price=3990, units=4))
    shown = text(english, "/p/CUP/")
    assert "flash-block" in shown
    assert "CN¥39.90" in shown
    assert "flash-block" not in text(english, "/p/POT/")
    text(english, "/p/POT/")
    with statements() as sent:
        text(english, "/p/POT/")
    assert len(sent) == 1


def test_without_a_line_one_press_leads_to_the_checkout(english: Client) -> None:
    id = a_sale(a_pick(price=3990))
    assert buy(english, id).endswith("/checkout/")
    assert buy(english, id).endswith("/checkout/")
    shown = text(english, "/checkout/")
    assert "Flash sale price" in shown
    assert "CN¥51.90" in shown


def test_what_is_not_on_cannot_be_bought(english: Client) -> None:
    id = a_sale(starts_in=timedelta(minutes=30))
    assert buy(english, id).endswith("/p/CUP/")
    assert "has not begun yet" in text(english, "/p/CUP/")
    assert english.post(f"/flash/{id}/buy/POT/").status_code == 404


def test_whoever_comes_into_a_crowd_waits_and_is_then_let_in(english: Client, wait: Wait) -> None:
    id = a_sale(a_pick(price=3990), entries=1)
    for number in range(3):
        actions.line_up(shop=SHOP, sale_id=id, person=f"v-{number}")
    address = buy(english, id)
    assert address.endswith(f"/flash/{id}/line/?sku=CUP")
    waiting = text(english, address)
    assert "You are in line" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "Order now" not in waiting
    assert buy(english, id) == address
    wait(timedelta(seconds=3))
    assert "Order now" in text(english, address)
    assert buy(english, id).endswith("/checkout/")
    wait(timedelta(minutes=6))
    assert "Your turn has passed" in text(english, address)


def test_asking_how_long_it_takes_reads_nothing(english: Client, wait: Wait) -> None:
    wait(timedelta(0))
    id = a_sale(entries=1)
    for number in range(5):
        actions.line_up(shop=SHOP, sale_id=id, person=f"v-{number}")
    buy(english, id)
    queries.shown(SHOP)
    with statements() as sent:
        said = english.get(f"/flash/{id}/line/ahead/").json()
    assert sent == []
    assert said["is_still"]
    assert said["opens"] > said["now"]
    assert Client().get(f"/flash/{id}/line/ahead/").status_code == 404


def test_a_token_that_was_tampered_with_is_no_place_in_line(english: Client) -> None:
    id = a_sale(entries=1)
    buy(english, id)
    (name,) = [name for name in english.cookies if name.startswith("flash_")]
    english.cookies[name] = english.cookies[name].value[:-2] + "xx"
    assert "Many want in at once" in text(english, f"/flash/{id}/line/?sku=CUP")
    buy(english, id)
    assert models.Ticket.objects.count() == 1


def test_the_line_says_when_everything_is_taken(english: Client) -> None:
    id = a_sale(a_pick(units=1), entries=1)
    address = f"/flash/{id}/line/?sku=CUP"
    buy(english, id)
    walk = a_cart()
    models.Ticket.objects.update(person=walk.person)
    place(walk)
    queries.forget()
    assert item(id).left_units == 0
    assert "All taken at this price" in text(english, address)
    assert buy(english, id).endswith("/p/CUP/")
