"""Who walks through the shop, and what they leave behind."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from tests.doors.storefront.walker import Walker
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.django_db


def test_the_first_page_gives_a_visitor_for_a_year_and_a_visit_for_half_an_hour(walker: Walker) -> None:
    walker.opens("/")

    visitor, visit = walker.client.cookies["visitor"], walker.client.cookies["visit"]
    assert (visitor["max-age"], visitor["httponly"], visitor["samesite"]) == (31536000, True, "Lax")
    assert (visit["max-age"], visit["httponly"], visit["samesite"]) == (1800, True, "Lax")


def test_the_page_tells_the_browser_script_who_and_where_it_is(walker: Walker) -> None:
    page = walker.opens("/?utm_source=weibo&utm_campaign=spring")

    assert page.attribute("shop") == "tea"
    assert page.attribute("visitor") == walker.id
    assert page.attribute("page") == "home"
    assert page.attribute("channel") == "organic_social"
    assert page.attribute("campaign") == "spring"
    assert page.attribute("cause") == ""
    assert UUID(page.view).version == 7


def test_each_page_is_a_view_of_its_own_led_to_by_the_one_before(walker: Walker) -> None:
    first = walker.opens("/")
    second = walker.opens("/c/")

    assert second.view != first.view
    assert second.attribute("cause") == first.view
    assert second.attribute("session") == first.attribute("session")
    assert second.attribute("visitor") == first.attribute("visitor")


def test_an_answer_to_a_script_is_no_page_view(walker: Walker) -> None:
    first = walker.opens("/")
    walker.opens("/cart/", **{"HX-Request": "true"})

    assert walker.opens("/c/").attribute("cause") == first.view


def test_where_a_session_came_from_is_kept_until_a_new_mark(walker: Walker) -> None:
    walker.opens("/?utm_source=weibo&utm_campaign=spring")

    assert walker.opens("/c/").attribute("channel") == "organic_social"
    assert walker.opens("/?gclid=1").attribute("channel") == "paid_search"


def test_what_a_form_brings_about_was_caused_by_the_page_it_stood_on(walker: Walker) -> None:
    page = walker.opens("/p/CUP/?utm_source=weibo&utm_campaign=spring")
    walker.opens("/c/")

    walker.sends(page, "/cart/add/", quantity="2", then="cart")

    (fact,) = walker.told()
    assert fact.name == "shop.cart_changed"
    assert str(fact.cause) == page.view
    assert fact.session == page.attribute("session")
    assert (fact.shop, fact.actor, fact.channel, fact.campaign) == (
        "tea",
        f"customer:{walker.id}",
        "organic_social",
        "spring",
    )


@pytest.mark.parametrize("view", ["", "x", "' or 1=1 --", "0198f0a0-0000-0000-8000-000000000000"])
def test_a_form_with_a_made_up_page_has_no_cause(walker: Walker, view: str) -> None:
    walker.sends(walker.opens("/p/CUP/"), "/cart/add/", view=view)

    (fact,) = walker.told()
    assert fact.cause is None


def test_knowing_somebodys_id_does_not_open_their_cart(walker: Walker) -> None:
    walker.lays_aside()
    thief = Walker(Client(enforce_csrf_checks=True))
    thief.client.cookies["visitor"] = walker.id

    page = thief.opens("/cart/")

    assert "Nothing in the cart yet" in page.text
    assert page.attribute("visitor") != walker.id


def test_a_cookie_that_was_tampered_with_is_a_new_visitor(walker: Walker) -> None:
    walker.lays_aside()
    walker.client.cookies["visitor"] = walker.client.cookies["visitor"].value[:-1] + "!"
    walker.client.cookies["visit"] = "rubbish"

    assert "Nothing in the cart yet" in walker.opens("/cart/").text


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_who_wants_no_trace_leaves_none_but_can_still_buy(another: Callable[..., Walker], header: str) -> None:
    shy = another(**{header: "1"})

    page = shy.lays_aside()

    assert shy.client.cookies["visitor"]["max-age"] == ""
    assert shy.client.cookies["visit"].value == ""
    assert "data-view" not in page.html
    assert "data-sight" not in page.html
    assert "pixel.gif" not in page.html
    assert "sight.js" not in page.html
    (fact,) = shy.told()
    assert (fact.session, fact.cause) == ("", None)


def test_a_page_of_another_door_gets_no_visitor(client: Client) -> None:
    response = client.get("/console/")

    assert "visitor" not in response.cookies


def test_pages_are_kept_by_nobody_on_the_way(walker: Walker) -> None:
    page = walker.opens("/")

    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in page.headers["Vary"]


def test_looking_around_tells_no_fact(walker: Walker) -> None:
    before = Entry.objects.count()

    for address in ("/", "/c/", "/c/cups/", "/p/CUP/", "/search/?q=杯", "/cart/", "/orders/"):
        walker.opens(address)

    assert Entry.objects.count() == before


def test_a_shop_that_is_not_set_up_says_so(db: None, client: Client) -> None:
    response = client.get("/", headers={"Accept-Language": "en"})

    assert response.status_code == 503
    assert "not open yet" in response.content.decode()
