"""Two cuts at once, hours, campaigns, new and returning, segments: held against a slow count in Python."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import (
    a_shop,
    added,
    bought,
    line,
    page,
    paid,
    placed,
    refunded,
    remember,
    utc,
    viewed,
)
from tests.insight.people import numbers_of
from tests.strength import examples
from zhanggui.base import clock
from zhanggui.insight.metrics import queries
from zhanggui.insight.metrics.errors import CutRefused
from zhanggui.insight.metrics.queries.hours import hours_of
from zhanggui.insight.metrics.rules import Crowd, Cut, Filters, Lack, Period, Step, after, cell_of

pytestmark = pytest.mark.tables("orders", "order_lines", "sku_days", "visits", "sessions", "steps")

PERIOD = Period(date(2026, 3, 27), date(2026, 3, 31))
AFTER = utc("2026-06-01T00:00")
KEYS = (
    "pv",
    "uv",
    "buyers",
    "orders_paid",
    "gmv_paid",
    "gmv_net",
    "repurchase_rate",
    "cvr_paid_visitor",
    "add_to_cart_rate",
)
CUTS = (Cut.HOUR, Cut.DAY, Cut.WEEK, Cut.QUARTER, Cut.REGION, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE, Cut.NEWNESS)
# Its clocks go forward within the period.
ZONE = "Europe/London"

fresh = itertools.count()
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
moments = st.builds("2026-03-{:02d}T{:02d}:30".format, st.integers(26, 31), st.integers(0, 23))
people = st.sampled_from(["ann", "bob", "cid", ""])
places = st.fixed_dictionaries(
    {
        "region": st.sampled_from(["north", "south"]),
        "channel": st.sampled_from(["direct", "email"]),
        "campaign": st.sampled_from(["", "spring"]),
        "device": st.sampled_from(["phone", "desktop"]),
    }
)


@st.composite
def worlds(draw):
    seen = [
        draw(st.sampled_from([page, viewed, added]))(draw(moments), draw(people), **draw(places))
        for _ in range(draw(st.integers(0, 10)))
    ]
    for number in range(draw(st.integers(1, 8))):
        goods = [line("tea", 1, draw(st.integers(0, 500)))]
        days = sorted(draw(moments) for _ in range(3))
        steps = (placed, paid, refunded)[: draw(st.integers(1, 3))]
        who, where = draw(people), draw(places)
        seen += [
            step(f"O{number}", at, *goods, person=who, postage_minor=7, **where)
            for step, at in zip(steps, days, strict=False)
        ]
    return seen


def cell(event, cut, first_paid):
    """The cell that an event lies in, worked out one by one."""
    day = clock.day_of(event.at, ZONE)
    if cut is Cut.HOUR:
        return event.at.astimezone(clock.zone(ZONE)).replace(minute=0)
    if cut.step:
        return cell_of(day, cut.step)
    if cut is Cut.NEWNESS:
        return "" if not event.person else "returning" if first_paid.get(event.person, date.max) < day else "new"
    return getattr(event, cut.value)


def slow(events):
    """Numerators and denominators of KEYS over these events."""
    came = {e.person for e in events if not e.name.startswith("shop.")} - {""}
    looked, put = ({e.person for e in events if e.name == name} - {""} for name in ("Product Viewed", "Product Added"))
    payments = [e for e in events if e.name == "shop.payment_settled"]
    orders_of = {who: [e for e in payments if e.person == who] for who in {e.person for e in payments} - {""}}
    money = sum(e.amount_minor for e in payments)
    back = sum(e.amount_minor for e in events if e.name == "shop.refund_settled")
    return {
        "pv": (sum(e.name == "Page" for e in events), None),
        "uv": (len(came), None),
        "buyers": (len(orders_of), None),
        "orders_paid": (len(payments), None),
        "gmv_paid": (money, None),
        "gmv_net": (money - back, None),
        "repurchase_rate": (sum(len(some) > 1 for some in orders_of.values()), len(orders_of)),
        "cvr_paid_visitor": (len(orders_of), len(came)),
        "add_to_cart_rate": (len(put), len(looked)),
    }


def told(row):
    return {figure.metric: (figure.numerator, figure.denominator) for figure in row.figures}


@pytest.mark.django_db
@few
@given(world=worlds(), by=st.sampled_from(CUTS), then=st.sampled_from(CUTS), region=st.sampled_from([(), ("north",)]))
def test_every_cell_of_two_cuts_is_what_a_slow_count_says(lake_folder, world, by, then, region):
    shop = a_shop(f"cut-{next(fresh)}", zone=ZONE)
    remember(shop, [replace(one, shop=shop.code) for one in world])
    queries.forget_all()
    first_paid = {}
    for one in sorted(world, key=lambda e: e.at):
        if one.name == "shop.payment_settled":
            first_paid.setdefault(one.person, clock.day_of(one.at, ZONE))
    inside = [e for e in world if clock.day_of(e.at, ZONE) in PERIOD and (not region or e.region in region)]

    answer = queries.query(shop.code, KEYS, PERIOD, by=by, then=then, where=Filters(region=region), at=AFTER)

    assert told(answer.whole) == slow(inside)
    for row in answer.rows:
        assert told(row) == slow([e for e in inside if cell(e, by, first_paid) == row.key]), row.key
    if by is then:
        assert not answer.pairs
        return
    for row in answer.seconds:
        assert told(row) == slow([e for e in inside if cell(e, then, first_paid) == row.then]), row.then
    pairs = {(cell(e, by, first_paid), cell(e, then, first_paid)) for e in inside}
    found = {(row.key, row.then): told(row) for row in answer.pairs}
    for key, again in pairs:
        here = [e for e in inside if (cell(e, by, first_paid), cell(e, then, first_paid)) == (key, again)]
        counted = slow(here)
        assert found.pop((key, again), None) == counted or not any(number for number, _ in counted.values())
    assert not found


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Shanghai", date(2026, 3, 29), 24),
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
        ("Australia/Lord_Howe", date(2026, 10, 4), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 25),
        ("America/St_Johns", date(2026, 3, 8), 23),
    ],
)
def test_a_day_has_as_many_hours_as_its_clock_shows(zone, day, hours):
    found = hours_of(Period(day, day + timedelta(days=1)), zone)
    begins, ends = clock.span_of(day, zone)
    assert len(found) == hours
    assert found[0] == begins and found[-1] < ends
    assert list(found) == sorted(found)


def test_the_hour_that_the_clock_shows_twice_is_two_hours(lake_folder, db):
    """posthog#31775: at the end of summer time one cell held two hours."""
    shop = a_shop(zone=ZONE)
    remember(shop, [page(f"2026-10-25T0{hour}:{half}0", "ann") for hour in range(3) for half in range(3 - hour)])
    remember(shop, *(bought(f"T{n}", f"2026-10-25T00:{n}0", line("tea", 1, 100)) for n in range(2)))
    day = Period(date(2026, 10, 25), date(2026, 10, 26))

    answer = queries.query("acme", ["pv", "orders_paid"], day, by=Cut.HOUR, at=utc("2026-10-25T01:45"))

    assert [row.of("pv").value for row in answer.rows[:4]] == [0, 3, 2, 1]
    assert [row.of("orders_paid").value for row in answer.rows[:4]] == [0, 2, 0, 0]
    assert [f"{row.key:%H:%M %z}" for row in answer.rows[1:3]] == ["01:00 +0100", "01:00 +0000"]
    assert [row.is_complete for row in answer.rows[:4]] == [True, True, False, False]


