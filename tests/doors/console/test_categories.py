"""The tree of categories in the console: seen, grown, named, moved, cut back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.shop.made import CLERK, SHOP, a_new_product, a_shop, statements
from tests.worlds import made_once
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.rules import Words
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

HERE = f"shop={SHOP}"
TRAIL = Trail(shop=SHOP)


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None, lake_folder: object) -> None:
    """Cups with mugs below them, and tea with a product that is not listed."""
    a_shop()
    actions.open_category(shop=SHOP, name=Words(zh="马克杯", en="Mugs"), parent="cups")
    actions.list_product(product=a_new_product("MUG", category="mugs"), trail=TRAIL, by=CLERK)
    actions.list_product(product=a_new_product("TIN", category="tea"), trail=TRAIL, by=CLERK)
    actions.delist(sku="TIN", trail=TRAIL, by=CLERK)


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.CLERK)


def said(client: Client, verb: str, **form: str) -> str:
    """What the page answers to a change."""
    answer = client.post(f"/console/products/-/categories/{verb}/?{HERE}", form, follow=True)
    (message,) = answer.context["messages"]
    return str(message)


def order() -> list[str]:
    return ["/".join(category.path) for category in queries.categories(SHOP)]


def test_the_tree_is_seen_with_all_products_counted_and_linked(clerk: Client) -> None:
    answer = clerk.get(f"/console/products/-/categories/?{HERE}")
    rows = [(row.category.key, row.level, row.products, row.is_empty) for row in answer.context["rows"]]
    assert rows == [("cups", 0, 1, False), ("mugs", 1, 1, False), ("tea", 0, 1, False)]
    assert f"/console/products/?{HERE}" in answer.content.decode()
    assert "category=mugs" in answer.content.decode()


def test_the_page_takes_one_statement_of_the_catalogue(clerk: Client) -> None:
    with statements() as sent:
        clerk.get(f"/console/products/-/categories/?{HERE}")
    assert len([one for one in sent if "shop_catalogue" in one]) == 1


def test_a_category_is_added_under_another_as_the_last(clerk: Client) -> None:
    assert said(clerk, "new", name_zh="茶杯", name_en="Tea", parent="cups").startswith("The category stands.")
    assert order() == ["cups", "cups/mugs", "cups/tea-2", "tea"]
    assert queries.categories(SHOP)[2].name == Words(zh="茶杯", en="Tea")


def test_a_category_is_called_something_else_and_keeps_its_address(clerk: Client) -> None:
    said(clerk, "name", key="cups", name_zh="杯子", name_en="Beakers")
    assert (queries.categories(SHOP)[0].key, queries.categories(SHOP)[0].name.en) == ("cups", "Beakers")


@pytest.mark.parametrize("form", [{"name_zh": " "}, {"name_zh": "茶", "name_en": "t" * 81}])
def test_a_category_without_a_fitting_name_is_refused(clerk: Client, form: dict[str, str]) -> None:
    assert "needs a name" in said(clerk, "new", **form)
    assert "needs a name" in said(clerk, "name", key="cups", **form)
    assert order() == ["cups", "cups/mugs", "tea"]
    assert queries.categories(SHOP)[0].name == Words(zh="杯", en="Cups")


def test_a_category_moves_with_what_stands_below_it(clerk: Client) -> None:
    said(clerk, "under", key="cups", parent="tea")
    assert order() == ["tea", "tea/cups", "tea/cups/mugs"]
    said(clerk, "under", key="mugs", parent="")
    assert order() == ["tea", "tea/cups", "mugs"]
    assert queries.category(SHOP, "mugs").total == 1


@pytest.mark.parametrize("parent", ["cups", "mugs"])
def test_a_circle_is_refused(clerk: Client, parent: str) -> None:
    assert said(clerk, "under", key="cups", parent=parent).startswith("A category cannot stand under itself")
    assert order() == ["cups", "cups/mugs", "tea"]


def test_categories_move_up_and_down_among_their_sisters_only(clerk: Client) -> None:
    said(clerk, "new", name_zh="盖碗", name_en="Gaiwan", parent="cups")
    said(clerk, "down", key="mugs")
    assert order() == ["cups", "cups/gaiwan", "cups/mugs", "tea"]
    said(clerk, "up", key="tea")
    assert order() == ["tea", "cups", "cups/gaiwan", "cups/mugs"]
    said(clerk, "up", key="tea")
    assert order() == ["tea", "cups", "cups/gaiwan", "cups/mugs"]


def test_only_an_empty_category_is_taken_away(clerk: Client) -> None:
    said(clerk, "new", name_zh="空的", name_en="Empty")
    assert said(clerk, "drop", key="empty") == "The category is gone."
    for key in ("cups", "tea"):
        assert "still stand in it" in said(clerk, "drop", key=key)
    assert order() == ["cups", "cups/mugs", "tea"]


def test_what_is_gone_is_refused_with_a_reason(clerk: Client) -> None:
    for verb, form in {"name": {"name_zh": "茶"}, "under": {}, "up": {}, "down": {}, "drop": {}}.items():
        assert "is gone" in said(clerk, verb, key="nowhere", **form)
    assert "is gone" in said(clerk, "new", name_zh="茶", parent="nowhere")
    assert clerk.post(f"/console/products/-/categories/burn/?{HERE}").status_code == 404


def test_nine_levels_are_one_too_many(clerk: Client) -> None:
    parent = "mugs"
    for level in range(3, 9):
        parent = actions.open_category(shop=SHOP, name=Words(zh=f"{level}", en=f"Level {level}"), parent=parent)
    assert "eight levels" in said(clerk, "new", name_zh="九", parent=parent)
    assert "eight levels" in said(clerk, "under", key="cups", parent="tea")
    assert order()[0] == "cups"
    assert len(order()) == 9


def test_only_who_runs_the_shop_changes_the_tree(signed_in: Callable[..., Client]) -> None:
    analyst = signed_in(Role.ANALYST)
    assert analyst.get(f"/console/products/-/categories/?{HERE}").status_code == 403
    assert analyst.post(f"/console/products/-/categories/drop/?{HERE}", {"key": "tea"}).status_code == 403


def test_an_address_is_changed_and_the_one_before_leads_to_it(clerk: Client) -> None:
    assert said(clerk, "address", key="cups", to="drinkware").startswith("It stands at that address")
    assert order() == ["drinkware", "drinkware/mugs", "tea"]
    assert queries.category_at(SHOP, "cups") == "drinkware"


@pytest.mark.parametrize("to", ["tea", "Two Words", "", "-"])
def test_an_address_that_is_taken_or_none_changes_nothing(clerk: Client, to: str) -> None:
    assert said(clerk, "address", key="cups", to=to).endswith("Nothing was changed.")
    assert order() == ["cups", "cups/mugs", "tea"]
