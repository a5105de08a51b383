"""The pages of briefings: written, read, worded, decided on, published, taken along."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.steer.briefings.made import IN_JUNE, MAY, SHOP, TABLES, two_months
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import job
from zhanggui.doors.console.briefings import naming
from zhanggui.steer.briefings import actions, ports, queries
from zhanggui.steer.briefings.rules import Kind, Sort, State, Thing, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.tables(*TABLES)]
LIST = f"/console/briefings/?shop={SHOP}"


@pytest.fixture(autouse=True)
def in_june(lake_folder: object, monkeypatch: pytest.MonkeyPatch) -> None:
    two_months()
    monkeypatch.setattr(clock, "now", lambda: IN_JUNE)


@pytest.fixture
def draft() -> str:
    return str(actions.write(shop=SHOP, kind=Kind.MONTH, period=MAY, at=IN_JUNE, by=job("test")))


def at(id: str, tail: str = "") -> str:
    return f"/console/briefings/{id}/{tail}?shop={SHOP}"


def test_a_briefing_is_written_from_the_list(owner: Client) -> None:
    assert "Write the one of last month" in owner.get(LIST).content.decode()
    answer = owner.post(f"/console/briefings/write/?shop={SHOP}", {"kind": "month", "day": "2026-05-20"}, follow=True)
    assert "GMV paid: " in answer.content.decode()
    (line,), count = queries.briefings(SHOP, limit=9)
    assert (line.first, line.last, count) == (MAY.start, MAY.last, 1)


def test_the_reader_links_every_figure_and_costs_few_questions(
    owner: Client, draft: str, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(9):
        page = owner.get(at(draft)).content.decode()
    assert 'href="/console/numbers/gmv_paid/?shop=acme&amp;period=custom&amp;from=2026-05-01' in page
    assert "CN¥610.00</a>" in page
    assert 'title="GMV paid: ' in page


def test_words_decisions_and_publication_go_through_the_editor(owner: Client, draft: str) -> None:
    owner.post(at(draft, "say/"), {"key": "gmv_paid_before", "words": "Doubled."})
    owner.post(at(draft, "decide/"), {"key": "goal_gmv", "verdict": "change", "target": "700.50"})
    page = owner.get(at(draft) + "&edit=1").content.decode()
    assert 'value="700.50"' in page
    answer = owner.post(at(draft, "publish/"), follow=True).content.decode()

    found = queries.briefing(draft, language="en")
    assert found.line.state is State.PUBLISHED
    assert (found.decided["goal_gmv"].verdict, found.decided["goal_gmv"].target) == (Verdict.CHANGE, 70_050)
    assert "Doubled." in answer
    assert "69.4%" in answer
    assert "has become a goal" in answer


@pytest.mark.parametrize(("form", "begins"), [("html", b"<!doctype html>"), ("pptx", b"PK"), ("xlsx", b"PK")])
def test_it_is_taken_along_as_a_file(owner: Client, draft: str, form: str, begins: bytes) -> None:
    answer = owner.get(f"/console/briefings/{draft}/file.{form}?shop={SHOP}")
    assert answer.content.startswith(begins)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="acme-month-2026-05-01.{form}"'


def test_who_only_looks_may_read_and_not_decide(signed_in, draft: str) -> None:
    analyst = signed_in(Role.ANALYST)
    assert "Word and decide" not in analyst.get(at(draft)).content.decode()
    assert analyst.post(at(draft, "publish/")).status_code == 403
    assert signed_in(Role.CLERK).get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("stockout_ahead sku:TEA", "Stock runs out (TEA)"),
        ("late_parcels", "Late parcels"),
        ("goal_at_risk goal:0199", "Goal at risk"),
        ("funnel_break device:tablet", "A step broke (Tablet)"),
        ("zero_results query:teapot", "Searches without result (teapot)"),
    ],
)
def test_a_signal_is_called_by_what_it_is_about(code, name):
    assert naming.thing(Thing(name="signal", sort=Sort.SIGNAL, code=code)) == name


def test_who_is_plugged_in_polishes_the_sentences_and_the_original_is_one_click_away(
    owner: Client, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Polish the sentences" not in owner.get(at(draft) + "&edit=1").content.decode()
    answers = {True: "Nothing was aimed at.", False: "Somehow 7 more."}
    plug = [lambda sentence, *, language: answers[sentence.startswith("No goals")]]
    monkeypatch.setattr(ports, "polishers", plug)
    assert "Polish the sentences" in owner.get(at(draft) + "&edit=1").content.decode()

    page = owner.post(at(draft, "polish/"), follow=True).content.decode()

    assert "1 sentences were polished" in page
    assert page.count("Use the original") == 1
    assert "Somehow" not in page
    page = owner.post(at(draft, "say/"), {"key": "no_goals", "words": ""}, follow=True).content.decode()
    assert "Nothing was aimed at." not in page and "Use the original" not in page
