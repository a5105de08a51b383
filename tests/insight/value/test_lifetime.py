"""Buyers as the models see them, the fits that are kept, and the sums that are shown, on a lake."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, bought, line, paid, refunded, remember, utc
from tests.insight.people import id_of, ids
from tests.strength import examples
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import operator
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.insight.value import actions, models, queries
from zhanggui.insight.value.errors import MarginUnlikely
from zhanggui.insight.value.rules import Lack

pytestmark = pytest.mark.tables("orders")

AS_OF = date(2026, 6, 1)
AT = utc("2026-06-01T04:00")
BY = operator("1")

fresh = itertools.count()
few = settings(
    max_examples=examples(6),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
events = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cid", ""]),
        st.integers(0, 40),
        st.integers(1, 900),
        st.booleans(),
        st.sampled_from(["direct", "email", ""]),
    ),
    max_size=12,
)


def a_year_of_buyers(people: int = 400):
    """Buyers of one, two or several days from January to May, a third of whom come by mail; the same on every run."""
    rng = np.random.default_rng(7)
    told = []
    for n in range(people):
        first, often = int(rng.integers(0, 100)), int(rng.geometric(0.45))
        days = sorted({first, *(first + int(gap) for gap in rng.integers(0, 150 - first, often - 1))})
        channel = "email" if n % 3 == 0 else "direct"
        told += [
            paid(f"{n}-{day}", _at(day), line("x", 1, int(rng.integers(1000, 9000))), person=f"p{n}", channel=channel)
            for day in days
        ]
    return told


@pytest.fixture
def buyers(lake_folder):
    shop = a_shop()
    remember(shop, a_year_of_buyers())
    return shop


@pytest.mark.django_db
@few
@given(told=events)
def test_buyers_are_those_that_a_plain_count_finds(lake_folder, told):
    shop = a_shop(f"worth-{next(fresh)}")
    happened = []
    for n, (person, day, minor, is_given_back, channel) in enumerate(told):
        happened.append(paid(f"O{n}", _at(day), line("x", 1, minor), person=person, channel=channel, shop=shop.code))
        if is_given_back:
            happened.append(refunded(f"O{n}", _at(day + 1), line("x", 1, minor // 2), person=person, shop=shop.code))
    remember(shop, happened)
    as_of = date(2026, 1, 1) + timedelta(days=30)

    known = queries.buyers_as_of(shop.code, as_of)

    found = zip(
        map(id_of(shop.code).get, known.people),
        known.buyers.repeats,
        known.buyers.recency_days,
        known.buyers.age_days,
        known.buyers.net_minor,
        known.buyers.repeat_net_minor,
        known.cohorts.to_pylist(),
        known.channels.to_pylist(),
        strict=True,
    )
    assert sorted(found) == _slowly(told, until=30)
    assert known.inputs.order_days == len({(p, d) for p, d, *_ in told if p and d < 30})


@pytest.mark.django_db
def test_a_fit_is_kept_with_what_it_stands_on_and_replaces_that_of_the_same_day(buyers):
    first = actions.refit(shop="acme", at=AT)
    again = actions.refit(shop="acme", at=AT + timedelta(hours=1))

    row = models.Fit.objects.get()
    assert (row.shop, row.as_of, row.buyers, row.lack) == ("acme", AS_OF, 400, "")
    assert row.made_at == AT + timedelta(hours=1)
    assert first.ordering == again.ordering
    assert queries.fit("acme").inputs == first.inputs
    assert (row.r, row.q) == (first.ordering.r, first.spending.q)
    assert sum(one.people for one in first.bins) == len(queries.buyers_as_of("acme", first.held_from).people)
    assert first.hit_rate == pytest.approx(Decimal(1), abs=Decimal("0.5"))


@pytest.mark.django_db
def test_too_few_buyers_are_refused_with_the_reason_and_foretell_nothing(lake_folder):
    shop = a_shop()
    remember(shop, bought("A", "2026-03-01T01:00", line("x", 1, 100), person="ann"))

    found = actions.refit(shop="acme", at=AT)

    assert found.lack is Lack.BUYERS
    assert queries.fit("acme").lack is Lack.BUYERS
    assert queries.worths("acme", as_of=AS_OF) == ()


@pytest.mark.django_db
def test_what_buyers_are_worth_sums_to_all_that_they_paid(buyers):
    actions.refit(shop="acme", at=AT)

    cells = queries.worths("acme", as_of=AS_OF)

    ((paid_minor,),) = lake.ask(f"select sum(amount_minor) from {lake.rollup('acme', 'orders')}")
    assert sum(cell.history.minor for cell in cells) == paid_minor
    assert sum(cell.people for cell in cells) == 400
    assert {cell.channel for cell in cells} == {"email", "direct"}
    assert [cell.cohort for cell in cells] == sorted((cell.cohort for cell in cells), reverse=True)
    assert all(cell.ahead > Money(0, "CNY") and cell.alive_tenths <= 10 * cell.people for cell in cells)
    forget_all()
    assert queries.worths("acme", as_of=AS_OF) == cells


@pytest.mark.django_db
def test_a_margin_is_kept_told_and_refused_beyond_all_of_the_revenue(lake_folder):
    a_shop()

    actions.set_margin(shop="acme", rate=Decimal("0.355"), by=BY)
    actions.set_margin(shop="acme", rate=Decimal("0.4"), by=BY)
    with pytest.raises(MarginUnlikely):
        actions.set_margin(shop="acme", rate=Decimal("1.01"), by=BY)

    assert queries.margin_rate("acme") == Decimal("0.4")
    assert models.Margin.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "people"),
    [
        ({"frequency": 4}, ["ann"]),
        ({"kind": "champion"}, ["ann"]),
        ({"kind": "passing", "as_of": "2026-06-01"}, ["bob", "cid"]),
        ({"recency": 1, "money": 3}, []),
    ],
)
def test_the_people_of_a_cell_are_those_with_its_scores(lake_folder, terms, people):
    shop = a_shop()
    remember(
        shop,
        [paid(f"A{n}", f"2026-05-{20 + n}T01:00", line("x", 1, 9000), person="ann") for n in range(3)],
        [paid("B1", "2026-05-10T01:00", line("x", 1, 5000), person="bob")],
        [paid("C1", "2026-05-01T01:00", line("x", 1, 100), person="cid")],
    )

    assert ids("acme", queries.people_of_cell("acme", terms, at=AT)) == people


@pytest.mark.django_db
@pytest.mark.parametrize("terms", [{}, {"kind": "kings"}, {"recency": 6}, {"recency": -1}, {"money": "1"}])
def test_a_cell_that_there_is_not_has_no_people(lake_folder, terms):
    a_shop()

    with pytest.raises(TermsUnfit):
        queries.people_of_cell("acme", terms, at=AT)


def _at(day: int) -> str:
    return f"{date(2026, 1, 1) + timedelta(days=day)}T01:00"


def _slowly(told, *, until: int):
    """Each buyer's days one by one."""
    rows = []
    for person in sorted({one[0] for one in told} - {""}):
        net: dict[int, int] = {}
        first = None
        for n, (who, day, minor, is_given_back, channel) in enumerate(told):
            if who != person or day >= until:
                continue
            back = minor // 2 if is_given_back and day + 1 < until else 0
            net[day] = net.get(day, 0) + minor - back
            key = (day, f"O{n}")
            first = min(first, (key, channel)) if first else (key, channel)
        if not net:
            continue
        days = sorted(net)
        cohort = (date(2026, 1, 1) + timedelta(days=days[0])).replace(day=1)
        repeat_net = sum(net[day] for day in days[1:])
        spans = (len(days) - 1, days[-1] - days[0], until - days[0])
        rows.append((person, *spans, sum(net.values()), repeat_net, cohort, first[1]))
    return rows