def test_a_cut_is_answered_by_the_cheapest_table_and_the_answer_says_which(lake_folder, db):
    shop = a_shop()
    remember(
        shop, viewed("2026-05-01T01:00", "ann"), bought("T1", "2026-05-01T03:00", line("tea", 1, 1000), person="ann")
    )
    may = Period(date(2026, 5, 1), date(2026, 5, 8))

    def read(keys, **asked):
        sources = queries.query("acme", keys, may, at=AFTER, **asked).sources
        return {one.table for one in sources}

    assert read(["gmv_paid", "uv"], by=Cut.REGION) == {"orders", "visits"}
    assert read(["goods_paid"], by=Cut.SKU) == {"sku_days"}
    assert read(["goods_paid"], by=Cut.SKU, then=Cut.CAMPAIGN) == {"order_lines"}
    assert read(["uv"], by=Cut.HOUR) == {"sightings"}
    assert read(["add_to_cart_rate"], by=Cut.SKU) == {"goods_sightings"}
    with pytest.raises(CutRefused) as refused:
        read(["gmv_paid"], by=Cut.REGION, then=Cut.SKU)
    assert refused.value.reason == Lack.ORDERS_WITHOUT_GOODS


def test_goods_are_the_same_from_every_table(lake_folder, db):
    shop = a_shop()
    goods = [line("tea", 2, 2000, "leaf"), line("cup", 1, 700, "ware")]
    remember(shop, bought("T1", "2026-05-01T03:00", *goods, person="ann", campaign="spring"))
    may = Period(date(2026, 5, 1), date(2026, 5, 8))

    plain = queries.query("acme", ["goods_paid", "units"], may, by=Cut.SKU, at=AFTER)
    split = queries.query("acme", ["goods_paid", "units"], may, by=Cut.SKU, then=Cut.CAMPAIGN, at=AFTER)

    assert plain.rows == split.rows
    assert [(row.key, row.then, row.of("units").value) for row in split.pairs] == [
        ("tea", "spring", 2),
        ("cup", "spring", 1),
    ]


