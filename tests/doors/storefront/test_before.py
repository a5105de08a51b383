"""What stands beside a lower price by the law of China and of the European Union, on product pages and on cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.doors.console.conftest import owner, quick_passwords, signed_in
from tests.doors.storefront.walker import Walker
from tests.shop import made
from tests.shop.conftest import wait
from zhanggui.base import clock
from zhanggui.base.kept import forget_all
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops import queries as shop_queries
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.base.shops.rules import Law
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Sale
from zhanggui.spine.log.rules import Trail

__all__ = ["owner", "quick_passwords", "signed_in", "wait"]
pytestmark = pytest.mark.django_db
EU = "Lowest price of the last 30 days: CN¥45.00"


@pytest.fixture
def reduced(walker: Walker, wait: Callable[[timedelta], datetime]) -> Walker:
    """CUP at 59.90 since sixty days, at 45.00 for two days twenty days ago, and at 40.00 since yesterday."""

    def sale(price: int, days: int) -> None:
        now = clock.now()
        put = Sale(price=made.cny(price), starts_at=now, ends_at=now + timedelta(days=days))
        catalogue.put_sales(sales={"CUP": put}, trail=Trail(shop=made.SHOP))

    wait(timedelta(days=40))
    sale(4500, 2)
    wait(timedelta(days=19))
    sale(4000, 9)
    wait(timedelta(days=1))
    forget_all()
    return walker


def test_in_china_the_lowest_of_seven_days_is_crossed_out_and_cards_say_nothing_more(reduced: Walker) -> None:
    page, shelf = reduced.opens("/p/CUP/").text, reduced.opens("/c/cups/").text
    assert "before: CN¥59.90" in page
    assert "the lowest price of the 7 days before" in page
    assert "30 days" not in page + shelf
    assert "CN¥40.00 Sale" in shelf


def test_in_the_union_the_lowest_of_thirty_days_is_said_on_page_and_card(reduced: Walker) -> None:
    shops.keep_law(shop=made.SHOP, law=Law.EU)
    page, shelf = reduced.opens("/p/CUP/").text, reduced.opens("/c/cups/")
    assert "before: CN¥45.00" in page
    assert EU in page
    assert f"CN¥40.00 Sale {EU}" in shelf.text
    with made.statements() as sent:
        assert EU in reduced.opens("/c/cups/").text
    assert len(sent) <= 1


def test_in_the_union_nothing_is_announced_where_the_price_of_before_was_no_higher(
    walker: Walker, wait: Callable[[timedelta], datetime]
) -> None:
    shops.keep_law(shop=made.SHOP, law=Law.EU)
    for price in (4000, 4500):
        now = wait(timedelta(days=2))
        put = Sale(price=made.cny(price), starts_at=now, ends_at=now + timedelta(days=1))
        catalogue.put_sales(sales={"CUP": put}, trail=Trail(shop=made.SHOP))
    wait(timedelta(hours=1))
    forget_all()
    page, shelf = walker.opens("/p/CUP/").text, walker.opens("/c/cups/").text
    assert "CN¥45.00" in page
    for said in ("before:", "30 days", "Sale"):
        assert said not in shelf
        assert said not in page.partition("Add to cart")[0]


def test_the_law_is_kept_at_the_console_and_a_word_that_is_none_is_not(shelves: None, owner: Client) -> None:
    for law, kept in (("EU", Law.EU), ("US", Law.EU), ("CN", Law.CN)):
        assert owner.post("/console/shops/law/?shop=tea", {"law": law}).status_code == 302
        assert shop_queries.shop(made.SHOP).law is kept
    with pytest.raises(NoSuchShop):
        shops.keep_law(shop="nowhere", law=Law.EU)
