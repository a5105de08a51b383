"""Products in the console: found, edited, changed together, brought in from a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.shop.made import CLERK, SHOP, a_new_product, a_shop, cny, statements
from tests.worlds import made_once
from zhanggui.base.accounts.rules import Role
from zhanggui.base.money import Money
from zhanggui.base.rates import actions as exchange_rates
from zhanggui.base.rates.rules import Rate
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.rules import Kind, NewVariant, Part, Words, exchange
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

HERE = f"shop={SHOP}"


@pytest.fixture(autouse=True)
@made_once
def goods(db: None, lake_folder: object) -> None:
    a_shop()
    products = [a_new_product(f"CUP-{n:02}", title=f"白瓷杯 {n}") for n in range(3)]
    products.append(a_new_product("POT", title="茶壶", category="tea", price=12000))
    actions.list_products(products=products, trail=Trail(shop=SHOP), by=CLERK)


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.CLERK)


def fields_of(client: Client, handle: str) -> dict[str, str]:
    """The form of a product as a browser would send it back."""
    form = client.get(f"/console/products/{handle}/?{HERE}").context["form"]
    return {name: value for name, value in form.items() if not name.endswith(".listed") or value}


def test_products_are_found_by_words_category_and_state(clerk: Client) -> None:
    found = {
        "": 4,
        "q=茶壶": 1,
        "q=CUP-01": 1,
        "category=cups": 3,
        "listed=no": 0,
        "sale=yes": 0,
        "kind=physical": 4,
        "kind=bundle": 0,
    }
    assert {query: clerk.get(f"/console/products/?{HERE}&{query}").context["count"] for query in found} == found


def test_the_list_takes_few_statements_however_many_stand_in_it(clerk: Client) -> None:
    clerk.get(f"/console/products/?{HERE}")
    with statements() as sent:
        clerk.get(f"/console/products/?{HERE}")
    assert len([one for one in sent if "shop_catalogue" in one]) == 5


def test_only_who_runs_the_shop_sees_products(signed_in: Callable[..., Client]) -> None:
    analyst = signed_in(Role.ANALYST)
    for path in ("", "-/import/", "pot/"):
        assert analyst.get(f"/console/products/{path}?{HERE}").status_code == 403
    assert analyst.post(f"/console/products/-/change/?{HERE}").status_code == 403


def test_an_edit_is_saved_whole(clerk: Client) -> None:
    form = fields_of(clerk, "pot") | {
        "title.en": "Teapot",
        "tags": "gift, new",
        "sku.0.price": "99.50",
        "block.0.problem.zh": "壶嘴滴水？",
        "block.0.solution.zh": "断水利落。",
        "paper.0.name.zh": "检测报告",
        "paper.0.issuer.zh": "某院",
        "paper.0.number": "QC-1",
        "paper.0.issued": "2026-01-02",
    }
    answer = clerk.post(f"/console/products/pot/?{HERE}", form)
    assert answer.status_code == 302
    shown = queries.product(SHOP, "POT")
    assert (shown.card.title.en, shown.card.price, shown.tags) == ("Teapot", cny(9950), ("gift", "new"))
    assert shown.blocks[0].solution.zh == "断水利落。"
    assert (shown.evidence[0].number, shown.evidence[0].issued_on.isoformat()) == ("QC-1", "2026-01-02")
    assert shown.card.is_listed


def test_the_second_of_two_edits_that_meet_is_told_and_changes_nothing(clerk: Client) -> None:
    first = fields_of(clerk, "pot") | {"sku.0.price": "10"}
    second = dict(first) | {"sku.0.price": "20"}
    assert clerk.post(f"/console/products/pot/?{HERE}", first).status_code == 302
    answer = clerk.post(f"/console/products/pot/?{HERE}", second)
    assert answer.status_code == 422
    assert "Somebody else changed it" in answer.content.decode()
    assert queries.products(["POT"])["POT"].price == cny(1000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sku.0.price": "ten"},
        {"sku.0.price": "-1"},
        {"sku.0.price": "1.999"},
        {"sku.0": ""},
        {"title.zh": "", "title.en": ""},
        {"sku.0.sale": "5"},
        {"category": "nowhere"},
        {"film": "javascript:alert(1)"},
    ],
)
def test_an_edit_that_does_not_fit_is_refused_with_a_reason(clerk: Client, wrong: dict[str, str]) -> None:
    answer = clerk.post(f"/console/products/pot/?{HERE}", fields_of(clerk, "pot") | wrong)
    assert answer.status_code == 422
    assert "Nothing was saved." in answer.content.decode()
    assert queries.products(["POT"])["POT"].price == cny(12000)


def test_a_script_that_calls_itself_a_picture_is_refused(clerk: Client) -> None:
    svg = SimpleUploadedFile("a.svg", b"<svg xmlns='x'><script>1</script></svg>", "image/svg+xml")
    answer = clerk.post(f"/console/products/pot/?{HERE}", fields_of(clerk, "pot") | {"file": svg})
    assert answer.status_code == 422
    assert queries.product(SHOP, "POT").media == ()


def test_many_are_changed_after_a_look_at_what_changes(clerk: Client) -> None:
    rows = clerk.get(f"/console/products/?{HERE}&category=cups").context["rows"]
    form = {
        "handle": [f"{row.product.handle}:{row.edition}" for row in rows],
        "change": "price",
        "percent": "90",
    }
    preview = clerk.post(f"/console/products/-/change/?{HERE}", form)
    assert preview.context["count"] == 3
    assert {str(each.after) for each in preview.context["differing"]} == {"53.91 CNY"}
    assert queries.products(["CUP-00"])["CUP-00"].price == cny(5990)
    done = clerk.post(f"/console/products/-/change/?{HERE}", form | {"is_sure": "yes"})
    assert done.status_code == 302
    assert {card.price for card in queries.products(["CUP-00", "CUP-01", "CUP-02"]).values()} == {cny(5391)}
    again = clerk.post(f"/console/products/-/change/?{HERE}", form | {"is_sure": "yes"}, follow=True)
    assert "Nothing was changed." in again.content.decode()
    assert queries.products(["CUP-00"])["CUP-00"].price == cny(5391)


def test_what_is_seen_is_saved_and_comes_in_again(signed_in: Callable[..., Client]) -> None:
    owner = signed_in(Role.OWNER)
    content = b"".join(owner.get(f"/console/products.csv?{HERE}&category=cups").streaming_content)
    form, rows = exchange.table_of(io.StringIO(content.decode("utf-8-sig"), newline=""))
    tally = actions.bring_in(rows=rows, form=form, trail=Trail(shop=SHOP), by=CLERK)
    assert (tally.products, tally.new, tally.changed, tally.repriced, tally.refused) == (3, 0, 0, 0, 0)


def test_a_title_is_no_formula_in_the_file_and_itself_when_it_comes_in(signed_in: Callable[..., Client]) -> None:
    title = Words(zh="＝1+1", en="'=1+1")
    actions.list_products(products=[replace(a_new_product("SUM"), title=title)], trail=Trail(shop=SHOP), by=CLERK)
    content = b"".join(signed_in(Role.OWNER).get(f"/console/products.csv?{HERE}&q=SUM").streaming_content)
    text = content.decode("utf-8-sig")
    assert ",'＝1+1,''=1+1," in text
    form, rows = exchange.table_of(io.StringIO(text, newline=""))
    tally = actions.bring_in(rows=rows, form=form, trail=Trail(shop=SHOP), by=CLERK)
    assert (tally.products, tally.changed) == (1, 0)
    assert queries.products(["SUM"])["SUM"].title == title


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PAPER = {
    "paper.0.name.zh": "检测报告",
    "paper.0.issuer.zh": "某院",
    "paper.0.number": "QC-1",
    "paper.0.issued": "2026-01-02",
}


def test_a_paper_comes_with_its_file_and_is_shown_in_the_shop(clerk: Client) -> None:
    sent = fields_of(clerk, "pot") | PAPER | {"paper.0.file": SimpleUploadedFile("r.pdf", PDF)}
    assert clerk.post(f"/console/products/pot/?{HERE}", sent).status_code == 302
    (paper,) = queries.product(SHOP, "POT").evidence
    assert queries.file(paper.file).path.read_bytes() == PDF
    assert queries.file(paper.file).content_type == "application/pdf"
    assert clerk.post(f"/console/products/pot/?{HERE}", fields_of(clerk, "pot")).status_code == 302
    assert queries.product(SHOP, "POT").evidence == (paper,)


def test_a_file_or_a_whole_paper_is_taken_away(clerk: Client) -> None:
    clerk.post(
        f"/console/products/pot/?{HERE}",
        fields_of(clerk, "pot") | PAPER | {"paper.0.file": SimpleUploadedFile("r.pdf", PDF)},
    )
    clerk.post(f"/console/products/pot/?{HERE}", fields_of(clerk, "pot") | {"paper.0.no_file": "yes"})
    assert [paper.file for paper in queries.product(SHOP, "POT").evidence] == [""]
    clerk.post(f"/console/products/pot/?{HERE}", fields_of(clerk, "pot") | {"paper.0.drop": "yes"})
    assert queries.product(SHOP, "POT").evidence == ()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"paper.0.issued": ""}, "the day on which it was issued"),
        ({"paper.0.until": "2025-01-01"}, "ends after it was issued"),
        ({"paper.0.name.zh": ""}, "A paper needs a name"),
        ({"paper.0.number": "1" * 81}, "A paper needs a name"),
        ({"paper.0.sku": "CUP-00"}, "a SKU of this product"),
        ({f"{name.replace('0', '1')}": value for name, value in PAPER.items()}, "the same number"),
        ({"paper.0.file": SimpleUploadedFile("a.pdf", b"MZ no paper")}, "Files of this type"),
        ({"paper.0.file": SimpleUploadedFile("a.pdf", b"\x1aE\xdf\xa3 a film")}, "A paper is a PDF or a picture"),
        ({"paper.0.file": SimpleUploadedFile("a.pdf", PDF + b"0" * 10_000_001)}, "too large"),
        ({"file": SimpleUploadedFile("a.jpg", PDF)}, "Files of this type"),
    ],
)
def test_a_paper_that_does_not_fit_is_refused_with_a_reason(clerk: Client, wrong: dict[str, str], why: str) -> None:
    answer = clerk.post(f"/console/products/pot/?{HERE}", fields_of(clerk, "pot") | PAPER | wrong)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert queries.product(SHOP, "POT").evidence == ()


@pytest.fixture
def tea_set() -> str:
    """A bundle of two cups and a pot."""
    bundle = replace(
        a_new_product("SET", title="茶具"),
        kind=Kind.BUNDLE,
        parts=(Part(sku="CUP-00", units=2), Part(sku="POT", units=1)),
    )
    actions.list_product(product=bundle, trail=Trail(shop=SHOP), by=CLERK)
    return "set"


def parts_of(sku: str) -> dict[str, int]:
    return {part.sku: part.units for part in queries.products([sku])[sku].parts}


def test_what_a_bundle_holds_is_edited(clerk: Client, tea_set: str) -> None:
    form = fields_of(clerk, tea_set)
    assert (form["sku.0.part.0"], form["sku.0.part.0.units"], form["sku.0.part.1"]) == ("CUP-00", "2", "POT")
    change = {"sku.0.part.0": "", "sku.0.part.1.units": "3", "sku.0.part.2": "CUP-01", "sku.0.part.2.units": "4"}
    assert clerk.post(f"/console/products/{tea_set}/?{HERE}", form | change).status_code == 302
    assert parts_of("SET") == {"POT": 3, "CUP-01": 4}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"sku.0.part.2": "SET"}, "A bundle cannot hold itself."),
        ({"sku.0.part.2": "NOWHERE"}, "NOWHERE: A part is not sold here"),
        ({"sku.0.part.2": "OTHER-SET"}, "OTHER-SET: A part is not sold here, or is a bundle itself."),
        ({"sku.0.part.2": "POT"}, "A part is not sold here"),
        ({"sku.0.part.1.units": "0"}, "a whole number from 1"),
        ({"sku.0.part.1.units": "many"}, "a whole number from 1"),
        ({"sku.0.part.0": "", "sku.0.part.1": ""}, "A bundle needs parts"),
    ],
)
def test_a_bundle_that_cannot_be_is_refused_with_a_reason(
    clerk: Client, tea_set: str, wrong: dict[str, str], why: str
) -> None:
    other = replace(a_new_product("OTHER-SET"), kind=Kind.BUNDLE, parts=(Part(sku="POT", units=2),))
    actions.list_product(product=other, trail=Trail(shop=SHOP), by=CLERK)
    answer = clerk.post(f"/console/products/{tea_set}/?{HERE}", fields_of(clerk, tea_set) | wrong)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert parts_of("SET") == {"CUP-00": 2, "POT": 1}


@pytest.fixture
def dollars() -> None:
    """Shoppers can pay in dollars."""
    exchange_rates.set_rates(rates=[Rate(base="USD", quote="CNY", rate=Decimal("7.2"), on=date(2026, 1, 1))])


def test_a_price_in_another_currency_is_said_and_taken_back(clerk: Client, dollars: None) -> None:
    page = clerk.get(f"/console/products/pot/?{HERE}").content.decode()
    assert 'placeholder="≈ 16.67"' in page
    said = fields_of(clerk, "pot") | {"sku.0.in.USD": "15.99"}
    assert clerk.post(f"/console/products/pot/?{HERE}", said).status_code == 302
    assert queries.foreign_prices(["POT"]) == {"POT": {"USD": Money(1599, "USD")}}
    assert fields_of(clerk, "pot")["sku.0.in.USD"] == "15.99"
    clerk.post(f"/console/products/pot/?{HERE}", fields_of(clerk, "pot") | {"sku.0.in.USD": ""})
    assert queries.foreign_prices(["POT"]) == {}


@pytest.mark.parametrize("said", ["0", "-3", "1.999", "ten"])
def test_a_price_in_another_currency_is_an_amount(clerk: Client, dollars: None, said: str) -> None:
    sent = fields_of(clerk, "pot") | {"sku.0.in.USD": said, "title.en": "Other"}
    answer = clerk.post(f"/console/products/pot/?{HERE}", sent)
    assert answer.status_code == 422
    assert queries.foreign_prices(["POT"]) == {}
    assert queries.product(SHOP, "POT").card.title.en == "White cup"


def test_of_two_who_price_it_abroad_the_second_is_told(clerk: Client, dollars: None) -> None:
    first = fields_of(clerk, "pot") | {"sku.0.in.USD": "15"}
    second = fields_of(clerk, "pot") | {"sku.0.in.USD": "16"}
    clerk.post(f"/console/products/pot/?{HERE}", first)
    assert clerk.post(f"/console/products/pot/?{HERE}", second).status_code == 422
    assert queries.foreign_prices(["POT"]) == {"POT": {"USD": Money(1500, "USD")}}


def test_an_edit_of_a_product_with_very_many_skus_loses_none(clerk: Client) -> None:
    more = tuple(
        NewVariant(sku=f"BIG-{n}", values=(Words(zh=f"{n}"),), price=cny(100), cost=cny(1), weight_g=1)
        for n in range(1, 150)
    )
    big = replace(
        a_new_product("BIG-0"), handle="big", options=(Words(zh="号"),), values=(Words(zh="0"),), variants=more
    )
    actions.list_product(product=big, trail=Trail(shop=SHOP), by=CLERK)
    assert clerk.post(f"/console/products/big/?{HERE}", fields_of(clerk, "big")).status_code == 302
    assert sum(own.card.is_listed for own in queries.product(SHOP, "BIG-0").variants) == 150