def test_segments_overlap_and_the_whole_is_everybody(lake_folder, db):
    shop = a_shop()
    remember(shop, [page(f"2026-05-0{day}T01:00", who) for who in ("ann", "bob", "cid") for day in (1, 2)])
    crowds = [
        Crowd(name="early", sql=numbers_of("acme", ["ann", "bob"])),
        Crowd(name="late", sql=numbers_of("acme", ["bob", "dan"])),
    ]
    may = Period(date(2026, 5, 1), date(2026, 5, 3))
    asked = {"crowds": crowds, "at": AFTER}

    alone = queries.query("acme", ["uv", "pv"], may, by=Cut.SEGMENT, **asked)
    by_day = queries.query("acme", ["uv"], may, by=Cut.DAY, then=Cut.SEGMENT, **asked)
    only = queries.query("acme", ["uv"], may, by=Cut.DAY, only=crowds[1], at=AFTER)

    assert [(row.key, row.of("uv").value, row.of("pv").value) for row in alone.rows] == [
        ("early", 2, 4),
        ("late", 1, 2),
    ]
    assert alone.whole.of("uv").value == 3
    assert [(row.key.day, row.then, row.of("uv").value) for row in by_day.pairs] == [
        (1, "early", 2),
        (1, "late", 1),
        (2, "early", 2),
        (2, "late", 1),
    ]
    assert [row.of("uv").value for row in only.rows] == [1, 1]


def test_what_is_approximate_says_so_and_comes_near(lake_folder, db):
    shop = a_shop()
    remember(shop, [page("2026-05-01T01:00", f"p{n}") for n in range(1_000)])
    day = Period(date(2026, 5, 1), date(2026, 5, 2))

    figures = queries.query("acme", ["uv", "pv"], day, at=AFTER, is_approximate=True).whole
    exact = queries.query("acme", ["uv", "pv"], day, at=AFTER).whole

    assert figures.of("uv").is_approximate and not figures.of("pv").is_approximate
    assert abs(figures.of("uv").numerator - 1_000) < 100
    assert exact.of("uv").numerator == 1_000 and not exact.of("uv").is_approximate


@pytest.mark.parametrize(
    ("step", "first", "next_one"),
    [
        (Step.QUARTER, date(2026, 10, 1), date(2027, 1, 1)),
        (Step.YEAR, date(2026, 1, 1), date(2027, 1, 1)),
        (Step.WEEK, date(2026, 11, 16), date(2026, 11, 23)),
    ],
)
def test_a_cell_begins_with_its_calendar_and_ends_with_the_next(step, first, next_one):
    assert cell_of(date(2026, 11, 22), step) == first
    assert after(first, step) == next_one


def test_a_rate_is_a_rate_of_its_cell_not_a_mean_of_others(lake_folder, db):
    shop = a_shop()
    remember(
        shop,
        [page("2026-05-01T01:00", who, region="north") for who in ("ann", "bob", "cid")],
        page("2026-05-01T01:00", "dan", region="south"),
        bought("T1", "2026-05-01T03:00", line("tea", 1, 1000), person="dan", region="south"),
    )
    answer = queries.query(
        "acme", ["cvr_paid_visitor"], Period(date(2026, 5, 1), date(2026, 5, 2)), by=Cut.REGION, then=Cut.DAY, at=AFTER
    )
    assert answer.whole.of("cvr_paid_visitor").value == Decimal("0.25")
    assert {row.key: row.of("cvr_paid_visitor").value for row in answer.pairs} == {"north": 0, "south": 1}
