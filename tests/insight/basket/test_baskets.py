"""First baskets in bands, and who came again."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, line, paid, remember, utc
from tests.strength import examples
from zhanggui.base.money import Money
from zhanggui.insight.basket import queries
from zhanggui.insight.basket.rules import Advice, Band, Baskets
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.metrics.rules import Period

pytestmark = pytest.mark.tables("orders")

SPRING = Period(date(2026, 3, 1), date(2026, 5, 1))
TODAY = date(2026, 5, 20)
WITHIN = 30
fresh = itertools.count()
few = settings(
    max_examples=examples(6),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
orders = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "cid", "dan", "eve", ""]), st.integers(0, 80), st.integers(1, 4)),
    max_size=14,
)


def a_band(least: int, people: int, again: int) -> Band:
    return Band(least=Money(least, "CNY"), most=Money(least, "CNY"), people=people, again=again)


def test_the_interval_is_wilsons():
    """Wilson 1927; 10 of 50."""
    assert a_band(1, 50, 10).interval == pytest.approx((0.1124, 0.3304), abs=1e-4)


@pytest.mark.parametrize(
    ("again", "advice"),
    [((50, 60, 150), Advice.RAISE), ((150, 60, 50), Advice.WIN_SMALL), ((50, 90, 55), Advice.LEAVE)],
)
def test_the_advice_follows_the_ends_beyond_chance(again, advice):
    bands = tuple(a_band(n, 500, count) for n, count in enumerate(again))

    assert Baskets(period=SPRING, within_days=30, bands=bands).advice is advice


def test_one_band_says_nothing():
    assert Baskets(period=SPRING, within_days=30, bands=(a_band(1, 9, 9),)).advice is Advice.LEAVE


@pytest.mark.django_db
@few
@given(told=orders)
def test_bands_are_those_that_going_through_the_buyers_finds(lake_folder, told):
    shop = a_shop(f"basket-{next(fresh)}")
    remember(
        shop,
        [
            paid(f"O{n}", _at(day), line("x", 1, 100 * size), person=person, shop=shop.code)
            for n, (person, day, size) in enumerate(told)
        ],
    )
    forget_all()

    found = queries.baskets(shop.code, SPRING, within_days=WITHIN, today=TODAY)

    assert found.period == Period(date(2026, 3, 1), date(2026, 4, 20))
    bands = [(one.least.minor, one.most.minor, one.people, one.again) for one in found.bands]
    assert bands == _slowly(told)


@pytest.mark.django_db
def test_buyers_who_are_all_too_young_are_left_out(lake_folder):
    a_shop()

    found = queries.baskets("acme", SPRING, within_days=90, today=TODAY)

    assert (found.period, found.bands, found.best) == (None, (), None)


def _at(day: int) -> str:
    return f"{date(2026, 3, 1) + timedelta(days=day)}T01:00"


def _slowly(told):
    first = {}
    by_person: dict[str, list] = {}
    for n, (person, day, size) in enumerate(told):
        if person:
            by_person.setdefault(person, []).append((utc(_at(day)), f"O{n}", day, 100 * size))
    for person, mine in by_person.items():
        one, *others = sorted(mine)
        if one[2] < 50:
            first[person] = (one[3], any(o[0] - one[0] <= timedelta(days=WITHIN) for o in others))
    everybody = sorted(first.values())
    bands: dict[int, list] = {}
    for minor, is_again in everybody:
        smaller = sum(other < minor for other, _ in everybody)
        bands.setdefault(5 * smaller // len(everybody), []).append((minor, is_again))
    return [
        (min(m for m, _ in of), max(m for m, _ in of), len(of), sum(a for _, a in of))
        for _, of in sorted(bands.items())
    ]
