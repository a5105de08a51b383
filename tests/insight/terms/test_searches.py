"""What people looked for, counted from the daily table, against one search after the other."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, an_event, line, listed, placed, remember
from tests.strength import examples
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.metrics.rules import Filters, Period
from zhanggui.insight.terms import queries
from zhanggui.insight.terms.rules import Remedy

pytestmark = pytest.mark.tables("listings", "searches")

MAY = Period(date(2026, 5, 1), date(2026, 5, 8))
fresh = itertools.count()
few = settings(
    max_examples=examples(8),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
minutes = st.integers(0, 59)
words = st.sampled_from(["tea", " Tea ", "cup"])
sessions = st.sampled_from(["one", "two", ""])
happenings = st.lists(
    st.one_of(
        st.tuples(
            st.just("search"),
            sessions,
            minutes,
            st.sampled_from(["tea", " Tea ", "cup"]),
            st.sampled_from([0, 3, None]),
        ),
        st.tuples(st.sampled_from(["view", "add", "order"]), sessions, minutes),
    ),
    max_size=14,
    unique_by=lambda one: one[2],
)


def searched(at: str, query: str, results: int | None = 3, *, shop: str = "acme", person: str = "ann", **fields):
    body = {"query": query} | ({} if results is None else {"results": results})
    return an_event("Products Searched", at, shop=shop, person=person, body=body, **fields)


@pytest.mark.django_db
@few
@given(happened=happenings)
def test_searches_are_those_that_going_through_the_visits_finds(lake_folder, happened):
    shop = a_shop(f"terms-{next(fresh)}")
    remember(shop, [_event(one, shop.code, n) for n, one in enumerate(happened)])
    forget_all()

    found = queries.searches(shop.code, MAY)

    counted = {
        term.query: (term.searches, term.known, term.nothing, term.opened, term.added, term.ordered, term.placed.minor)
        for term in found.terms
    }
    assert counted == _slowly(happened)
    assert found.searches == sum(term.searches for term in found.terms) == found.top


@pytest.mark.django_db
def test_the_long_tail_is_what_lies_outside_the_fifty_most_searched(lake_folder):
    shop = a_shop()
    often = [searched("2026-05-01T01:00", f"word {n}", session=f"s{n}/{k}") for n in range(50) for k in range(2)]
    rare = [searched("2026-05-01T01:00", f"rare {n}", 0, session=f"r{n}") for n in range(25)]
    remember(shop, often, rare)

    found = queries.searches("acme", MAY)

    assert (found.searches, found.distinct, found.top) == (125, 75, 100)
    assert str(found.long_tail_share) == "0.2"
    assert str(found.zero_result_rate) == "0.2"


@pytest.mark.django_db
def test_words_that_stand_in_titles_but_find_nothing_want_other_words(lake_folder):
    shop = a_shop()
    remember(
        shop,
        listed("g", "2026-04-01T01:00", "白瓷盖碗", "White gaiwan"),
        [searched("2026-05-01T01:00", "gaiwan", 0, session=f"s{n}") for n in range(3)],
        [searched("2026-05-01T01:00", "drone", 0, session=f"d{n}", device="phone") for n in range(2)],
    )

    found = queries.searches("acme", MAY)
    on_phones = queries.searches("acme", MAY, where=Filters(device=("phone",), sku=("g",)))

    assert [(one.term.query, one.remedy) for one in found.proposals] == [
        ("gaiwan", Remedy.WORDING),
        ("drone", Remedy.PRODUCT),
    ]
    assert [term.query for term in on_phones.terms] == ["drone"]


def test_searches_of_bots_are_nobodys(db, lake_folder):
    shop = a_shop()
    remember(shop, searched("2026-05-01T01:00", "tea", device="bot"), searched("2026-05-01T01:00", "  "))

    found = queries.searches("acme", MAY)

    assert (found.searches, found.terms, found.order_rate) == (0, (), None)


def _event(one, shop, n):
    what, session, minute, *said = one
    at = f"2026-05-02T03:{minute:02d}"
    if what == "search":
        return searched(at, said[0], said[1], shop=shop, session=session)
    if what == "order":
        return placed(f"O{n}", at, line("x", 1, 700), shop=shop, person="ann", session=session)
    name = "Product Viewed" if what == "view" else "Product Added"
    return an_event(name, at, shop=shop, person="ann", session=session, sku="x")


def _slowly(happened):
    counted: dict[str, Counter] = {}
    for what, session, minute, *said in happened:
        if what != "search":
            continue
        later = [one for one in happened if session and one[1] == session and one[2] > minute]
        until = min((one[2] for one in later if one[0] == "search"), default=60)
        after = Counter(one[0] for one in later if one[2] < until)
        row = counted.setdefault(said[0].strip().lower(), Counter())
        row["searches"] += 1
        row["known"] += said[1] is not None
        row["nothing"] += said[1] == 0
        row["opened"] += after["view"] > 0
        row["added"] += after["add"] > 0
        row["ordered"] += after["order"] > 0
        row["minor"] += 700 * after["order"]
    names = ("searches", "known", "nothing", "opened", "added", "ordered", "minor")
    return {query: tuple(row[name] for name in names) for query, row in counted.items()}
