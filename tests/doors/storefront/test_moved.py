"""Addresses that something stood at before."""

from __future__ import annotations

import pytest

from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.shop.catalogue import actions as catalogue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["cup", "white-cup"])
def test_a_products_name_leads_to_its_page_in_the_language_that_was_asked_for(walker: Walker, name: str) -> None:
    catalogue.rename_product(shop=made.SHOP, handle="cup", to="white-cup")

    answer = walker.client.get(f"/en/p/{name}/?utm_source=letter")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/p/CUP/?utm_source=letter")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_categorys_key_before_leads_to_the_one_it_has_now(walker: Walker) -> None:
    catalogue.rekey_category(shop=made.SHOP, key="cups", to="cups-and-bowls")

    answer = walker.client.get("/zh/c/cups/?page=2")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/zh/c/cups-and-bowls/?page=2")
    assert "White cup" in walker.opens("/c/cups/").text


def test_only_the_new_address_is_told_to_search_engines(walker: Walker) -> None:
    catalogue.rekey_category(shop=made.SHOP, key="cups", to="cups-and-bowls")

    page, told = walker.opens("/c/cups/").html, b"".join(walker.client.get("/sitemap-0.xml")).decode()

    assert page.count("/c/cups-and-bowls/") >= 3
    assert "/c/cups/" not in page
    assert "/c/cups-and-bowls/" in told
    assert "/c/cups/" not in told


def test_a_key_that_another_category_took_leads_to_that_one(walker: Walker) -> None:
    catalogue.rekey_category(shop=made.SHOP, key="cups", to="mugs")
    catalogue.rekey_category(shop=made.SHOP, key="tea", to="cups")

    answer = walker.client.get("/c/cups/")

    assert answer.status_code == 200
    assert "LONGJING" in answer.content.decode()


@pytest.mark.parametrize("address", ["/p/nothing/", "/c/nothing/"])
def test_what_was_never_there_is_not_found(walker: Walker, address: str) -> None:
    assert walker.client.get(address).status_code == 404


def test_a_page_that_stands_where_it_was_asked_for_is_not_looked_for_elsewhere(walker: Walker) -> None:
    with made.statements() as sent:
        walker.opens("/p/CUP/")
        walker.opens("/c/cups/")

    assert not [said for said in sent if "former" in said]
