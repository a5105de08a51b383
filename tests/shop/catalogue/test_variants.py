"""Products with several SKUs, bundles, evidence, media, sales: written, read, edited by two at once."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.shop.made import CLERK, SHOP, a_new_product, a_product, a_shop, at_once, cny
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.errors import (
    CategoryInUse,
    CategoryLoop,
    FileNotAllowed,
    PriceNotAllowed,
    ProductMoved,
    ProductNotAllowed,
    SaleNotAllowed,
    SkuTaken,
)
from zhanggui.shop.catalogue.models import PricePoint, Product
from zhanggui.shop.catalogue.rules import (
    Block,
    Category,
    Evidence,
    Filters,
    Jurisdiction,
    Kind,
    NewProduct,
    NewVariant,
    Part,
    Sale,
    Sort,
    Words,
)
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

TRAIL = Trail(shop=SHOP)


@pytest.fixture(autouse=True)
def shop(db: None) -> None:
    a_shop()


def a_shirt(**more: object) -> NewProduct:
    """A shirt in red and blue."""
    blue = NewVariant(
        sku="SHIRT-B", values=(Words(zh="蓝", en="Blue"),), price=cny(9900), cost=cny(3000), weight_g=210, barcode="69"
    )
    shirt = replace(
        a_new_product("SHIRT-R", price=8900, title="衬衫"),
        handle="shirt",
        options=(Words(zh="颜色", en="Colour"),),
        values=(Words(zh="红", en="Red"),),
        variants=(blue,),
        tags=("gift",),
        blocks=(Block(problem=Words(zh="皱？"), solution=Words(zh="免烫。")),),
        evidence=(Evidence(name=Words(zh="报告"), issuer=Words(zh="某院"), number="QC-9", issued_on=date(2026, 1, 1)),),
    )
    return replace(shirt, **more)


def names_told() -> list[str]:
    return sorted(Entry.objects.values_list("name", flat=True))


def test_a_product_has_several_skus_each_with_its_own_price() -> None:
    actions.list_product(product=a_shirt(), trail=TRAIL, by=CLERK)
    shown = queries.product(SHOP, "SHIRT-B")
    assert [(own.card.sku, own.card.price, own.card.variant.to("en")) for own in shown.variants] == [
        ("SHIRT-R", cny(8900), "Red"),
        ("SHIRT-B", cny(9900), "Blue"),
    ]
    assert shown.card.sku == "SHIRT-B"
    assert [(option.key, [value.zh for value in option.values]) for option in shown.options] == [
        ("colour", ["红", "蓝"])
    ]
    assert (shown.handle, shown.tags, shown.blocks[0].problem.zh, shown.evidence[0].number) == (
        "shirt",
        ("gift",),
        "皱？",
        "QC-9",
    )
    chosen = shown.chosen(("Blue",))
    assert chosen is not None and chosen.barcode == "69"
    (card,) = queries.category(SHOP, "cups").cards
    assert (card.sku, card.from_price, card.choices) == ("SHIRT-R", cny(8900), 2)
    assert names_told().count("shop.product_listed") == 2
    assert queries.audit() == ()


def test_what_was_written_can_be_read_and_written_again_without_a_change() -> None:
    actions.list_product(product=a_shirt(), trail=TRAIL, by=CLERK)
    (whole,) = queries.wholes(SHOP, ["shirt"])
    told, before = names_told(), Product.objects.values_list("version", "edition").get()
    put = actions.put_products(products=[whole.product], trail=TRAIL, by=CLERK)
    assert (put.new, put.changed, put.repriced, put.gone) == (0, 0, 0, 0)
    assert names_told() == told
    assert Product.objects.values_list("version", "edition").get() == before


def test_a_sku_that_is_no_longer_named_is_no_longer_sold() -> None:
    actions.list_product(product=a_shirt(), trail=TRAIL, by=CLERK)
    actions.list_product(product=a_shirt(variants=()), trail=TRAIL, by=CLERK)
    assert not queries.products(["SHIRT-B"])["SHIRT-B"].is_listed
    assert names_told().count("shop.product_delisted") == 1
    actions.relist(sku="SHIRT-B", trail=TRAIL, by=CLERK)
    assert queries.product(SHOP, "SHIRT-R").options[0].values[1].zh == "蓝"


def test_the_version_grows_with_every_change_but_not_with_how_often_it_sells() -> None:
    actions.list_product(product=a_shirt(), trail=TRAIL, by=CLERK)
    seen = [queries.products(["SHIRT-R"])["SHIRT-R"].version]
    for change in (
        lambda: actions.change_price(sku="SHIRT-R", price=cny(8000), trail=TRAIL, by=CLERK),
        lambda: actions.count_ratings(ratings={"SHIRT-B": [4]}),
        lambda: actions.list_product(product=a_shirt(evidence=()), trail=TRAIL, by=CLERK),
        lambda: actions.delist(sku="SHIRT-R", trail=TRAIL, by=CLERK),
    ):
        change()
        seen.append(queries.products(["SHIRT-R"])["SHIRT-R"].version)
    assert seen == sorted(set(seen))
    actions.rank(shop=SHOP, sold_units={"SHIRT-B": 3})
    assert queries.products(["SHIRT-R"])["SHIRT-R"].version == seen[-1]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"values": ()}, "values"),
        ({"values": (Words(zh="蓝"),)}, "variants"),
        ({"title": Words(zh="")}, "title"),
        ({"kind": Kind.BUNDLE}, "kind"),
        ({"parts": (Part(sku="X", units=1),)}, "kind"),
        ({"no_reason_exception": "because"}, "exception"),
        ({"tags": ("a|b",)}, "tags"),
        ({"options": (Words(zh="色"),) * 2}, "options"),
    ],
)
def test_what_does_not_fit_together_is_refused(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(ProductNotAllowed) as refused:
        actions.list_product(product=a_shirt(**wrong), trail=TRAIL, by=CLERK)
    assert refused.value.reason == reason
    assert not Product.objects.exists()


def test_a_bundle_holds_skus_that_are_sold_and_are_no_bundles() -> None:
    a_product("CUP", units=0)
    a_product("POT", units=0)
    parts = (Part(sku="CUP", units=2), Part(sku="POT", units=1))
    tea_set = replace(a_new_product("SET", price=20000), kind=Kind.BUNDLE, parts=parts)
    actions.list_product(product=tea_set, trail=TRAIL, by=CLERK)
    card = queries.products(["SET"])["SET"]
    assert (card.kind, card.parts, card.needs_shipping) == (Kind.BUNDLE, parts, True)
    for sku in ("SET", "NOWHERE"):
        nested = replace(tea_set, sku="SET-2", parts=(Part(sku=sku, units=1),))
        with pytest.raises(ProductNotAllowed):
            actions.list_product(product=nested, trail=TRAIL, by=CLERK)


def test_what_is_no_thing_needs_no_parcel() -> None:
    file = replace(a_new_product("FILE"), kind=Kind.DIGITAL)
    actions.list_product(product=file, trail=TRAIL, by=CLERK)
    assert not queries.products(["FILE"])["FILE"].needs_shipping
    with pytest.raises(ProductNotAllowed):
        actions.list_product(product=replace(file, kind=Kind.PHYSICAL), trail=TRAIL, by=CLERK)


def test_a_sku_belongs_to_one_product() -> None:
    actions.list_product(product=a_shirt(), trail=TRAIL, by=CLERK)
    with pytest.raises(SkuTaken):
        actions.list_product(product=replace(a_new_product("SHIRT-B"), handle="other"), trail=TRAIL, by=CLERK)


def test_a_sale_lowers_the_price_for_its_time_and_is_kept(wait: Callable[[timedelta], datetime]) -> None:
    now = wait(timedelta())
    a_product("CUP", price=10000, units=0)
    wait(timedelta(days=40))
    start = wait(timedelta())
    sale = Sale(price=cny(8000), starts_at=start, ends_at=start + timedelta(days=3))
    assert actions.put_sales(sales={"CUP": sale}, trail=TRAIL) == 1
    assert actions.put_sales(sales={"CUP": sale}, trail=TRAIL) == 0
    card = queries.products(["CUP"])["CUP"]
    assert [card.price_at(at) for at in (now, start, start + timedelta(days=3))] == [cny(10000), cny(8000), cny(10000)]
    assert queries.lawful_was_price(card, price=cny(8000), at=start, jurisdiction=Jurisdiction.EU) == cny(10000)
    wait(timedelta(days=1))
    actions.put_sales(sales={"CUP": None}, trail=TRAIL)
    assert queries.products(["CUP"])["CUP"].sale is None
    assert PricePoint.objects.get(kind="sale").until == start + timedelta(days=1)
    assert queries.audit() == ()


def test_a_sale_that_never_began_leaves_no_trace(wait: Callable[[timedelta], datetime]) -> None:
    now = wait(timedelta())
    a_product("CUP", price=10000, units=0)
    later = Sale(price=cny(8000), starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    actions.put_sales(sales={"CUP": later}, trail=TRAIL)
    actions.put_sales(sales={"CUP": None}, trail=TRAIL)
    assert not PricePoint.objects.filter(kind="sale").exists()


@pytest.mark.parametrize(
    ("price", "hours", "reason"),
    [(cny(10000), 1, "price"), (cny(0), 1, "price"), (Money(5, "USD"), 1, "currency"), (cny(1), -1, "time")],
)
def test_a_sale_that_is_none_is_refused(price: Money, hours: int, reason: str, wait: Callable[..., datetime]) -> None:
    now = wait(timedelta())
    a_product("CUP", price=10000, units=0)
    sale = Sale(price=price, starts_at=now, ends_at=now + timedelta(hours=hours))
    with pytest.raises(SaleNotAllowed) as refused:
        actions.put_sales(sales={"CUP": sale}, trail=TRAIL)
    assert refused.value.reason == reason
    assert not PricePoint.objects.filter(kind="sale").exists()


def test_prices_in_other_currencies_are_said_not_reckoned() -> None:
    a_product("CUP", units=0)
    actions.set_foreign_prices(prices={"CUP": {"USD": Money(899, "USD"), "JPY": Money(1300, "JPY")}}, trail=TRAIL)
    assert queries.prices_in(["CUP", "POT"], "USD") == {"CUP": Money(899, "USD")}
    actions.set_foreign_prices(prices={"CUP": {"USD": None}}, trail=TRAIL)
    assert queries.prices_in(["CUP"], "USD") == {}
    with pytest.raises(PriceNotAllowed):
        actions.set_foreign_prices(prices={"CUP": {"CNY": cny(5)}}, trail=TRAIL)


def test_categories_hang_under_each_other_and_never_in_a_circle() -> None:
    below = Category(shop=SHOP, key="mugs", name=Words(zh="马克杯"), position=0, parent="cups")
    actions.put_up_categories(categories=[below])
    actions.list_product(product=a_new_product("MUG", category="mugs"), trail=TRAIL, by=CLERK)
    assert queries.product(SHOP, "MUG").category.path == ("cups", "mugs")
    assert [crumb.key for crumb in queries.product(SHOP, "MUG").crumbs] == ["cups", "mugs"]
    cups = queries.tree(SHOP)[0]
    assert (cups.category.key, cups.products, cups.branches[0].category.key) == ("cups", 1, "mugs")
    assert queries.category(SHOP, "cups").total == 1
    with pytest.raises(CategoryLoop):
        circle = Category(shop=SHOP, key="cups", name=Words(zh="杯"), position=0, parent="mugs")
        actions.put_up_categories(categories=[circle])
    with pytest.raises(CategoryInUse):
        actions.drop_category(shop=SHOP, key="cups")


def test_a_shelf_is_narrowed_and_says_what_each_choice_would_leave() -> None:
    actions.list_product(product=a_shirt(), trail=TRAIL, by=CLERK)
    actions.list_product(product=a_new_product("CUP", price=1500), trail=TRAIL, by=CLERK)
    other = replace(a_new_product("JAR", price=30000), brand=Words(zh="别家", en="Other"))
    actions.list_product(product=other, trail=TRAIL, by=CLERK)
    whole = queries.shelf(SHOP, "cups")
    assert {facet.key: {v.value: v.products for v in facet.values} for facet in whole.facets} == {
        "brand": {"雾坡": 2, "别家": 1},
        "colour": {"红": 1, "蓝": 1},
    }
    assert [(band.start, band.below, band.products) for band in whole.prices] == [
        (0, 20, 1),
        (50, 100, 1),
        (200, 500, 1),
    ]
    narrowed = queries.shelf(SHOP, "cups", filters=Filters(choices={"brand": ("雾坡",)}, price_below=20))
    assert [card.sku for card in narrowed.cards] == ["CUP"]
    brand = narrowed.facets[0]
    assert {value.value: value.products for value in brand.values} == {"雾坡": 1}
    assert queries.shelf(SHOP, "cups", filters=Filters(choices={"brand": ("nobody",)})).total == 0
    assert [card.sku for card in queries.shelf(SHOP, "cups", sort=Sort.DEAREST).cards] == ["JAR", "SHIRT-R", "CUP"]


def a_glb(scene: object, *, length: int | None = None) -> bytes:
    text = json.dumps(scene).encode()
    text += b" " * (-len(text) % 4)
    whole = 20 + len(text) if length is None else length
    return struct.pack("<4sII", b"glTF", 2, whole) + struct.pack("<I4s", len(text), b"JSON") + text


def test_files_are_kept_by_what_they_hold() -> None:
    content = a_glb({"asset": {"version": "2.0"}})
    name = actions.keep_file(content=content)
    assert actions.keep_file(content=content) == name
    kept = queries.file(name)
    assert (kept.path.read_bytes(), kept.content_type) == (content, "model/gltf-binary")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='x'><script>alert(1)</script></svg>", "drawing"),
        (b"MZ\x90\x00", "type"),
        (b"", "type"),
        (a_glb({"asset": {"version": "2.0"}}, length=99), "type"),
        (a_glb({"asset": {"version": "2.0"}, "buffers": [{"uri": "https://elsewhere/x.bin"}]}), "type"),
        (b"\xff\xd8\xff" + b"\0" * 5_000_001, "size"),
    ],
)
def test_a_file_that_cannot_be_shown_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileNotAllowed) as refused:
        actions.keep_file(content=content)
    assert refused.value.reason == reason


@pytest.mark.django_db(transaction=True)
def test_of_edits_that_meet_one_is_written_and_the_others_are_told() -> None:
    actions.list_product(product=a_shirt(), trail=TRAIL, by=CLERK)
    (whole,) = queries.wholes(SHOP, ["shirt"])

    def edit(number: int) -> int:
        product = replace(whole.product, price=cny(1000 + number))
        actions.edit_products(products=[product], editions={"shirt": whole.edition}, trail=TRAIL, by=CLERK)
        return number

    outcomes = at_once(edit, 8, threads=8)
    won = [one for one in outcomes if not isinstance(one, Refused)]
    assert len(won) == 1
    assert all(isinstance(one, ProductMoved) for one in outcomes if isinstance(one, Refused))
    assert queries.products(["SHIRT-R"])["SHIRT-R"].price == cny(1000 + int(won[0]))
    assert queries.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_prices_that_change_at_once_are_each_kept_and_told() -> None:
    skus = [a_product(f"CUP-{n}", units=0) for n in range(4)]

    def change(number: int) -> None:
        ordered = skus if number % 2 else skus[::-1]
        actions.change_prices(prices={sku: cny(1000 + number) for sku in ordered}, trail=TRAIL, by=CLERK)

    assert at_once(change, 12, threads=6) == [None] * 12
    assert all(len(queries.price_points(sku)) == 13 for sku in skus)
    assert queries.audit() == ()
    assert names_told().count("shop.price_changed") == 48
