"""The price block and the cards say what those pay who take part: in a flash sale, a team, a presale."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.growth.flash.made import WALK, a_pick, a_sale
from tests.growth.presale.made import a_presale
from tests.growth.promotions.made import live
from tests.growth.teams.made import an_offer
from tests.shop.conftest import wait
from tests.shop.made import CLERK, SHOP, a_cart, a_product, a_shop, cny, place
from zhanggui.doors.storefront import documents
from zhanggui.growth.flash import actions as flash
from zhanggui.growth.flash import queries as flash_sales
from zhanggui.growth.promotions import queries as promotions

__all__ = ["wait"]
pytestmark = pytest.mark.django_db
Wait = Callable[[timedelta], datetime]


@pytest.fixture(autouse=True)
def shop(db: None, settings: Settings) -> None:
    settings.OWN_SHOP = SHOP
    a_shop()
    a_product("CUP", units=50)
    a_product("BOWL", units=50)


def opened(address: str) -> str:
    promotions.forget()
    flash_sales.forget()
    answer = Client(headers={"accept-language": "en"}).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def beside(sku: str) -> list[str]:
    """What the price block says beside the price, without its marks."""
    found = re.search(r'<ul class="deals".*?</ul>', opened(f"/p/{sku}/"), re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL) if found else []
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", item)).strip() for item in items]


def label(sku: str) -> str:
    """The label on its card in the category."""
    documents.shelf.forget()
    card = re.search(rf'<li class="card"><a href="/p/{sku}/".*?</li>', opened("/c/cups/"), re.DOTALL)
    found = re.search(r'<span class="tag clip">(.*?)</span>', card[0]) if card else None
    return found[1] if found else ""


def test_a_flash_price_is_said_with_its_reason_until_it_is_gone() -> None:
    sale = a_sale(a_pick(units=1))
    (said,) = beside("CUP")
    assert said.startswith("CN¥39.90 Flash sale price · until ")
    assert (label("CUP"), label("BOWL")) == ("Flash sale price CN¥39.90", "")
    place(a_cart({"CUP": 1}))
    assert (beside("CUP"), label("CUP")) == ([], "")
    other = a_sale(a_pick("BOWL"))
    assert label("BOWL") == "Flash sale price CN¥39.90"
    flash.stop(id=other, trail=WALK, by=CLERK)
    assert (beside("BOWL"), label("BOWL")) == ([], "")
    assert sale != other


def test_it_is_said_from_the_second_on_at_which_it_begins(wait: Wait) -> None:
    a_sale(starts_in=timedelta(minutes=1))
    assert beside("CUP") == []
    wait(timedelta(minutes=1))
    assert beside("CUP") != []
    wait(timedelta(hours=2))
    assert beside("CUP") == []


def test_a_group_price_says_how_many_it_takes() -> None:
    an_offer("POT")
    assert beside("POT") == ["CN¥39.90 Group price · in a team of 3"]
    assert label("POT") == "Group price CN¥39.90"


def test_a_presale_says_what_is_paid_in_all() -> None:
    a_presale(price=cny(5990), first=cny(500), credit=cny(1000), quantity=5)
    (said,) = beside("CUP")
    assert said.startswith("CN¥54.90 Presale price · until ")
    assert label("CUP") == "Presale price CN¥54.90"


def test_what_is_not_lower_than_the_price_of_all_is_not_said() -> None:
    a_sale(a_pick(price=3990))
    live("price", {"currency": "CNY", "price": 2990}, name_en="Today only")
    assert beside("CUP") == []
    assert "CN¥29.90" in opened("/p/CUP/")
