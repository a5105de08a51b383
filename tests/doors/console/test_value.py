"""The page of what buyers are worth."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.doors.console.test_cockpit import chart_of, text_of
from tests.insight.metrics.events import a_shop, remember, utc
from tests.insight.value.test_lifetime import a_year_of_buyers
from tests.worlds import made_once
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.insight.value import actions, queries

pytestmark = pytest.mark.django_db

PAGE = "/console/value/?shop=acme"


@made_once
def a_fitted_shop():
    shop = a_shop()
    remember(shop, a_year_of_buyers())
    actions.refit(shop="acme", at=utc("2026-06-01T04:00"))
    return shop


@pytest.fixture
def fitted(db, lake_folder, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: utc("2026-06-01T04:00"))
    return a_fitted_shop()


def test_cohorts_stand_under_their_sum_with_a_chart_and_the_calibration(fitted, owner):
    response = owner.get(PAGE)

    said = text_of(response)
    assert "Paid so far, net" in said
    assert "400" in said
    assert [row["name"] for row in chart_of(response, "worth-spec")["datasets"]["rows"]][:2] == [
        "so far",
        "next 365 days",
    ]
    rows = chart_of(response, "calibration-spec")["datasets"]["rows"]
    assert len(rows) == 2 * len(queries.fit("acme").bins)


def test_the_page_costs_few_questions(fitted, owner, django_assert_max_num_queries):
    owner.get(PAGE)

    with django_assert_max_num_queries(14):
        owner.get(PAGE)


def test_a_refusal_says_why_and_foretells_nothing(acme, owner):
    actions.refit(shop="acme", at=utc("2026-06-01T04:00"))

    said = text_of(owner.get(PAGE))

    assert "Nothing is foretold" in said
    assert "There are too few buyers" in said
    assert "Expected in 365 days" not in said


def test_an_empty_shop_says_what_will_stand_here(lake_folder, owner):
    a_shop()

    assert "Here stands what your buyers are worth" in text_of(owner.get(PAGE))


def test_the_file_holds_what_the_table_says(fitted, owner):
    lines = owner.get("/console/value/table.csv?shop=acme&by=channel").content.decode("utf-8-sig").splitlines()
    book = owner.get("/console/value/table.xlsx?shop=acme&by=channel").content

    assert len(lines) == 3
    assert sum(int(line.split(",")[1]) for line in lines[1:]) == 400
    assert b"worksheet" in ZipFile(BytesIO(book)).read("xl/workbook.xml") or ZipFile(BytesIO(book)).testzip() is None
    assert owner.get("/console/value/table.pdf?shop=acme").status_code == 404


def test_only_who_may_decide_says_the_margin(fitted, owner, signed_in):
    refused = signed_in(Role.ANALYST).post("/console/value/do/margin/?shop=acme", {"percent": "10"})
    wrong = owner.post("/console/value/do/margin/?shop=acme", {"percent": "140"}, follow=True)
    assert refused.status_code == 403
    assert "Nothing was changed" in text_of(wrong)
    assert queries.margin_rate("acme") is None

    said = text_of(owner.post("/console/value/do/margin/?shop=acme", {"percent": "35"}, follow=True))

    assert "The margin is kept." in said
    assert queries.margin_rate("acme") is not None
    assert "Margin of it" in said
