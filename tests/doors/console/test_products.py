"""Products in the console: found, edited, changed together, brought in from a file."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.shop.made import CLERK, SHOP, a_new_product, a_shop, cny, statements
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.rules import exchange
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

HERE = f"shop={SHOP}"


@pytest.fixture(autouse=True)
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


def test_a_file_is_tried_then_taken_in(clerk: Client) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["handle", "sku", "title_zh", "category", "price"])
        sheet.write_row(1, 0, ["pot", "POT", "大茶壶", "tea", 130.5])
        sheet.write_row(2, 0, ["lid", "LID", "壶盖", "tea", "viel"])
    upload = SimpleUploadedFile("products.xlsx", book.getvalue())
    tried = clerk.post(f"/console/products/-/import/?{HERE}", {"file": upload})
    tally = tried.context["tally"]
    assert (tally.products, tally.repriced, tally.refused) == (1, 1, 1)
    assert [(fault.line, fault.handle, fault.code) for fault in tally.faults] == [(3, "lid", "price")]
    assert queries.products(["POT"])["POT"].price == cny(12000)
    clerk.post(f"/console/products/-/import/?{HERE}", {"name": tried.context["name"]})
    shown = queries.product(SHOP, "POT")
    assert (shown.card.title.zh, shown.card.title.en, shown.card.price) == ("大茶壶", "White cup", cny(13050))


def test_a_file_of_something_else_is_refused(clerk: Client) -> None:
    upload = SimpleUploadedFile("x.csv", b"name,age\nAnn,7\n")
    answer = clerk.post(f"/console/products/-/import/?{HERE}", {"file": upload})
    assert answer.status_code == 422


def test_what_is_seen_is_saved_and_comes_in_again(signed_in: Callable[..., Client]) -> None:
    owner = signed_in(Role.OWNER)
    content = b"".join(owner.get(f"/console/products.csv?{HERE}&category=cups").streaming_content)
    form, rows = exchange.table_of(io.StringIO(content.decode("utf-8-sig"), newline=""))
    tally = actions.bring_in(rows=rows, form=form, trail=Trail(shop=SHOP), by=CLERK)
    assert (tally.products, tally.new, tally.changed, tally.repriced, tally.refused) == (3, 0, 0, 0, 0)
