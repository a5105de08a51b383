"""Other names in addresses, and where the names before lead."""

from __future__ import annotations

import pytest

from tests.shop.made import CLERK, SHOP, a_product, a_shop, at_once
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.errors import CategoryKeyNotAllowed, HandleNotAllowed, NoSuchCategory, NoSuchProduct
from zhanggui.shop.catalogue.models import FormerHandle, FormerKey
from zhanggui.shop.catalogue.rules import Category, Words
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


def a_cup_and_a_bowl() -> None:
    a_shop()
    for sku in ("CUP", "BOWL"):
        a_product(sku, category="cups")


def test_a_product_is_found_by_its_name_now_and_by_those_before() -> None:
    a_cup_and_a_bowl()

    actions.rename_product(shop=SHOP, handle="cup", to="white-cup")
    actions.rename_product(shop=SHOP, handle="white-cup", to="porcelain-cup")

    assert queries.product_of(SHOP, "porcelain-cup").card.sku == "CUP"
    assert [queries.product_at(SHOP, name) for name in ("cup", "white-cup", "porcelain-cup")] == ["CUP"] * 3
    assert queries.product_at(SHOP, "mug") == ""
    assert queries.product_at("another", "cup") == ""


def test_a_name_taken_back_leads_nowhere_else() -> None:
    a_cup_and_a_bowl()
    actions.rename_product(shop=SHOP, handle="cup", to="white-cup")

    actions.rename_product(shop=SHOP, handle="white-cup", to="cup")

    assert list(FormerHandle.objects.values_list("handle", flat=True)) == ["white-cup"]
    assert queries.product_at(SHOP, "white-cup") == "CUP"


def test_a_name_that_was_given_up_may_be_taken_and_then_leads_to_who_took_it() -> None:
    a_cup_and_a_bowl()
    actions.rename_product(shop=SHOP, handle="cup", to="white-cup")

    actions.rename_product(shop=SHOP, handle="bowl", to="cup")
    assert queries.product_at(SHOP, "cup") == "BOWL"
    actions.rename_product(shop=SHOP, handle="cup", to="big-bowl")

    assert queries.product_at(SHOP, "cup") == "BOWL"
    assert queries.product_at(SHOP, "white-cup") == "CUP"


def test_what_is_no_longer_sold_is_still_led_to() -> None:
    a_cup_and_a_bowl()
    actions.rename_product(shop=SHOP, handle="cup", to="white-cup")

    actions.delist(sku="CUP", trail=Trail(shop=SHOP), by=CLERK)

    assert queries.product_at(SHOP, "cup") == "CUP"


@pytest.mark.parametrize(
    ("to", "reason"), [("bowl", "taken"), ("White Cup", "form"), ("茶杯", "form"), ("", "form"), ("a/b", "form")]
)
def test_a_name_that_is_taken_or_cannot_stand_in_an_address_is_refused(to: str, reason: str) -> None:
    a_cup_and_a_bowl()

    with pytest.raises(HandleNotAllowed) as refused:
        actions.rename_product(shop=SHOP, handle="cup", to=to)

    assert refused.value.data["reason"] == reason
    assert queries.product_of(SHOP, "cup").card.sku == "CUP"
    assert not FormerHandle.objects.exists()


def test_what_is_not_there_cannot_be_called_something_else() -> None:
    a_cup_and_a_bowl()

    with pytest.raises(NoSuchProduct):
        actions.rename_product(shop=SHOP, handle="mug", to="white-mug")
    with pytest.raises(NoSuchCategory):
        actions.rekey_category(shop=SHOP, key="mugs", to="white-mugs")


def test_a_category_under_another_key_keeps_its_goods_and_what_stands_below_it() -> None:
    a_cup_and_a_bowl()
    below = Category(shop=SHOP, key="espresso", name=Words(zh="浓缩杯"), position=9, parent="cups")
    actions.put_up_categories(categories=[below])

    actions.rekey_category(shop=SHOP, key="cups", to="cups-and-bowls")

    assert {one.key: one.path for one in queries.categories(SHOP)}["espresso"] == ("cups-and-bowls", "espresso")
    assert queries.shelf(SHOP, category="cups-and-bowls").total == 2
    assert (queries.category_at(SHOP, "cups"), queries.category_at(SHOP, "espresso")) == ("cups-and-bowls", "")


def test_former_keys_lead_straight_to_the_category_and_end_when_they_are_taken_back() -> None:
    a_cup_and_a_bowl()
    for key, to in (("cups", "mugs"), ("mugs", "beakers"), ("beakers", "mugs")):
        actions.rekey_category(shop=SHOP, key=key, to=to)

    assert {row.key: row.category.key for row in FormerKey.objects.select_related("category")} == {
        "cups": "mugs",
        "beakers": "mugs",
    }


@pytest.mark.parametrize(("to", "reason"), [("tea", "taken"), ("Cups!", "form"), ("c" * 41, "form")])
def test_a_key_that_is_taken_or_cannot_stand_in_an_address_is_refused(to: str, reason: str) -> None:
    a_cup_and_a_bowl()

    with pytest.raises(CategoryKeyNotAllowed) as refused:
        actions.rekey_category(shop=SHOP, key="cups", to=to)

    assert refused.value.data["reason"] == reason
    assert not FormerKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_one_name_at_once_one_gets_it() -> None:
    a_cup_and_a_bowl()
    handles = ("cup", "bowl")

    outcomes = at_once(lambda n: actions.rename_product(shop=SHOP, handle=handles[n], to="vessel"), 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["HandleNotAllowed", "NoneType"]
    assert FormerHandle.objects.count() == 1
