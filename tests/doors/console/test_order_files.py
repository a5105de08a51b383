"""What another shop sold, sent to the console as files: tried by a job, read in another way, agreed to, taken in."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.doors.imports.made import HEADER, PLAIN
from tests.shop.made import SHOP, a_shop
from zhanggui.doors.console import intaking, models
from zhanggui.doors.console.order_intaking import bring_in_orders
from zhanggui.doors.console.pages import order_files
from zhanggui.doors.console.rules import Intake, IntakeKind, IntakeState
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.sources import queries as sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]

LINES = ("A1,2026-01-05,pot,2,20,c1,Hamburg", "A2,2026-01-06,cup,1,5.50,c2,Köln")
ASKED = {"shop": "tea", "zone": "Europe/Berlin", "currency": "eur", "kind": "orders", "columns": PLAIN}


def a_file(*lines: str, name: str = "sales.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((HEADER, *lines)).encode())


def sent(client: Client, *files: SimpleUploadedFile, **asked: str) -> UUID:
    """Files that wait for their job."""
    answer = client.post("/console/imports/", {"file": files or (a_file(*LINES),), **ASKED, **asked})
    assert answer.status_code == 302, answer.context["wrong"]
    return UUID(answer["Location"].split("/")[4])


def worked_off(id: UUID) -> Intake:
    """The file after its job ran."""
    bring_in_orders(id=str(id), run=models.Intake.objects.get(pk=id).run)
    found = intaking.sent(id)
    assert found is not None
    return found


def said(client: Client, id: UUID) -> str:
    return client.get(f"/console/imports/sent/{id}/", headers={"accept-language": "en"}).content.decode()


def do(client: Client, id: UUID, verb: str, **form: str) -> int:
    return client.post(f"/console/imports/sent/{id}/do/{verb}/", form).status_code


def test_a_file_is_tried_first_and_taken_in_after_a_yes(owner: Client) -> None:
    id = sent(owner)
    tried = worked_off(id)
    assert (tried.state, tried.arrived.shop, tried.arrived.orders) == (IntakeState.TRIED, "tea", 2)
    assert (str(tried.arrived.booked), tried.arrived.currency) == ("45.50", "EUR")
    assert sources.imports() == ()
    assert "€45.50" in said(owner, id)
    assert do(owner, id, "yes") == 302
    taken = worked_off(id)
    assert taken.state == IntakeState.TAKEN
    (state,) = sources.imports()
    assert (state.plan.id, state.tally.orders if state.tally else 0) == (taken.arrived.import_id, 2)
    assert lake.days("tea") is not None
    assert not intaking.folder_of(id).exists()
    assert "/console/?shop=tea" in said(owner, id)


def test_the_same_file_again_counts_nothing_twice(owner: Client) -> None:
    for orders in (2, 2):
        id = sent(owner)
        worked_off(id)
        do(owner, id, "yes")
        assert worked_off(id).arrived.orders == orders
    assert len(sources.imports()) == 1


def test_what_cannot_be_read_in_one_way_only_is_asked_for_and_read_again_without_sending_it_again(
    owner: Client,
) -> None:
    id = sent(owner, a_file("A1,05/06/2026,pot,2,20,c1,Hamburg"))
    stopped = worked_off(id)
    assert (stopped.state, stopped.reason) == (IntakeState.STOPPED, "DatesUnclear")
    assert "Say the order of day and month below." in said(owner, id)
    assert do(owner, id, "again", **{**ASKED, "dates": "dmy"}) == 302
    assert str(worked_off(id).arrived.first_day) == "2026-06-05"


def test_an_unknown_file_stops_with_a_mapping_to_try(owner: Client) -> None:
    id = sent(owner, SimpleUploadedFile("x.csv", b"Order ID,Date,SKU,Qty,Price\n1,2026-01-05,pot,1,3\n"), kind="")
    stopped = worked_off(id)
    assert (stopped.state, stopped.reason) == (IntakeState.STOPPED, "FormatUnknown")
    assert "order=Order ID" in stopped.arrived.guess
    assert f'value="{stopped.arrived.guess}"' in said(owner, id)


def test_several_files_are_the_tables_of_a_folder(owner: Client) -> None:
    id = sent(owner, a_file(*LINES, name="a.csv"), a_file(*LINES, name="b.csv"), kind="", columns="")
    stopped = worked_off(id)
    assert (stopped.reason, stopped.name) == ("TableMissing", "a.csv + 1")


def test_lines_that_make_no_sense_are_shown_and_wait_to_be_mended(owner: Client) -> None:
    id = sent(owner, a_file(*LINES, "A3,2026-01-07,pot,viel,20,c1,Hamburg"))
    tried = worked_off(id)
    assert (tried.arrived.refused_rows, tried.arrived.refused_examples[0].line) == (1, 4)
    assert "sales.csv, line 4" in said(owner, id)
    do(owner, id, "yes")
    taken = worked_off(id)
    saved = owner.get(f"/console/imports/{taken.arrived.import_id}/refused.csv")
    assert b"viel" in b"".join(saved.streaming_content)


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"shop": "Mein Laden"}, "small letters"),
        ({"currency": "Euro"}, "three letters"),
        ({"file": ()}, "Choose a file"),
    ],
)
def test_a_form_that_cannot_be_is_refused_before_anything_is_kept(
    owner: Client, form: dict[str, str], wrong: str
) -> None:
    answer = owner.post(
        "/console/imports/", {"file": a_file(*LINES), **ASKED, **form}, headers={"accept-language": "en"}
    )
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert not models.Intake.objects.exists()


def test_too_large_a_file_is_sent_to_the_command_line(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_files, "MOST_BYTES", 10)
    answer = owner.post("/console/imports/", {"file": a_file(*LINES), **ASKED}, headers={"accept-language": "en"})
    assert "zhanggui import file" in answer.context["wrong"]


def test_our_own_books_take_in_nothing_foreign(owner: Client) -> None:
    a_shop()
    id = sent(owner, shop=SHOP, zone="", currency="")
    stopped = worked_off(id)
    assert (stopped.state, stopped.reason) == (IntakeState.STOPPED, "ShopIsOwn")
    assert sources.imports() == ()


def test_a_file_on_its_way_is_tried_again_by_nobody(owner: Client) -> None:
    id = sent(owner)
    owner.post(f"/console/imports/sent/{id}/do/again/", ASKED)
    found = intaking.sent(id)
    assert found is not None
    assert (found.run, found.kind) == (1, IntakeKind.ORDERS)
    assert do(owner, id, "burn") == 404


def test_a_path_in_a_name_leads_nowhere(owner: Client) -> None:
    upload = a_file(*LINES, name="x.csv")
    upload.name = "..\\..\\x.csv"
    id = intaking.receive(
        shop="tea", uploads=[upload], sent_by="1", language="en", work=bring_in_orders, kind=IntakeKind.ORDERS
    )
    assert [path.name for path in intaking.folder_of(id).iterdir()] == ["x.csv"]
