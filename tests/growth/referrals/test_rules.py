"""Who counts as brought by somebody, and who as bringing themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.made import ADDRESS
from zhanggui.base import ids
from zhanggui.growth.referrals import rules
from zhanggui.growth.referrals.errors import SchemeNotAllowed
from zhanggui.growth.referrals.rules import Came, Scheme, Somebody, Why

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
ID = str(ids.uuid7())
ANNA = Somebody(
    customers=frozenset({UUID(int=1)}),
    persons=frozenset({"anna"}),
    contacts=frozenset({"8613800138000"}),
    devices=frozenset({"phone-a", "anna"}),
    places=frozenset({"cn|a"}),
)
BEN = Somebody(
    customers=frozenset({UUID(int=2)}),
    persons=frozenset({"ben"}),
    contacts=frozenset({"8613900139000"}),
    devices=frozenset({"phone-b", "ben"}),
    places=frozenset({"cn|b"}),
)


@pytest.mark.parametrize(
    ("change", "ancestors", "has_bought", "why"),
    [
        ({}, set(), False, None),
        ({"customers": ANNA.customers}, set(), False, Why.SELF),
        ({"persons": ANNA.persons}, set(), False, Why.SELF),
        ({"contacts": ANNA.contacts}, set(), False, Why.SAME_CONTACT),
        ({"devices": frozenset({"phone-a"})}, set(), False, Why.SAME_DEVICE),
        ({"places": ANNA.places}, set(), False, Why.SAME_ADDRESS),
        ({}, {"ben"}, False, Why.CIRCLE),
        ({}, {"somebody else"}, False, None),
        ({}, set(), True, Why.NOT_NEW),
        ({"contacts": ANNA.contacts}, {"ben"}, True, Why.SAME_CONTACT),
    ],
)
def test_who_brings_themselves_is_refused_with_the_reason(
    change: dict[str, frozenset[str]], ancestors: set[str], has_bought: bool, why: Why | None
) -> None:
    referred = replace(BEN, **change)  # type: ignore[arg-type]
    said = rules.judged(referrer=ANNA, referred=referred, ancestors=frozenset(ancestors), has_bought=has_bought)
    assert said is why
    swapped = rules.judged(referrer=referred, referred=ANNA, ancestors=frozenset(), has_bought=False)
    assert (swapped is None) is (why in (None, Why.CIRCLE, Why.NOT_NEW))


def came(who: str, *, days: float) -> Came:
    return Came(referrer=who, browser="b", at=NOON - timedelta(days=days))


@pytest.mark.parametrize(
    ("arrivals", "winner"),
    [
        ([], None),
        ([("anna", 1.0)], "anna"),
        ([("ben", 1.0), ("anna", 2.0)], "anna"),
        ([("anna", 30.0), ("ben", 2.0)], "ben"),
        ([("anna", 29.9), ("ben", 2.0)], "anna"),
        ([("anna", -0.1)], None),
    ],
)
def test_the_first_link_within_thirty_days_wins(arrivals: list[tuple[str, float]], winner: str | None) -> None:
    found = rules.first_of([came(who, days=days) for who, days in arrivals], at=NOON)
    assert (found.referrer if found else None) == winner


@given(days=st.lists(st.floats(min_value=0, max_value=60), max_size=8), later=st.floats(min_value=0, max_value=60))
def test_a_later_link_never_takes_it_from_an_earlier_one_that_counts(days: list[float], later: float) -> None:
    arrivals = [came(str(n), days=each) for n, each in enumerate(days)]
    first = rules.first_of(arrivals, at=NOON)
    if first is None or NOON - timedelta(days=later) <= first.at:
        return
    assert rules.first_of([*arrivals, came("late", days=later)], at=NOON) == first


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"depth": 0}, "depth"),
        ({"depth": 3, "second_points": 10}, "depth"),
        ({"points": 0}, "points"),
        ({"points": -1}, "points"),
        ({"depth": 2}, "second_points"),
        ({"second_points": 10}, "second_points"),
        ({"per_month": 0}, "per_month"),
        ({"coupon_batch": "x"}, "coupon_batch"),
        ({"welcome_batch": "x"}, "welcome_batch"),
    ],
)
def test_a_scheme_that_cannot_be_like_this_is_refused(said: dict[str, object], field: str) -> None:
    with pytest.raises(SchemeNotAllowed) as refused:
        Scheme(**said).checked()  # type: ignore[arg-type]
    assert refused.value.field == field


def test_never_more_than_two_levels() -> None:
    assert Scheme(depth=2, second_points=100).checked().points_at(2) == 100
    assert Scheme(points=500).checked().points_at(1) == 500
    assert Scheme(points=0, coupon_batch=ID).checked().points_at(1) == 0


@pytest.mark.parametrize(
    ("street", "is_same"),
    [("龙井路1号", True), ("龙井路 1 号", True), ("龙井路１号", True), ("龙井路 2 号", False)],
)
def test_an_address_is_recognised_however_it_was_typed(street: str, is_same: bool) -> None:
    assert (rules.place_key(replace(ADDRESS, street=street, recipient="别人")) == rules.place_key(ADDRESS)) is is_same


def test_a_reward_counts_in_its_month() -> None:
    assert rules.month_of(date(2026, 11, 30)) == date(2026, 11, 1)


@pytest.mark.parametrize(("used", "most", "free"), [(set(), 1, 1), ({1}, 1, None), ({1, 3}, 3, 2)])
def test_the_first_free_number(used: set[int], most: int, free: int | None) -> None:
    assert rules.first_free(used, most=most) == free
