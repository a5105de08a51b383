"""The goals that come with the product."""

from __future__ import annotations

from datetime import date

import pytest

from tests.steer.goals.made import BY, SHOP, TRAIL, a_shop_that_sold, an_operator, noon
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.goals import actions, queries, rules
from zhanggui.steer.goals.errors import NotReady
from zhanggui.steer.goals.rules import READY, Lack

BY_KEY = {one.key: one for one in READY}


@pytest.mark.parametrize(
    ("key", "today", "start", "end"),
    [
        ("margin", date(2026, 11, 22), date(2026, 10, 1), date(2027, 1, 1)),
        ("margin", date(2026, 12, 5), date(2027, 1, 1), date(2027, 4, 1)),
        ("first_quarter", date(2026, 11, 22), date(2027, 1, 1), date(2027, 4, 1)),
        ("second_quarter", date(2026, 5, 3), date(2026, 4, 1), date(2026, 7, 1)),
    ],
)
def test_the_days_that_a_ready_goal_is_about(key, today, start, end):
    assert rules.quarter_of(BY_KEY[key], today) == Period(start, end)


@pytest.mark.parametrize(
    ("key", "baseline", "figure", "target"),
    [
        ("margin", None, None, 350_000),
        ("delivery", None, None, 48_000_000),
        ("first_quarter", 100_000, None, 110_000),
        ("second_quarter", 100_000, None, 125_000),
        ("second_quarter", None, None, None),
        ("second_quarter", 0, None, None),
        ("returns", 100_000, None, 80_000),
        ("ncac", 9_000, 5_000, 4_000),
        ("ncac", 9_000, None, None),
        ("refunds", None, None, 72_000_000),
        ("retention", 200_000, None, 350_000),
        ("retention", None, None, None),
    ],
)
def test_the_target_of_a_ready_goal(key, baseline, figure, target):
    assert rules.target_of(BY_KEY[key], baseline=baseline, figure=figure) == target


@pytest.mark.django_db
@pytest.mark.tables("orders")
def test_what_is_not_known_to_the_shop_says_why_and_the_rest_takes_one_click(lake_folder):
    a_shop_that_sold([1_000] * 400, first=date(2026, 1, 1))
    at = noon(date(2027, 2, 4))

    offers = {one.ready.key: one for one in queries.offered(SHOP, at=at)}

    assert offers["margin"].lack is Lack.SILENT
    assert offers["refunds"].lack is Lack.SILENT
    first = offers["first_quarter"]
    assert (first.baseline, first.target, first.lack) == (90_000, 99_000, None)
    with pytest.raises(NotReady):
        actions.adopt(shop=SHOP, key="margin", owner=an_operator(), at=at, trail=TRAIL, by=BY)

    id = actions.adopt(shop=SHOP, key="first_quarter", owner=an_operator(), at=at, trail=TRAIL, by=BY)

    assert queries.goal(SHOP, id).target == 99_000
    assert queries.offer(SHOP, "first_quarter", figure=None, at=at).lack is Lack.STANDS
