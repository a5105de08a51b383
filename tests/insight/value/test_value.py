"""What buyers are worth, against tables added up by hand."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, balance, bought, line, paid, refunded, remember, utc
from tests.strength import examples
from zhanggui.base.money import Money
from zhanggui.insight.goods import queries as goods
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period, Step
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention import rules as cohorts
from zhanggui.insight.value import queries
from zhanggui.insight.value.queries import scores
from zhanggui.insight.value.rules import NAMES, Band, Cell, Kind, Scale, kind_of

pytestmark = pytest.mark.tables("orders")

fresh = itertools.count()


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


@pytest.fixture
def five_buyers(lake_folder):
    """Five buyers before 1 June.

    person  paid orders  last paid on  paid      back      scores of five: recency, frequency, money
    ann     9            31 May        900.00              4  5  5
    bob     2            31 May        100.00     60.00    4  4  2
    cid     1            1 May         40.00               1  1  2
    dan     1            20 May        300.00              3  1  4
    eve     1            10 May        10.00               2  1  1
    """
    shop = a_shop()
    remember(
        shop,
        [paid(f"A{n}", f"2026-05-{23 + n}T01:00", line("x", 1, 10000), person="ann") for n in range(9)],
        paid("B1", "2026-05-02T01:00", line("x", 1, 5000), person="bob"),
        paid("B2", "2026-05-31T01:00", line("x", 1, 5000), person="bob"),
        refunded("B1", "2026-05-31T02:00", line("x", 1, 6000), person="bob"),
        bought("C1", "2026-05-01T01:00", line("x", 1, 4000), person="cid"),
        bought("D1", "2026-05-20T01:00", line("x", 1, 30000), person="dan"),
        bought("E1", "2026-05-10T01:00", line("x", 1, 1000), person="eve"),
        bought("N1", "2026-05-10T01:00", line("x", 1, 7000), person=""),
        bought("L1", "2026-06-01T01:00", line("x", 1, 7000), person="late"),
        refunded("Z1", "2026-05-10T01:00", line("x", 1, 7000), person="never_paid"),
    )
    return shop


@pytest.mark.django_db
def test_equal_buyers_score_alike_and_better_ones_by_how_many_are_worse(five_buyers):
    table = queries.rfm("acme", as_of=date(2026, 6, 1))

    assert [(c.recency, c.frequency, c.money, c.people, c.amount) for c in table.cells] == [
        (4, 5, 5, 1, cny(90000)),  # ann: three bought longer ago
        (4, 4, 2, 1, cny(4000)),  # bob: bought on ann's day, kept as much as cid
        (3, 1, 4, 1, cny(30000)),  # dan
        (2, 1, 1, 1, cny(1000)),  # eve
        (1, 1, 2, 1, cny(4000)),  # cid
    ]
    assert (table.people, table.amount) == (5, cny(129000))


@pytest.mark.django_db
def test_every_score_says_what_it_stands_for(five_buyers):
    table = queries.rfm("acme", as_of=date(2026, 6, 1))

    assert table.recency == (
        Band(score=4, people=2, least=1, most=1),
        Band(score=3, people=1, least=12, most=12),
        Band(score=2, people=1, least=22, most=22),
        Band(score=1, people=1, least=31, most=31),
    )
    assert table.frequency == (
        Band(score=5, people=1, least=9, most=9),
        Band(score=4, people=1, least=2, most=2),
        Band(score=1, people=3, least=1, most=1),
    )
    assert [(band.score, band.least, band.most) for band in table.money] == [
        (5, 90000, 90000),
        (4, 30000, 30000),
        (2, 4000, 4000),
        (1, 1000, 1000),
    ]


@pytest.mark.django_db
def test_kinds_of_buyers_hold_everybody_and_all_their_money(five_buyers):
    table = queries.rfm("acme", as_of=date(2026, 6, 1))

    people = {segment.kind: (segment.people, segment.amount.minor) for segment in table.segments() if segment.people}
    assert people == {
        Kind.CHAMPION: (1, 90000),
        Kind.REGULAR: (1, 4000),
        Kind.TO_WIN_BACK: (1, 30000),
        Kind.PASSING: (2, 5000),
    }
    assert len(table.segments()) == 8
    assert sum(table.people_at(r, f) for r in range(1, 6) for f in range(1, 6)) == 5


@pytest.mark.django_db
def test_terciles_and_a_first_day_are_other_questions(five_buyers):
    table = queries.rfm("acme", as_of=date(2026, 6, 1), since=date(2026, 5, 20), scale=Scale.TERCILES)

    assert [(c.recency, c.frequency, c.money, c.amount.minor) for c in table.cells] == [
        (2, 3, 3, 90000),
        (2, 1, 1, -1000),  # bob: only his second order and the refund lie in these days
        (1, 1, 2, 30000),
    ]


@pytest.mark.tables(
    "orders", "order_lines", "sku_days", "sku_views", "listings", "sessions", "visits", "postage", "steps"
)
@pytest.mark.django_db
def test_the_deposit_of_a_presale_is_money_of_its_order_on_every_screen(lake_folder):
    shop = a_shop()
    may = Period(date(2026, 5, 1), date(2026, 6, 1))
    remember(
        shop,
        bought("B1", "2026-05-20T01:00", line("pot", 1, 15000), person="ann", region="north"),
        balance("B1", "2026-05-20T01:00", 5000, person="ann", region="north"),
        refunded("B1", "2026-05-22T01:00", line("pot", 1, 2000), person="ann", region="north"),
    )

    net = metrics.query("acme", ["gmv_net"], may, at=utc("2026-06-02T00:00")).whole.of("gmv_net").value
    (cell,) = queries.rfm("acme", as_of=may.end).cells
    known = queries.buyers_as_of("acme", may.end)
    first_orders = cohorts.Question(
        start=may.start,
        end=may.end,
        step=cohorts.Step.MONTH,
        columns=cohorts.exact(0),
        begin=cohorts.Begin.FIRST_ORDER,
        back=cohorts.Return.ORDER,
    )
    paid_minor = retention.ask("acme", first_orders, at=utc("2026-06-02T00:00")).rows[0].cells[0].paid_minor
    (region,) = goods.assortment("acme", may).regions

    assert (net, cell.amount, known.buyers.net_minor.tolist()) == (cny(18000), cny(18000), [18000])
    assert (paid_minor, region.amount, region.orders) == (20000, cny(20000), 1)
    assert (cell.people, known.buyers.repeats.tolist()) == (1, [0])


@pytest.mark.django_db
def test_a_shop_without_buyers_has_an_empty_table(lake_folder):
    a_shop("empty")

    table = queries.rfm("empty", as_of=date(2026, 6, 1))

    assert (table.cells, table.people, table.amount) == ((), 0, cny(0))
    assert all(segment.people == 0 for segment in table.segments())


@pytest.mark.django_db
def test_new_and_returning_buyers_are_told_apart_in_each_cell(lake_folder):
    shop = a_shop()
    remember(
        shop,
        bought("A1", "2026-04-30T01:00", line("x", 1, 100), person="ann"),
        bought("A2", "2026-05-01T01:00", line("x", 1, 200), person="ann"),
        bought("B1", "2026-05-05T01:00", line("x", 1, 400), person="bob"),
        bought("B2", "2026-05-06T01:00", line("x", 1, 800), person="bob"),
        bought("N1", "2026-05-06T01:00", line("x", 1, 1600), person=""),
    )
    may = Period(date(2026, 5, 1), date(2026, 5, 11))

    weeks = queries.new_and_returning("acme", may, step=Step.WEEK, at=utc("2026-05-09T00:00"))

    assert [(w.start.day, w.new_people, w.returning_people, w.is_complete) for w in weeks] == [
        (27, 0, 1, False),
        (4, 1, 0, False),
    ]
    assert [(w.new.minor, w.returning.minor, w.unknown.minor) for w in weeks] == [(0, 200, 0), (1200, 0, 1600)]


@given(st.sampled_from(Scale), st.data())
def test_every_score_belongs_to_one_of_eight_named_kinds(scale, data):
    r, f, m = (data.draw(st.integers(1, scale.most)) for _ in range(3))

    kind = kind_of(Cell(recency=r, frequency=f, money=m, people=1, amount=cny(0)), scale)

    assert NAMES[kind].name("zh-hans").endswith("客户")
    assert (kind in {Kind.CHAMPION, Kind.TO_KEEP, Kind.TO_GROW, Kind.TO_WIN_BACK}) == (2 * m > scale.most + 1)


deals = st.lists(
    st.tuples(
        st.sampled_from([paid, refunded, balance]),
        st.integers(1, 9),
        st.integers(1, 9),
        st.sampled_from(["ann", "bob", "cid", "dan", "eve", "fay", ""]),
    ),
    max_size=30,
)


@pytest.mark.django_db
@settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=deals)
def test_scores_over_arrays_are_those_of_ranks(lake_folder, told):
    shop = a_shop(f"law-{next(fresh)}")
    remember(
        shop,
        [
            deal(
                f"O{n}",
                f"2026-05-{day:02d}T01:00",
                size * 100 if deal is balance else line("x", 1, size * 100),
                person=who,
                shop=shop.code,
            )
            for n, (deal, day, size, who) in enumerate(told)
        ],
    )
    for scale in Scale:
        for since in (None, date(2026, 5, 3)):
            asked = {"as_of": date(2026, 5, 8), "since": since, "scale": scale}
            metrics.forget_all()
            over_arrays = queries.rfm(shop.code, **asked)
            metrics.forget_all()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(scores, "ranked", lambda *_, **__: None)
                assert queries.rfm(shop.code, **asked) == over_arrays
