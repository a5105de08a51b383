"""Product files sent to the console: tried by a job, agreed to, taken in, mended and sent again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.shop.made import CLERK, SHOP, a_new_product, a_shop, cny, statements
from tests.worlds import made_once
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.doors.console import intaking, models, product_intaking
from zhanggui.doors.console.pages import product_files
from zhanggui.doors.console.rules import Intake, IntakeState
from zhanggui.shop.catalogue import actions, queries
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

HERE = f"shop={SHOP}"
HEAD = ["handle", "sku", "title_zh", "category", "price"]
ROWS: list[list[object]] = [
    ["pot", "POT", "大茶壶", "tea", 130.5],
    ["lid", "LID", "壶盖", "tea", "viel"],
    ["jar", "JAR", "茶罐", "tea", 88],
]


@pytest.fixture(autouse=True)
@made_once
def goods(db: None, lake_folder: object) -> None:
    a_shop()
    actions.list_product(
        product=a_new_product("POT", title="茶壶", category="tea", price=12000), trail=Trail(shop=SHOP), by=CLERK
    )


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.CLERK)


def a_book(rows: list[list[object]] = ROWS) -> bytes:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for place, row in enumerate([HEAD, *rows]):
            sheet.write_row(place, 0, row)
    return book.getvalue()


def sent(client: Client, content: bytes, name: str = "products.xlsx") -> UUID:
    """A file that waits for its job."""
    answer = client.post(f"/console/products/-/import/?{HERE}", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return UUID(answer["Location"].split("/")[5])


def worked_off(id: UUID) -> Intake:
    """The file after its job ran."""
    row = models.Intake.objects.get(pk=id)
    product_intaking.bring_in_products(id=str(id), run=row.run)
    found = intaking.intake(SHOP, id)
    assert found is not None
    return found


def page(client: Client, id: UUID, tail: str = "") -> str:
    return f"/console/products/-/import/{id}/{tail}?{HERE}"


def told() -> int:
    return Entry.objects.count()


def test_a_file_is_tried_by_a_job_and_nothing_is_written(clerk: Client) -> None:
    before = told()
    id = sent(clerk, a_book())
    assert clerk.get(page(clerk, id)).context["one"].state == IntakeState.TRYING
    tried = worked_off(id)
    assert (tried.state, tried.form, tried.total_rows) == (IntakeState.TRIED, "zhanggui", 3)
    assert (tried.tally.products, tried.tally.new, tried.tally.repriced, tried.tally.refused) == (2, 1, 1, 1)
    assert [(fault.line, fault.handle, fault.code) for fault in tried.tally.faults] == [(3, "lid", "price")]
    assert queries.products(["POT", "JAR"])["POT"].price == cny(12000)
    assert told() == before


def test_it_is_taken_in_after_a_yes_and_only_once(clerk: Client) -> None:
    id = sent(clerk, a_book())
    worked_off(id)
    assert clerk.post(page(clerk, id, "do/yes/")).status_code == 302
    assert worked_off(id).state == IntakeState.TAKEN
    card = queries.products(["POT", "JAR"])["POT"]
    assert (card.title.zh, card.title.en, card.price) == ("大茶壶", "White cup", cny(13050))
    before = told()
    again = clerk.post(page(clerk, id, "do/yes/"), follow=True)
    assert "further than that already" in again.content.decode()
    assert worked_off(id).state == IntakeState.TAKEN
    assert told() == before
    assert not intaking.path_of(id).exists()


def test_what_was_left_out_is_saved_mended_and_sent_again(clerk: Client) -> None:
    id = sent(clerk, a_book())
    worked_off(id)
    content = b"".join(clerk.get(page(clerk, id, "left-out.csv")).streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row == {
        "handle": "lid",
        "sku": "LID",
        "title_zh": "壶盖",
        "category": "tea",
        "price": "viel",
        "refused_line": "3",
        "refused_why": "A price is missing or is not an amount. price: viel",
    }
    mended = sent(clerk, content.replace(",viel,", ",19.90,").encode(), "mended.csv")
    assert worked_off(mended).tally.refused == 0
    intaking.agree(id=mended, shop=SHOP, sent_by="clerk", work=product_intaking.bring_in_products)
    worked_off(mended)
    assert queries.products(["LID"])["LID"].price == cny(1990)


def test_what_was_left_out_is_no_formula_and_itself_when_it_is_sent_again(clerk: Client) -> None:
    rows = "handle,sku,title_zh,category,price,=more\nlid,LID,＝1+1,tea,viel,@x\n"
    id = sent(clerk, rows.encode(), "p.csv")
    worked_off(id)
    content = b"".join(clerk.get(page(clerk, id, "left-out.csv")).streaming_content).decode("utf-8-sig")
    assert content.splitlines()[0].startswith("handle,sku,title_zh,category,price,'=more,")
    assert content.splitlines()[1].startswith("lid,LID,'＝1+1,tea,viel,'@x,")
    mended = sent(clerk, content.replace(",viel,", ",19.90,").encode(), "mended.csv")
    worked_off(mended)
    intaking.agree(id=mended, shop=SHOP, sent_by="clerk", work=product_intaking.bring_in_products)
    worked_off(mended)
    assert queries.products(["LID"])["LID"].title.zh == "＝1+1"


def test_what_the_shop_refuses_is_left_out_with_all_its_rows(clerk: Client) -> None:
    rows = "handle,sku,title_zh,category,price,option1_zh,value1_zh\n"
    rows += "tee,TEE-1,衫,cups,10,色,红\ntee,POT,衫,cups,10,色,蓝\nmug,MUG,杯,cups,20,,\n"
    id = sent(clerk, rows.encode(), "p.csv")
    tried = worked_off(id)
    assert [(fault.line, fault.code) for fault in tried.tally.faults] == [(2, "SkuTaken")]
    assert (tried.tally.products, tried.tally.refused) == (1, 1)
    left = csv.DictReader(io.StringIO(intaking.refused_path(id).read_text("utf-8-sig")))
    assert [(row["sku"], row["refused_line"], bool(row["refused_why"])) for row in left] == [
        ("TEE-1", "2", True),
        ("POT", "3", False),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"name,age\nAnn,7\n", "FileNotUnderstood"), (b"PK\x03\x04 no book", "FileBroken"), (b"\xff" * 9, "")],
)
def test_a_file_of_something_else_stops_with_a_reason(clerk: Client, content: bytes, reason: str) -> None:
    id = sent(clerk, content, "x.csv")
    stopped = worked_off(id)
    assert stopped.state == IntakeState.STOPPED
    assert stopped.reason == reason or not reason
    assert 'role="alert"' in clerk.get(page(clerk, id)).content.decode()


def test_a_job_that_was_overtaken_writes_nothing_more(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    id = sent(clerk, a_book())
    stale = models.Intake.objects.get(pk=id)
    assert intaking.go_on(id=id, shop=SHOP, work=product_intaking.bring_in_products)
    product_intaking.bring_in_products(id=str(id), run=stale.run)
    assert models.Intake.objects.get(pk=id).total_rows == 0
    with pytest.raises(intaking.Overtaken):
        intaking.write(stale, total_rows=9)
    assert worked_off(id).state == IntakeState.TRIED


def test_a_job_that_died_half_way_is_gone_on_with(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    id = sent(clerk, a_book())
    worked_off(id)
    clerk.post(page(clerk, id, "do/yes/"))
    bring_in = actions.bring_in

    def killed(**asked: object) -> object:
        bring_in(**asked)  # type: ignore[arg-type]
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(actions, "bring_in", killed)
        with pytest.raises(MemoryError):
            product_intaking.bring_in_products(id=str(id), run=2)
    models.Intake.objects.filter(pk=id).update(
        sent_at=clock.now() - timedelta(hours=1), moved_at=clock.now() - timedelta(minutes=3)
    )
    assert clerk.get(page(clerk, id)).context["is_still"]
    before = told()
    clerk.post(page(clerk, id, "do/go-on/"))
    done = worked_off(id)
    assert (done.state, done.tally.products, done.tally.new, done.tally.refused) == (IntakeState.TAKEN, 2, 0, 1)
    assert told() == before


def test_the_time_that_is_left_follows_the_rate(clerk: Client) -> None:
    id = sent(clerk, a_book())
    begun = clock.now()
    later = {"total_rows": 1000, "tally": {"rows": 400}, "begun_at": begun}
    models.Intake.objects.filter(pk=id).update(moved_at=begun + timedelta(minutes=1), **later)
    one = intaking.intake(SHOP, id)
    assert one is not None
    assert one.rate() == pytest.approx(400 / 60)
    assert one.ready_at() == begun + timedelta(minutes=2, seconds=30)
    models.Intake.objects.filter(pk=id).update(moved_at=begun + timedelta(seconds=20), **later)
    soon = intaking.intake(SHOP, id)
    assert soon is not None
    assert soon.ready_at() is None


def test_an_open_page_is_answered_only_when_something_moved(clerk: Client) -> None:
    id = sent(clerk, a_book())
    version = clerk.get(page(clerk, id)).context["one"].version
    assert clerk.get(page(clerk, id), headers={"X-Known": version}).status_code == 204
    worked_off(id)
    answer = clerk.get(page(clerk, id), headers={"X-Known": version})
    assert (answer.status_code, answer.context["one"].version) == (200, "")


def test_the_page_takes_few_statements(clerk: Client) -> None:
    id = sent(clerk, a_book())
    with statements() as asked:
        clerk.get(page(clerk, id))
    assert len([one for one in asked if "doors_console_intake" in one or "procrastinate" in one]) == 2


def test_a_file_is_another_shops_secret(clerk: Client) -> None:
    id = sent(clerk, a_book())
    worked_off(id)
    a_shop("other")
    for tail in ("", "left-out.csv"):
        assert clerk.get(f"/console/products/-/import/{id}/{tail}?shop=other").status_code == 404
    clerk.post(f"/console/products/-/import/{id}/do/yes/?shop=other")
    assert models.Intake.objects.get(pk=id).state == IntakeState.TRIED


def test_no_file_and_too_large_a_file_are_refused(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ({}, {"file": SimpleUploadedFile("x.csv", b"")}):
        answer = clerk.post(f"/console/products/-/import/?{HERE}", said)
        assert answer.status_code == 422
        assert "Choose a file." in answer.content.decode()
    monkeypatch.setattr(product_files, "MOST_BYTES", 10)
    big = SimpleUploadedFile("x.csv", b"x" * 11)
    assert clerk.post(f"/console/products/-/import/?{HERE}", {"file": big}).status_code == 422
    assert not models.Intake.objects.exists()


def test_old_files_are_forgotten(clerk: Client) -> None:
    old = sent(clerk, a_book())
    models.Intake.objects.update(sent_at=clock.now() - timedelta(days=31))
    sent(clerk, a_book())
    assert not models.Intake.objects.filter(pk=old).exists()
    assert not intaking.path_of(old).exists()


def many() -> Iterator[str]:
    yield "handle,sku,title_zh,category,price\n"
    for n in range(1200):
        yield f"p-{n},P-{n},品 {n},cups,{n + 1}\n"


def test_progress_is_written_lot_by_lot(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    id = sent(clerk, "".join(many()).encode(), "many.csv")
    seen: list[int] = []
    write = intaking.write

    def watched(row: models.Intake, **changes: object) -> None:
        write(row, **changes)
        found = intaking.intake(SHOP, id)
        seen.append(found.tally.rows if found else -1)

    monkeypatch.setattr(intaking, "write", watched)
    assert worked_off(id).tally.products == 1200
    assert seen == [0, 500, 1000, 1200, 1200]
