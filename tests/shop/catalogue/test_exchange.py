"""Product files: what goes out comes in again exactly; other shops' files are understood, their faults named."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.catalogue.test_variants import a_shirt
from tests.shop.made import CLERK, SHOP, a_new_product, a_shop, cny
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.errors import FileNotUnderstood
from zhanggui.shop.catalogue.models import Product
from zhanggui.shop.catalogue.rules import NewProduct, Words, exchange, search
from zhanggui.shop.catalogue.rules.exchange import Draft, Form, Row
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
Variant Price,Variant Compare At Price,Image Src
shirt,Plain shirt,<p>Soft &amp; light</p>,Acme,Shirts,"men, summer",true,Size,S,S-1,200,19.90,29.90,https://x/1.jpg
shirt,,,,,,,,M,S-2,210,19.90,,https://x/2.jpg
shirt,,,,,,,,,,,,,https://x/3.jpg
lamp,Lamp,,Acme,Lights,,true,Title,Default Title,,900,cheap,,
"""
WOO = """ID,Type,SKU,Name,Published,Short description,Sale price,Regular price,Categories,Tags,Parent,Weight (kg),\
Attribute 1 name,Attribute 1 value(s)
7,variation,TEE-B,Tee - Blue,1,,,18,,,TEE,,Color,Blue
5,variable,TEE,Tee,1,A tee,,,"Clothing, Clothing > Tees",,,0.2,Color,"Blue, Red"
8,variation,,Tee - Red,1,,15,18,,,id:5,,Color,Red
9,grouped,SET,Set,1,,,,Clothing,,,,,
"""


def rows_of(text: str) -> tuple[Form, list[Row]]:
    form, rows = exchange.table_of(io.StringIO(text, newline=""))
    return form, list(rows)


def as_text(*products: NewProduct) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, exchange.COLUMNS)
    writer.writeheader()
    writer.writerows(row for product in products for row in exchange.cells_of(product))
    return out.getvalue()


def drafted(text: str) -> list[Draft | exchange.Fault]:
    form, rows = rows_of(text)
    return [exchange.parsed(family, form, shop=SHOP, currency="CNY") for family in exchange.told_apart(rows, form)]


_texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(zh=_texts, en=_texts, summary=_texts, minor=st.integers(1, 10**9), weight=st.integers(0, 10**6))
def test_our_own_file_says_exactly_what_was_written(zh: str, en: str, summary: str, minor: int, weight: int) -> None:
    said = Words(zh=zh + "杯", en=en)
    product = replace(
        a_shirt(),
        title=said,
        summary=Words(zh=summary),
        price=cny(minor),
        weight_g=weight,
        picture_svg="",
        drawing="ab",
    )
    (draft,) = drafted(as_text(product))
    assert isinstance(draft, Draft)
    assert replace(draft.product, category="cups") == product


def test_a_line_is_counted_as_an_editor_counts_it() -> None:
    product = replace(a_shirt(), summary=Words(zh="一\n二\n三"))
    text = as_text(product) + "lid,LID" + "," * 26 + "\n"
    *_, fault = drafted(text)
    assert isinstance(fault, exchange.Fault)
    assert (fault.line, fault.handle, fault.code) == (6, "lid", "price")


def test_a_shopify_product_has_its_variants_pictures_and_no_claimed_price() -> None:
    shirt, fault = drafted(SHOPIFY)
    assert isinstance(shirt, Draft)
    product = shirt.product
    assert [(own.sku, own.values[0].en, own.price, own.weight_g, own.sale) for own in product.skus] == [
        ("S-1", "S", cny(1990), 200, None),
        ("S-2", "M", cny(1990), 210, None),
    ]
    assert (product.summary.en, product.tags, shirt.shelves) == (
        "Soft & light",
        ("men", "summer"),
        (Words(zh="", en="Shirts"),),
    )
    assert [medium.address[-5:] for medium in product.media] == ["1.jpg", "2.jpg", "3.jpg"]
    assert fault == exchange.Fault(line=5, handle="lamp", code="price", said="variant price: cheap")


