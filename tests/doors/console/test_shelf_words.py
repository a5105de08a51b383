"""Categories by their names: in the reader's language, read once a page, and the key where there is no name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from tests.doors.console.conftest import WEEK
from tests.shop.made import statements
from zhanggui.doors.console import shelf_words, words
from zhanggui.insight.metrics.rules import Cut
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Category, Words

pytestmark = pytest.mark.usefixtures("acme", "at_noon")


@pytest.fixture(autouse=True)
def shelves(acme: object) -> None:
    tea = Category(shop="acme", key="leaf", name=Words(zh="茶叶", en="Tea leaves"), position=0)
    catalogue.put_up_categories(categories=[tea])


@pytest.mark.parametrize(("language", "name"), [("en", "Tea leaves"), ("zh-hans", "茶叶")])
def test_a_category_is_called_by_its_name(language: str, name: str) -> None:
    with translation.override(language), shelf_words.of("acme"):
        assert words.cell(Cut.CATEGORY, "leaf") == name
        assert words.cell(Cut.CATEGORY, "cat-12") == "cat-12"
    assert words.cell(Cut.CATEGORY, "leaf") == "leaf"


def test_names_are_read_once_and_only_if_one_is_asked_for() -> None:
    with statements() as sent, shelf_words.of("acme"):
        words.cell(Cut.CHANNEL, "direct")
    assert sent == []
    with statements() as sent, shelf_words.of("acme"):
        for key in ("leaf", "ware", "leaf"):
            words.cell(Cut.CATEGORY, key)
    assert len(sent) == 1


@pytest.mark.parametrize("page", ["explorer/?m=goods_paid&by=category&", "goods/?", "why/?by=category&"])
def test_pages_call_categories_by_their_names_with_one_statement(owner: Client, page: str) -> None:
    owner.get(f"/console/{page}{WEEK}")
    with statements() as sent:
        text = owner.get(f"/console/{page}{WEEK}").content.decode()
    assert "Tea leaves" in text
    assert len([one for one in sent if "shop_catalogue_category" in one]) == 1
