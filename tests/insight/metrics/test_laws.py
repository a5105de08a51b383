"""What holds for every metric, whatever happened in the shop."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import (
    a_shop,
    added,
    balance,
    line,
    page,
    paid,
    placed,
    refunded,
    remember,
    utc,
    viewed,
)
from tests.strength import examples
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries
from zhanggui.insight.metrics.queries import asking, heads, sights
from zhanggui.insight.metrics.rules import MEASURES, METRICS, Crowd, Cut, Filters, Kind, Period, can_answer, metric

pytestmark = pytest.mark.tables("orders", "sku_days", "visits")

PERIOD = Period(date(2026, 5, 1), date(2026, 5, 6))
BEFORE = Period(date(2026, 4, 26), date(2026, 5, 1))
AFTER = utc("2026-06-01T00:00")
BY_PLACE = (Cut.CHANNEL, Cut.REGION, Cut.DAY)
ADDITIVE = tuple(key for key, one in METRICS.items() if one.is_additive)

fresh = itertools.count()

# Shrinking would fill the lake thousands of times.
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

moments = st.builds("2026-05-{:02d}T{:02d}:30".format, st.integers(1, 6), st.integers(0, 23))
people = st.sampled_from(["ann", "bob", "cid", ""])
places = st.fixed_dictionaries(
    {
        "region": st.sampled_from(["north", "south", ""]),
        "channel": st.sampled_from(["direct", "organic_search"]),
        "device": st.sampled_from(["phone", "desktop"]),
    }
)
lines = st.lists(
    st.builds(line, st.sampled_from(["tea", "cup"]), st.integers(1, 3), st.integers(0, 500), st.sampled_from("ab")),
    min_size=1,
    max_size=3,
)


@st.composite
def orders(draw):
    """One order each, placed and perhaps paid and refunded later, in one region."""
    told = []
    for number in range(draw(st.integers(1, 8))):
        where, who, goods = draw(places), draw(people), draw(lines)
        days = sorted([draw(moments), draw(moments), draw(moments)])
        steps = (placed, paid, refunded)[: draw(st.integers(1, 3))]
        told += [
            step(f"O{number}", at, *goods, person=who, postage_minor=7, **where)
            for step, at in zip(steps, days, strict=False)
        ]
    return told


visits = st.lists(
    st.builds(
        lambda what, at, who, where: what(at, who, **where),
        st.sampled_from([page, viewed, added]),
        moments,
        people,
        places,
    ),
    max_size=10,
)


@pytest.mark.django_db
@few
@given(told=orders(), seen=visits, cut=st.sampled_from([cut for cut in Cut if cut is not Cut.SEGMENT]))
def test_the_parts_of_what_adds_up_sum_to_the_whole_and_people_never_exceed_them(lake_folder, told, seen, cut):
    shop = a_shop(f"law-{next(fresh)}")
    events = [_of(shop.code, one) for one in (*told, *seen)]
    remember(shop, events)
    queries.forget_all()
    keys = tuple(key for key in METRICS if can_answer(key, by=cut))

    answer = queries.query(shop.code, keys, PERIOD, by=cut, at=AFTER)

    for key in keys:
        parts = [row.of(key).numerator for row in answer.rows]
        whole = answer.whole.of(key).numerator
        if key in ADDITIVE:
            assert sum(parts) == whole, key
        elif key in ("uv", "buyers"):
            assert max(parts, default=0) <= whole <= sum(parts), key
    if "new_buyers" in keys:
        for row in (*answer.rows, answer.whole):
            figures = [row.of(key).numerator for key in ("new_buyers", "returning_buyers", "buyers")]
            assert figures[0] + figures[1] == figures[2]
            assert row.of("repurchase_rate").numerator <= figures[2]


@pytest.mark.django_db
@few
@given(
    told=orders(),
    key=st.sampled_from([key for key, one in METRICS.items() if one.evidence]),
    region=st.sampled_from([(), ("north",), ("south", "")]),
    sku=st.sampled_from([(), ("tea",)]),
)
def test_the_orders_behind_a_number_come_to_the_number(lake_folder, told, key, region, sku):
    shop = a_shop(f"law-{next(fresh)}")
    remember(shop, [_of(shop.code, one) for one in told])
    queries.forget_all()
    cuts = {"region": region, "sku": sku}
    where = Filters(**{cut: values for cut, values in cuts.items() if can_answer(key, where=Filters(**{cut: values}))})
    one = metric(key)

    figure = queries.query(shop.code, [key], PERIOD, where=where, at=AFTER).whole.of(key)
    asked = queries.Asked(shop=shop.code, evidence=one.evidence, period=PERIOD, where=where)
    behind = queries.orders_page(asked, limit=100)

    assert _number(key, behind) in (None, figure.numerator)
    assert behind.count == len(behind.lines) == len(list(queries.orders_all(asked)))
    assert sum(line.goods.minor for line in behind.lines) == behind.goods.minor
    if one.evidence.kinds == (Kind.PAID,) and figure.denominator is not None and one.denominator == "paid_orders":
        assert figure.denominator == behind.count


@pytest.mark.django_db
@few
@given(told=orders(), seen=visits, cuts=st.sampled_from([(), *itertools.permutations(BY_PLACE, 2)]))
def test_people_counted_as_sets_are_as_many_as_one_by_one(lake_folder, told, seen, cuts):
    shop = a_shop(f"law-{next(fresh)}")
    remember(shop, [_of(shop.code, one) for one in (*told, *seen)])
    people = {key for key, one in MEASURES.items() if any(source.nearly for source in one.sources)}
    told_of = [key for key, one in METRICS.items() if people & {one.numerator, one.denominator}]
    keys = [key for key in told_of if all(can_answer(key, by=cut) for cut in cuts)]
    asked = {**dict(zip(("by", "then"), cuts, strict=False)), "compare": BEFORE, "at": AFTER}
    queries.forget_all()

    sets = queries.query(shop.code, keys, PERIOD, **asked)
    queries.forget_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "_MOST_BYTES", 0)
        one_by_one = queries.query(shop.code, keys, PERIOD, **asked)

    assert one_by_one == sets


@pytest.mark.django_db
@settings(few, max_examples=examples(3))
@given(
    told=orders(),
    seen=visits,
    region=st.sampled_from([(), ("north", "")]),
    at=st.sampled_from([AFTER, utc("2026-05-04T12:00")]),
    is_marked=st.booleans(),
)
def test_people_counted_by_their_places_are_as_many_as_grouped(lake_folder, told, seen, region, at, is_marked):
    shop = a_shop(f"law-{next(fresh)}")
    remember(shop, [_of(shop.code, one) for one in told if one.name != "shop.refund_settled"])
    # Days that come late lie in files of their own.
    remember(shop, [_of(shop.code, one) for one in (*told, *seen)])
    counted = {one.key for one in MEASURES.values() if any(source.heads for source in one.sources)}
    told_of = [key for key, one in METRICS.items() if counted & {one.numerator, one.denominator}]
    known = lake.people(shop.code)
    buyers = Crowd(name="some", sql=f"select number as person from {known} where person in ('ann', 'cid')")
    asked = {"where": Filters(region=region), "compare": BEFORE, "at": at}
    with pytest.MonkeyPatch.context() as patch:
        # Many rows: each place is marked; few: they are sorted.
        patch.setattr(heads, "_FEW", 1_000_000 if is_marked else 0)
        for by, then, only in (
            (None, None, None),
            (Cut.DAY, None, None),
            (Cut.WEEK, None, buyers),
            (Cut.MONTH, None, None),
            (Cut.REGION, None, None),
            (Cut.DAY, Cut.REGION, None),
            (Cut.CHANNEL, Cut.WEEK, buyers),
            (Cut.DEVICE, Cut.CHANNEL, None),
        ):
            keys = [
                key
                for key in told_of
                if can_answer(key, by=by, then=then, where=asked["where"], by_people=only is not None)
            ]
            asked |= {"by": by, "then": then, "only": only}
            queries.forget_all()
            placed_by = queries.query(shop.code, keys, PERIOD, **asked)
            queries.forget_all()
            with pytest.MonkeyPatch.context() as inner:
                inner.setattr(heads, "among", lambda *_: ())
                assert queries.query(shop.code, keys, PERIOD, **asked) == placed_by


@pytest.mark.tables("orders", "order_lines", "sku_days", "visits", "steps", "sessions")
@pytest.mark.django_db
@pytest.mark.parametrize("cut", [None, Cut.HOUR, Cut.WEEK, Cut.REGION, Cut.NEWNESS, Cut.SKU], ids=str)
@settings(few, max_examples=examples(2))
@given(told=orders(), seen=visits, at=st.sampled_from([AFTER, utc("2026-05-04T12:00")]))
def test_crowds_counted_together_are_as_many_as_one_by_one(lake_folder, told, seen, at, cut):
    shop = a_shop(f"law-{next(fresh)}")
    deposits = [balance(one.order_number, "2026-05-03T09:00", 50, person=one.person) for one in told[::3]]
    remember(shop, [_of(shop.code, one) for one in (*told, *seen, *deposits)])
    known = lake.people(shop.code)
    crowds = [
        Crowd(name=name, sql=f"select number as person from {known} where person in {people}")
        for name, people in (("two", ("ann", "cid")), ("overlapping", ("bob", "cid")), ("nobody", ("x", "y")))
    ]
    where = Filters(region=("north", ""))
    keys = [key for key in METRICS if can_answer(key, by=Cut.SEGMENT, then=cut, where=where)]
    asked = {"where": where, "compare": BEFORE, "at": at}
    queries.forget_all()

    first = queries.query(shop.code, keys, PERIOD, by=Cut.SEGMENT, then=cut, crowds=crowds, **asked)
    last = queries.query(shop.code, keys, PERIOD, by=cut, then=Cut.SEGMENT, crowds=crowds, **asked)

    queries.forget_all()
    with pytest.MonkeyPatch.context() as patch:
        for arrays in (heads, sights):
            patch.setattr(arrays, "among", lambda *_: ())
        alone = {one.name: queries.query(shop.code, keys, PERIOD, by=cut, only=one, **asked) for one in crowds}
        everybody = queries.query(shop.code, keys, PERIOD, by=cut, **asked)
    assert (first.whole, first.compared) == (everybody.whole, everybody.compared)
    assert {row.key: row.figures for row in first.rows} == {name: one.whole.figures for name, one in alone.items()}
    cells = {(name, row.key): row.figures for name, one in alone.items() for row in one.rows}
    if cut is not None:
        assert {(row.key, row.then): row.figures for row in first.pairs} == cells
        assert {(row.then, row.key): row.figures for row in last.pairs} == cells
        assert last.rows == everybody.rows


def _number(key, behind):
    """What the list of orders says of the metric's numerator; None where it takes the people to say."""
    return {
        "orders_placed": behind.count,
        "orders_paid": behind.count,
        "gmv_placed": behind.placed.minor,
        "goods_paid": behind.goods.minor,
        "gmv_paid": behind.paid.minor,
        "gmv_new": behind.paid.minor,
        "gmv_returning": behind.paid.minor,
        "aov": behind.paid.minor,
        "arppu": behind.paid.minor,
        "gmv_net": behind.paid.minor - behind.refunded.minor,
        "refund_amount": behind.refunded.minor,
        "refund_rate": behind.count,
        "units": behind.units,
    }.get(key)


def _of(shop, event):
    return replace(event, shop=shop)