def test_a_woocommerce_product_finds_its_variations_wherever_they_stand() -> None:
    tee, fault = drafted(WOO)
    assert isinstance(tee, Draft)
    assert [
        (own.sku, own.values[0].en, own.price, own.sale and own.sale.price, own.weight_g) for own in tee.product.skus
    ] == [
        ("TEE-B", "Blue", cny(1800), None, 200),
        ("TEE-2", "Red", cny(1800), cny(1500), 200),
    ]
    assert [shelf.en for shelf in tee.shelves] == ["Clothing", "Tees"]
    assert isinstance(fault, exchange.Fault)
    assert (fault.line, fault.code) == (5, "type")


def test_a_file_of_nobody_is_refused() -> None:
    with pytest.raises(FileNotUnderstood):
        rows_of("name,age\n")


@pytest.mark.django_db
class TestBringingIn:
    """Files into the database."""

    @pytest.fixture(autouse=True)
    def shop(self, db: None) -> None:
        a_shop()

    def bring_in(self, text: str, *, dry_run: bool = False) -> actions.Tally:
        form, rows = rows_of(text)
        return actions.bring_in(rows=rows, form=form, trail=Trail(shop=SHOP), by=CLERK, dry_run=dry_run)

    def test_a_trial_says_what_would_happen_and_changes_nothing(self) -> None:
        before = Entry.objects.count()
        tally = self.bring_in(SHOPIFY, dry_run=True)
        assert (tally.products, tally.new, tally.refused) == (1, 2, 1)
        assert not Product.objects.exists()
        assert Entry.objects.count() == before
        assert {category.key for category in queries.categories(SHOP)} == {"cups", "tea"}

    def test_the_same_file_again_changes_nothing(self) -> None:
        assert self.bring_in(WOO).new == 2
        told = Entry.objects.count()
        again = self.bring_in(WOO)
        assert (again.products, again.new, again.changed, again.repriced, again.on_sale) == (1, 0, 0, 0, 0)
        assert Entry.objects.count() == told
        assert queries.product(SHOP, "TEE-B").category.path == ("clothing", "tees")

    def test_what_a_file_does_not_speak_of_is_kept(self) -> None:
        actions.list_product(product=a_shirt(), trail=Trail(shop=SHOP), by=CLERK)
        self.bring_in("handle,sku,title_zh,category,price\nshirt,SHIRT-B,新衬衫,cups,50\n")
        shown = queries.product(SHOP, "SHIRT-B")
        assert (shown.card.title, shown.card.price) == (Words(zh="新衬衫", en="White cup"), cny(5000))
        assert {own.card.sku for own in shown.variants if own.card.is_listed} == {"SHIRT-R", "SHIRT-B"}
        assert (shown.blocks[0].problem.zh, shown.evidence[0].number, shown.tags) == ("皱？", "QC-9", ("gift",))

    def test_only_the_product_with_a_fault_is_left_out(self) -> None:
        actions.list_product(product=a_shirt(), trail=Trail(shop=SHOP), by=CLERK)
        taken = replace(a_new_product("SHIRT-B"), handle="thief", picture_svg="")
        fine = replace(a_new_product("FINE"), handle="fine", picture_svg="")
        tally = self.bring_in(as_text(taken, fine))
        assert (tally.products, tally.new, tally.refused) == (1, 1, 1)
        assert [(fault.line, fault.code) for fault in tally.faults] == [(2, "SkuTaken")]

    def test_everything_goes_out_and_comes_in_again(self) -> None:
        actions.list_product(product=a_shirt(), trail=Trail(shop=SHOP), by=CLERK)
        (whole,) = queries.wholes(SHOP, ["shirt"])
        tally = self.bring_in(as_text(whole.product))
        assert (tally.products, tally.new, tally.changed, tally.repriced, tally.refused) == (1, 0, 0, 0, 0)
        assert queries.wholes(SHOP, ["shirt"]) == (whole,)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("cups", "cup"),
        ("boxes", "box"),
        ("berries", "berry"),
        ("glasses", "glass"),
        ("glass", "glass"),
        ("hiking", "hik"),
    ],
)
def test_english_is_stemmed_simply(word: str, stem: str) -> None:
    assert search.stem(word) == stem


@pytest.mark.parametrize(
    ("words", "question"),
    [("白瓷杯", "'白瓷' & '瓷杯'"), ("white cu", "'whit' & 'cu':*"), ("杯", "'杯'"), ("%_'", ""), ("", "")],
)
def test_a_search_asks_for_every_part(words: str, question: str) -> None:
    assert search.question(words) == question
