"""Metrics against tables added up by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.insight.metrics.events import a_shop, a_tea_week, bought, line, paid, remember, utc
from zhanggui.base.money import Money
from zhanggui.insight.metrics import queries
from zhanggui.insight.metrics.errors import CutRefused, NoSuchMetric
from zhanggui.insight.metrics.rules import METRICS, Answer, Cut, Filters, Period

pytestmark = pytest.mark.django_db

MAY = Period(date(2026, 5, 1), date(2026, 5, 8))
APRIL = Period(date(2026, 4, 24), date(2026, 5, 1))
AFTER = utc("2026-06-01T00:00")


def values(answer: Answer) -> dict[str, object]:
    return {figure.metric: figure.value for figure in answer.whole.figures}


def by_key(answer: Answer, metric: str) -> dict[object, object]:
    return {row.key: row.of(metric).value for row in answer.rows}


@pytest.fixture
def acme(lake_folder):
    return a_tea_week()


def test_every_metric_of_the_week_is_what_the_table_says(acme):
    answer = queries.query("acme", tuple(METRICS), MAY, at=AFTER)

    assert {key: value for key, value in values(answer).items() if value is not None} == {
        "pv": 8,
        "uv": 3,
        "add_to_cart_rate": Decimal("0.500000"),
        "cvr_paid_visitor": Decimal("0.666667"),
        "cvr_order_visitor": Decimal("1.000000"),
        "orders_placed": 5,
        "orders_paid": 4,
        "gmv_placed": Money(7900, "CNY"),
        "gmv_paid": Money(7500, "CNY"),
        "goods_paid": Money(7000, "CNY"),
        "gmv_net": Money(2500, "CNY"),
        "aov": Money(1875, "CNY"),
        "arppu": Money(3750, "CNY"),
        "buyers": 2,
        "new_buyers": 1,
        "returning_buyers": 1,
        "gmv_new": Money(1200, "CNY"),
        "gmv_returning": Money(5500, "CNY"),
        "repurchase_rate": Decimal("0.500000"),
        "refund_amount": Money(5000, "CNY"),
        "refund_rate": Decimal("0.250000"),
        "units": 7,
        "sessions": 6,
        "organic_share": Decimal(0),
        "cvr_order_session": Decimal(0),
        "uv_value": Money(2500, "CNY"),
        "arpu": Money(2500, "CNY"),
        "gmv_quality": Money(7500, "CNY"),
        "gmv_net_cohort": Money(7500, "CNY"),
        "spend": Money(0, "CNY"),
        "marketing_rate": Decimal(0),
        "cac": Money(0, "CNY"),
        "ncac": Money(0, "CNY"),
        "mer_spend": Decimal(0),
        "member_gmv_share": Decimal(0),
        "new_users": 0,
        "refund_amount_rate": Decimal("0.666667"),
        "risk_intercept_rate": Decimal(0),
        "risk_false_rate": Decimal(0),
    }
    assert answer.whole.is_complete


def test_daily_visitors_do_not_add_up_to_the_week(acme):
    answer = queries.query("acme", ["uv", "pv"], MAY, by=Cut.DAY, at=AFTER)

    daily = by_key(answer, "uv")
    assert daily == {
        date(2026, 5, 1): 3,
        date(2026, 5, 2): 2,
        date(2026, 5, 3): 0,
        date(2026, 5, 4): 0,
        date(2026, 5, 5): 0,
        date(2026, 5, 6): 0,
        date(2026, 5, 7): 0,
    }
    assert answer.whole.of("uv").value == 3
    assert sum(by_key(answer, "pv").values()) == answer.whole.of("pv").value == 8


def test_an_order_of_the_last_minute_belongs_to_the_shops_own_day(acme):
    """15:59 in London is 23:59 in Shanghai."""
    daily = by_key(queries.query("acme", ["gmv_paid"], MAY, by=Cut.DAY, at=AFTER), "gmv_paid")

    assert daily[date(2026, 5, 7)] == Money(2000, "CNY")
    assert daily[date(2026, 5, 1)] == Money(3500, "CNY")


def test_a_refund_counts_on_its_own_day_and_not_on_the_orders(acme):
    april = queries.query("acme", ["gmv_net", "refund_amount"], APRIL, at=AFTER)
    daily = queries.query("acme", ["gmv_net", "refund_amount"], MAY, by=Cut.DAY, at=AFTER)

    assert values(april) == {"gmv_net": Money(6000, "CNY"), "refund_amount": Money(0, "CNY")}
    assert by_key(daily, "gmv_net")[date(2026, 5, 3)] == Money(-5000, "CNY")


def test_an_order_of_nobody_is_an_order_but_not_a_buyer(acme):
    second = Period(date(2026, 5, 2), date(2026, 5, 3))
    answer = queries.query("acme", ["orders_paid", "buyers", "new_buyers", "returning_buyers"], second, at=AFTER)

    assert values(answer) == {"orders_paid": 2, "buyers": 1, "new_buyers": 1, "returning_buyers": 0}


def test_who_is_new_is_asked_of_each_cell_of_time(acme):
    keys = ["buyers", "new_buyers", "returning_buyers"]
    both = Period(APRIL.start, MAY.end)
    whole = queries.query("acme", keys, both, at=AFTER)
    weekly = queries.query("acme", keys, both, by=Cut.WEEK, at=AFTER)

    assert values(whole) == {"buyers": 3, "new_buyers": 3, "returning_buyers": 0}
    assert [[figure.value for figure in row.figures] for row in weekly.rows] == [
        [0, 0, 0],  # week of 20 April
        [3, 3, 0],  # week of 27 April: ann, dan, bob
        [1, 0, 1],  # week of 4 May: ann again
    ]


def test_a_person_is_in_every_region_in_which_they_bought_and_once_in_the_whole(acme):
    remember(acme, paid("T6", "2026-05-06T01:00", line("tea", 1, 100), person="ann", region="south"))

    answer = queries.query("acme", ["buyers", "gmv_paid"], MAY, by=Cut.REGION, at=AFTER)

    assert by_key(answer, "buyers") == {"south": 2, "north": 1}
    assert answer.whole.of("buyers").value == 2


def test_products_and_categories_are_counted_from_their_lines(acme):
    skus = queries.query("acme", ["goods_paid", "units"], MAY, by=Cut.SKU, at=AFTER)
    categories = queries.query("acme", ["units", "gmv_placed"], MAY, by=Cut.CATEGORY, at=AFTER)

    assert [(row.key, *(figure.value for figure in row.figures)) for row in skus.rows] == [
        ("tea", Money(4800, "CNY"), 5),
        ("cup", Money(2200, "CNY"), 2),
    ]
    assert skus.whole.of("goods_paid").value == Money(7000, "CNY")
    assert [(row.key, *(figure.value for figure in row.figures)) for row in categories.rows] == [
        ("leaf", 5, Money(5700, "CNY")),
        ("ware", 2, Money(2200, "CNY")),
    ]


def test_filters_look_at_the_same_columns_as_cuts(acme):
    south = queries.query("acme", ["gmv_paid", "uv", "new_buyers"], MAY, where=Filters(region=("south",)), at=AFTER)
    tea = queries.query("acme", ["units"], MAY, where=Filters(sku=("tea",), region=("north", "south")), at=AFTER)
    cut = queries.query("acme", ["units"], MAY, by=Cut.DEVICE, where=Filters(category=("leaf",)), at=AFTER)

    assert values(south) == {"gmv_paid": Money(2000, "CNY"), "uv": 2, "new_buyers": 1}
    assert values(tea) == {"units": 5}
    assert by_key(cut, "units") == {"phone": 4, "desktop": 1}


@pytest.mark.parametrize(
    ("metric", "asked", "cut", "reason"),
    [
        ("uv", {"by": Cut.SKU}, "sku", "visits_without_goods"),
        ("gmv_paid", {"by": Cut.SKU}, "sku", "orders_without_goods"),
        ("buyers", {"where": Filters(category=("leaf",))}, "category", "orders_without_goods"),
        ("cvr_paid_visitor", {"where": Filters(sku=("tea",)), "by": Cut.REGION}, "sku", "orders_without_goods"),
    ],
)
def test_a_cut_that_no_table_is_kept_by_is_refused_with_the_reason(acme, metric, asked, cut, reason):
    with pytest.raises(CutRefused) as refusal:
        queries.query("acme", [metric], MAY, at=AFTER, **asked)

    assert refusal.value.data == {"metric": metric, "cut": cut, "reason": reason}


def test_a_metric_that_nobody_defined_is_refused(acme):
    with pytest.raises(NoSuchMetric):
        queries.query("acme", ["happiness"], MAY)


def test_another_period_stands_beside(acme):
    answer = queries.query("acme", ["gmv_paid", "uv"], MAY, by=Cut.DAY, compare=APRIL, at=AFTER)

    assert answer.compared is not None
    assert [figure.value for figure in answer.compared.figures] == [Money(6000, "CNY"), 0]
    assert [row.key for row in answer.compared_rows] == [date(2026, 4, day) for day in range(24, 31)]
    assert answer.compared_rows[4].of("gmv_paid").value == Money(1000, "CNY")


def test_a_running_period_is_held_against_the_same_hours(acme):
    """On 2 May at 11:04 and 11:06 in Shanghai; on 1 May the only payment came at 11:05."""
    second, first = Period(date(2026, 5, 2), date(2026, 5, 3)), Period(date(2026, 5, 1), date(2026, 5, 2))
    keys = ["gmv_paid", "uv", "pv"]

    early = queries.query("acme", keys, second, compare=first, by=Cut.DAY, at=utc("2026-05-02T03:04"))
    late = queries.query("acme", keys, second, compare=first, at=utc("2026-05-02T03:06"))

    assert not early.whole.is_complete
    assert not early.rows[0].is_complete
    assert {figure.metric: figure.value for figure in early.compared.figures} == {"gmv_paid": Money(0, "CNY"), "uv": 3}
    assert early.compared_rows[0].of("gmv_paid").value == Money(3500, "CNY")
    assert late.compared.of("gmv_paid").value == Money(3500, "CNY")


def test_cells_that_are_cut_short_or_not_over_are_marked(acme):
    weekly = queries.query("acme", ["pv"], MAY, by=Cut.WEEK, at=AFTER)
    running = queries.query("acme", ["pv"], MAY, by=Cut.DAY, at=utc("2026-05-03T12:00"))

    assert [(row.key, row.is_complete) for row in weekly.rows] == [
        (date(2026, 4, 27), False),
        (date(2026, 5, 4), False),
    ]
    assert [row.is_complete for row in running.rows] == [True, True, False, False, False, False, False]


def test_a_day_of_23_hours_holds_what_happened_in_them(lake_folder):
    """London's clocks went forward on 29 March 2026: 23:30Z is already the next day, 00:30Z still this one."""
    shop = a_shop("london", zone="Europe/London", currency="GBP")
    remember(
        shop,
        bought("A", "2026-03-28T23:30", line("x", 1, 100), shop="london", person="p"),
        bought("B", "2026-03-29T00:30", line("x", 1, 200), shop="london", person="p"),
        bought("C", "2026-03-29T22:59", line("x", 1, 400), shop="london", person="p"),
        bought("D", "2026-03-29T23:30", line("x", 1, 800), shop="london", person="p"),
    )

    answer = queries.query("london", ["gmv_paid"], Period(date(2026, 3, 28), date(2026, 3, 31)), by=Cut.DAY, at=AFTER)

    assert [row.figures[0].value for row in answer.rows] == [Money(n, "GBP") for n in (100, 600, 800)]


def test_an_empty_shop_has_zeros_and_no_rates(lake_folder):
    a_shop("empty")

    answer = queries.query("empty", ["gmv_paid", "uv", "aov", "cvr_paid_visitor"], MAY, by=Cut.REGION, at=AFTER)

    assert values(answer) == {"gmv_paid": Money(0, "CNY"), "uv": 0, "aov": None, "cvr_paid_visitor": None}
    assert answer.rows == ()


def test_a_limit_keeps_the_largest_and_says_how_many_there_are(acme):
    answer = queries.query("acme", ["units"], MAY, by=Cut.SKU, limit=1, at=AFTER)

    assert [row.key for row in answer.rows] == ["tea"]
    assert answer.row_count == 2


def test_an_answer_is_kept_until_the_tables_change(acme):
    first = queries.query("acme", ["orders_paid"], MAY, at=AFTER)
    again = queries.query("acme", ["orders_paid"], MAY, at=AFTER)
    remember(acme, paid("T7", "2026-05-05T01:00", line("tea", 1, 100), person="eve"))
    later = queries.query("acme", ["orders_paid"], MAY, at=AFTER)

    assert first is again
    assert (first.whole.of("orders_paid").value, later.whole.of("orders_paid").value) == (4, 5)
