"""Which column means what."""

from __future__ import annotations

import pytest

from zhanggui.doors.imports.errors import ColumnsMissing, MapUnclear
from zhanggui.doors.imports.rules import mapping, sights, statuses
from zhanggui.doors.imports.rules.mapping import PRESETS, Columns, columns_said, guessed, require
from zhanggui.doors.imports.rules.statuses import Standing

WANTED = (("order",), ("at",), mapping.MONEY)


def test_a_mapping_is_pairs_of_meanings_and_columns() -> None:
    said = columns_said(["order=Order ID,at=Date, sku=Item, price=Price, each"], presets=PRESETS)
    assert said.named == {"order": "Order ID", "at": "Date", "sku": "Item", "price": "Price, each"}


def test_a_ready_mapping_can_be_changed_in_part() -> None:
    said = columns_said(["shopify", "region=Billing Country"], presets=PRESETS)
    assert said.named["order"] == "Name"
    assert said.named["region"] == "Billing Country"
    assert "region" not in said.optional


@pytest.mark.parametrize("said", ["nonsense", "colour=Red", "order=", "x order=Order"])
def test_a_mapping_that_cannot_be_understood_is_refused(said: str) -> None:
    with pytest.raises(MapUnclear):
        columns_said([said], presets=PRESETS)


def test_columns_are_found_whatever_their_case_and_spaces() -> None:
    columns = Columns(named={"order": "order id", "at": "Order-Date", "price": "PRICE"})
    assert require(columns, present=("Order ID", "order date", "Price"), path="f", wanted=WANTED) == {
        "order": "Order ID",
        "at": "order date",
        "price": "Price",
    }


def test_an_optional_column_may_be_missing() -> None:
    columns = Columns(named={"order": "o", "at": "t", "price": "p"}, optional={"region": "r", "sku": "s"})
    assert require(columns, present=("o", "t", "p", "s"), path="f", wanted=WANTED) == {
        "order": "o",
        "at": "t",
        "price": "p",
        "sku": "s",
    }


def test_missing_columns_are_named_with_those_that_are_there_and_a_guess() -> None:
    columns = Columns(named={"order": "Nummer", "at": "Order Date"})
    with pytest.raises(ColumnsMissing) as refused:
        require(columns, present=("Order ID", "Order Date", "Qty", "Unit Price"), path="f.csv", wanted=WANTED)
    assert refused.value.missing == ("order=Nummer", "price|amount|total=?")
    assert refused.value.present == ("Order ID", "Order Date", "Qty", "Unit Price")
    assert refused.value.guess == "order=Order ID,at=Order Date,quantity=Qty,price=Unit Price"


@pytest.mark.parametrize(
    ("present", "guess"),
    [
        (
            ["订单号", "下单时间", "商品编码", "数量", "单价", "省份"],
            "order=订单号,at=下单时间,sku=商品编码,quantity=数量,price=单价,region=省份",
        ),
        (["Bestellnummer", "Datum", "Menge", "Preis"], "order=Bestellnummer,at=Datum,quantity=Menge,price=Preis"),
        (["a", "b"], ""),
    ],
)
def test_a_guess_is_made_from_the_names(present: list[str], guess: str) -> None:
    assert guessed(present, columns=Columns(named={})) == guess


def test_a_misspelt_column_is_guessed() -> None:
    assert guessed(["Bestellung"], columns=Columns(named={"order": "Bestelung"})) == "order=Bestellung"


@pytest.mark.parametrize(
    ("word", "standing"),
    [
        ("paid", Standing.PAID),
        ("交易成功", Standing.PAID),
        ("等待买家付款", Standing.UNPAID),
        ("交易关闭", Standing.CANCELLED),
        ("voided", Standing.CANCELLED),
        ("refunded", Standing.REFUNDED),
        ("abgeschlossen", Standing.PAID),
    ],
)
def test_words_for_states_in_both_languages_and_those_a_person_adds(word: str, standing: Standing) -> None:
    assert statuses.words(["Abgeschlossen=paid"])[word] is standing


def test_a_word_for_a_state_must_mean_one() -> None:
    with pytest.raises(MapUnclear):
        statuses.words(["abgeschlossen=finished"])


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("pv", "Product Viewed"),
        ("addtocart", "Product Added"),
        ("fav", "Product Added to Wishlist"),
        ("buy", "Order Completed"),
        ("收藏", "Product Added to Wishlist"),
        ("Viewed Product", "Product Viewed"),
        ("looked", "Product Viewed"),
        ("Tea Tasted", "Tea Tasted"),
    ],
)
def test_what_visitors_do_has_the_names_of_the_vocabulary(event: str, name: str) -> None:
    words = sights.known_words(["looked=Product Viewed"])
    assert sights.names_of([event], words=words) == {event: name}


def test_no_visitor_tells_facts() -> None:
    assert sights.names_of(["shop.order_placed"], words={}) == {}
