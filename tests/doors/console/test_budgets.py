"""The page of the budget."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.steer.budgets.made import a_budget, a_discount, an_ad
from zhanggui.base.accounts.rules import Role
from zhanggui.steer.budgets import handlers, models

pytestmark = [pytest.mark.usefixtures("acme", "at_noon"), pytest.mark.tables("orders")]


def test_plan_stands_against_actual_with_links_to_the_facts(owner: Client, django_assert_max_num_queries) -> None:
    a_budget()
    ad = an_ad(33_000, at="2026-05-02T04:00")
    handlers.book([ad, a_discount(300, number="O-7")])
    with django_assert_max_num_queries(20):
        page = owner.get("/console/budgets/?shop=acme").content.decode()

    assert "nearly used" in page
    assert "CN¥330.00" in page
    assert f"/console/facts/{ad.id}/" in page
    assert "/console/orders/O-7/" in page


def test_without_a_budget_the_page_says_how_to_set_one(owner: Client) -> None:
    page = owner.get("/console/budgets/?shop=acme").content.decode()

    assert "No budget for today" in page
    answer = owner.post(
        "/console/budgets/put/?shop=acme",
        {
            "first": "2026-05-01",
            "last": "2026-05-31",
            "total": "1000.01",
            "share.traffic": "40",
            "share.content": "25",
            "share.members": "15",
            "share.supply": "20",
        },
        follow=True,
    )

    assert "The budget stands." in answer.content.decode()
    lines = models.Line.objects.order_by("id").values_list("area", "planned_minor")
    assert list(lines) == [("traffic", 40_001), ("content", 25_000), ("members", 15_000), ("supply", 20_000)]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"amount": "300"}, "Content has only CN¥250.00 left."),
        ({"amount": "x"}, "above zero"),
        ({"amount": "1", "target": "content"}, "from one area to another"),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_words(owner: Client, form, said) -> None:
    id = a_budget()
    asked = {"source": "content", "target": "members"} | form
    answer = owner.post(f"/console/budgets/{id}/move/?shop=acme", asked, follow=True)

    assert said in answer.content.decode()
    assert "Nothing was changed." in answer.content.decode()


def test_money_is_moved_and_the_move_stands_there(owner: Client) -> None:
    id = a_budget()
    asked = {"source": "content", "target": "members", "amount": "50"}
    answer = owner.post(f"/console/budgets/{id}/move/?shop=acme", asked, follow=True).content.decode()

    assert "Moved. The whole is what it was." in answer
    assert "Content → Members" in answer


def test_an_analyst_reads_the_budget_and_moves_nothing(signed_in: Callable[..., Client]) -> None:
    id = a_budget()
    analyst = signed_in(Role.ANALYST)

    assert analyst.get("/console/budgets/?shop=acme").status_code == 200
    assert analyst.post(f"/console/budgets/{id}/move/?shop=acme", {}).status_code == 403
