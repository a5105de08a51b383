"""Metrics that stand on more than orders and visits: presales, fake trades, delivery, returns, stock, care, risk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.insight.metrics.events import a_shop, an_event, bought, line, page, paid, placed, refunded, remember, utc
from zhanggui.base.money import Money
from zhanggui.insight.metrics import queries
from zhanggui.insight.metrics.rules import EVERYTHING, METRICS, Cut, Filters, Period
from zhanggui.spine.facts import registry, vocabulary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
LATER = utc("2026-08-01T04:00")
DEPOSIT = line("presale-deposit", 1, 5000)


def asked(*keys: str, period: Period = MAY, at: str = "2026-08-01T04:00", **how):
    queries.forget_all()
    return queries.query("acme", keys, period, at=utc(at), **how)


def value(key: str, **how):
    return asked(key, **how).whole.of(key).value


def presale(balance_at: str = "2026-05-20T04:00"):
    """A deposit of 50 in May's first days, and its balance of 150 with 10 postage on the twentieth."""
    told = {"subject": "reservation:r1", "person": "ann", "sku": "pot"}
    return [
        placed("D1", "2026-05-02T04:00", DEPOSIT, person="ann"),
        paid("D1", "2026-05-02T04:01", DEPOSIT, person="ann"),
        an_event("growth.deposit_paid", "2026-05-02T04:01", order_number="D1", amount_minor=5000, **told),
        placed("B1", balance_at, line("pot", 1, 15000, "ware"), postage_minor=1000, person="ann"),
        paid("B1", balance_at, line("pot", 1, 15000, "ware"), postage_minor=1000, person="ann"),
        an_event(
            "growth.balance_paid",
            balance_at,
            order_number="B1",
            amount_minor=15000,
            body={"deposit_minor": 5000},
            **told,
        ),
    ]


def test_a_presale_counts_on_the_day_its_balance_is_paid_with_its_deposit():
    shop = a_shop()
    remember(shop, presale())

    answer = asked("gmv_paid", "orders_paid", "orders_placed", "goods_paid", "balance_paid_rate", by=Cut.DAY)

    assert {row.key.day: row.of("gmv_paid").value.minor for row in answer.rows if row.of("gmv_paid").numerator} == {
        20: 21000
    }
    assert [answer.whole.of(key).value for key in ("orders_paid", "orders_placed")] == [1, 1]
    assert answer.whole.of("goods_paid").value == Money(20000, "CNY")
    assert answer.whole.of("balance_paid_rate").value == 1
    by_sku = asked("goods_paid", by=Cut.SKU)
    assert [(row.key, row.of("goods_paid").value.minor) for row in by_sku.rows] == [("pot", 20000)]


def difference(name: str, at: str, **said: object):
    """The 20 that an exchange of order T1 costs more, in facts of the order that asks for them."""
    lines = (line("pot", 1, 2000, "ware"),) if name != "refunded" else ()
    body = {"difference_of": "T1", **said}
    known = {"order_number": "X1", "person": "ann", "amount_minor": 2000, "currency": "CNY"}
    return an_event(f"shop.difference_{name}", at, lines=lines, body=body, **known)


def test_the_difference_of_an_exchange_is_money_of_its_order_and_neither_an_order_nor_a_piece():
    shop = a_shop()
    remember(
        shop,
        bought("T1", "2026-05-02T04:00", line("cup", 2, 8000, "ware"), person="ann"),
        an_event("shop.parcel_delivered", "2026-05-03T04:00", order_number="T1", person="ann"),
        difference("placed", "2026-05-08T03:00"),
        difference("expired", "2026-05-08T03:30"),
        difference("cancelled", "2026-05-08T03:40"),
        difference("placed", "2026-05-08T04:00"),
        difference("settled", "2026-05-08T04:01"),
        difference("refunded", "2026-05-20T04:00"),
        refunded("T1", "2026-05-20T04:00", line("cup", 1, 4000, "ware"), person="ann"),
    )
    money = ("gmv_paid", "goods_paid", "refund_amount", "gmv_net", "gmv_net_cohort", "gmv_placed", "aov")
    answer = asked(*money, "orders_paid", "orders_placed", "units", "refund_rate")
    assert [answer.whole.of(key).value.minor for key in money] == [10000, 10000, 6000, 4000, 4000, 8000, 10000]
    counts = ("orders_paid", "orders_placed", "units", "refund_rate")
    assert [answer.whole.of(key).value for key in counts] == [1, 1, 2, 1]
    assert value("fulfilment_hours_p50") == 24
    by_sku = asked("goods_paid", by=Cut.SKU)
    assert {row.key: row.of("goods_paid").value.minor for row in by_sku.rows} == {"cup": 8000, "pot": 2000}
    for where in (EVERYTHING, Filters(sku=("cup", "pot"))):
        wanted = queries.Asked(shop="acme", evidence=METRICS["gmv_paid"].evidence, period=MAY, where=where)
        page = queries.orders_page(wanted, limit=9)
        assert [(one.order_number, one.units, one.goods.minor) for one in page.lines] == [("T1", 2, 10000)]


def test_a_deposit_that_is_never_finished_is_no_trade_and_its_return_no_refund():
    shop = a_shop()
    remember(
        shop,
        presale()[:3],
        refunded("D1", "2026-05-25T04:00", DEPOSIT, person="ann", body={"reason": "seller_cancelled"}),
    )
    answer = asked("gmv_paid", "gmv_net", "gmv_net_cohort", "refund_amount", "orders_paid", "balance_paid_rate")

    assert [answer.whole.of(key).numerator for key in ("gmv_paid", "gmv_net", "refund_amount", "orders_paid")] == [
        0
    ] * 4
    assert answer.whole.of("gmv_net_cohort").numerator == 0
    assert answer.whole.of("balance_paid_rate").value == 0


def test_a_deposit_goes_back_with_its_finished_order_in_both_views_of_net():
    shop = a_shop()
    remember(
        shop,
        presale(),
        refunded("B1", "2026-06-05T04:00", line("pot", 1, 15000, "ware"), postage_minor=1000, person="ann"),
        refunded("D1", "2026-06-05T04:00", DEPOSIT, person="ann", body={"reason": "order_refunded"}),
    )
    june = Period(date(2026, 6, 1), date(2026, 7, 1))

    assert value("gmv_net") == Money(21000, "CNY")
    assert value("gmv_net", period=june) == Money(-21000, "CNY")
    assert value("gmv_net_cohort") == Money(0, "CNY")
    assert value("gmv_net_cohort", period=june) == Money(0, "CNY")


def test_what_is_marked_as_fake_later_is_left_out_of_the_day_it_was_paid():
    shop = a_shop()
    remember(
        shop,
        bought("T1", "2026-05-02T04:00", line("tea", 1, 1000), person="ann"),
        bought("T2", "2026-05-02T04:00", line("tea", 1, 400), person="bob"),
        an_event("guard.order_marked_fake", "2026-07-02T04:00", order_number="T2"),
    )
    assert value("gmv_paid") == Money(1400, "CNY")
    assert value("gmv_quality") == Money(1000, "CNY")
    behind = queries.orders_page(
        queries.Asked(shop="acme", evidence=METRICS["gmv_quality"].evidence, period=MAY), limit=9
    )
    assert [one.order_number for one in behind.lines] == ["T1"]


def test_delivery_is_counted_from_payment_by_parcel_without_presales():
    shop = a_shop()
    hours = {"T1": "2026-05-03T04:00", "T2": "2026-05-03T16:00", "T3": "2026-05-05T04:00", "B1": "2026-05-30T04:00"}
    remember(
        shop,
        *(bought(number, "2026-05-02T04:00", line("tea", 1, 1000)) for number in ("T1", "T2", "T3")),
        presale(),
        [an_event("shop.parcel_delivered", at, order_number=number) for number, at in hours.items()],
    )
    assert value("fulfilment_hours_p50") == 36
    assert value("fulfilment_hours_p90") == 72
    assert value("fulfilment_in_promise") == Decimal("0.666667")


def test_returns_of_a_cohort_wait_until_it_is_thirty_days_old():
    shop = a_shop()
    remember(
        shop,
        bought("T1", "2026-05-02T04:00", line("tea", 4, 1000)),
        bought("T2", "2026-05-20T04:00", line("tea", 2, 1000)),
        an_event("shop.parcel_shipped", "2026-05-03T04:00", order_number="T1", lines=(line("tea", 4, 0),)),
        an_event("shop.parcel_shipped", "2026-05-21T04:00", order_number="T2", lines=(line("tea", 2, 0),)),
        an_event("shop.return_received", "2026-05-10T04:00", order_number="T1", lines=(line("tea", 1, 0),)),
        an_event("shop.return_received", "2026-06-09T04:00", order_number="T1", lines=(line("tea", 1, 0),)),
        an_event("shop.return_received", "2026-06-01T04:00", order_number="T2", lines=(line("tea", 1, 0),)),
    )
    assert value("return_rate", at="2026-06-10T04:00") == Decimal("0.25")
    assert value("return_rate") == Decimal("0.333333")
    assert value("return_rate_by_date") == Decimal("0.166667")


def test_stock_turns_as_the_textbook_says():
    """Oracles: cost of goods 200,000 over an average stock of 40,000 -> turnover 5, 73 days."""
    shop = a_shop()
    year = Period(date(2025, 1, 1), date(2026, 1, 1))
    remember(
        shop,
        an_event("shop.product_listed", "2024-12-31T04:00", sku="tea"),
        an_event("supply.stock_received", "2024-12-31T04:00", sku="tea", quantity=400, amount_minor=4_000_000),
        bought("T1", "2025-06-01T04:00", line("tea", 2000, 5_000_000)),
    )
    answer = asked("inventory_turnover", "inventory_days", "gross_margin_rate", "stockout_rate", period=year)

    assert answer.whole.of("inventory_turnover").value == 5
    assert answer.whole.of("inventory_days").value == 73
    assert answer.whole.of("gross_margin_rate").value == Decimal("-3")
    assert answer.whole.of("stockout_rate").value == 0


def test_a_day_that_ends_without_free_pieces_is_a_day_out_of_stock():
    shop = a_shop()
    week = Period(date(2026, 5, 1), date(2026, 5, 8))
    remember(
        shop,
        [an_event("shop.product_listed", "2026-04-30T04:00", sku=sku) for sku in ("tea", "cup", "ghost")],
        [an_event("supply.stock_received", "2026-04-30T05:00", sku=sku, quantity=2) for sku in ("tea", "cup")],
        an_event("supply.stock_held", "2026-05-03T05:00", lines=(line("tea", 2, 0),)),
        an_event("supply.stock_shipped", "2026-05-04T05:00", lines=(line("tea", 2, 0),)),
        an_event("supply.stock_received", "2026-05-06T05:00", sku="tea", quantity=1),
        an_event("shop.product_delisted", "2026-05-07T05:00", sku="cup"),
    )
    answer = asked("stockout_rate", period=week, by=Cut.SKU)

    assert {
        row.key: (row.of("stockout_rate").numerator, row.of("stockout_rate").denominator) for row in answer.rows
    } == {
        "tea": (3, 7),
        "cup": (0, 6),
    }


def test_members_are_those_registered_before_a_cell_ends():
    shop = a_shop()
    remember(
        shop,
        [
            an_event("shop.customer_registered", f"2026-05-0{day}T04:00", person=who)
            for day, who in ((1, "ann"), (3, "bob"))
        ],
        page("2026-05-01T05:00", "ann"),
        page("2026-05-03T05:00", "ann"),
        bought("T1", "2026-05-02T04:00", line("tea", 1, 1000), person="bob"),
        bought("T2", "2026-05-04T04:00", line("tea", 1, 3000), person="bob"),
    )
    days = Period(date(2026, 5, 1), date(2026, 5, 5))
    answer = asked("member_active_rate", "member_gmv_share", "new_users", period=days, by=Cut.DAY)

    rates = [(f.numerator, f.denominator) for row in answer.rows for f in (row.of("member_active_rate"),)]
    assert rates == [(1, 1), (0, 1), (1, 2), (1, 2)]
    assert answer.whole.of("member_active_rate").value == 1
    assert answer.whole.of("member_gmv_share").value == Decimal("0.75")
    assert answer.whole.of("new_users").value == 2


def test_talks_are_timed_from_their_opening():
    shop = a_shop()
    talk = [{"subject": f"conversation:{n}"} for n in range(3)]
    remember(
        shop,
        [an_event("care.conversation_opened", "2026-05-01T04:00", **one) for one in talk],
        [an_event("care.first_reply_sent", f"2026-05-01T04:0{n}", **one) for n, one in enumerate(talk)],
        an_event("care.conversation_resolved", "2026-05-02T04:00", **talk[0]),
        [an_event("care.conversation_rated", "2026-05-02T04:00", body={"score": n}) for n in (5, 4, 3)],
        [an_event("care.recommendation_scored", "2026-05-02T04:00", body={"score": n}) for n in (10, 9, 7, 2)],
    )
    assert value("first_response_s") == 60
    assert value("first_response_s_p90") == 120
    assert value("resolution_s") == 86_400
    assert value("csat") == Decimal("0.666667")
    assert value("nps") == Decimal("0.25")


def test_requests_and_risks_are_rates_of_their_own():
    shop = a_shop()
    remember(
        shop,
        an_event(
            "guard.requests_served", "2026-05-01T04:00", quantity=100, body={"failed": 1, "slow": 10, "tolerable": 6}
        ),
        [placed(f"T{n}", "2026-05-01T04:00", line("tea", 1, 100)) for n in range(4)],
        [an_event("guard.order_held", "2026-05-01T04:01", order_number=number) for number in ("T1", "T2")],
        an_event("guard.order_cleared", "2026-05-02T04:01", order_number="T2"),
        an_event("insight.spend_recorded", "2026-05-01T04:00", amount_minor=300, channel="paid_search"),
        bought("T9", "2026-05-03T04:00", line("tea", 1, 3000)),
    )
    assert value("failure_rate") == Decimal("0.01")
    assert value("slow_rate") == Decimal("0.1")
    assert value("apdex") == Decimal("0.93")
    assert value("risk_intercept_rate") == Decimal("0.4")
    assert value("risk_false_rate") == Decimal("0.25")
    assert value("marketing_rate") == Decimal("0.1")


def test_a_click_is_counted_once_for_each_showing():
    shop = a_shop()
    products = [{"product_id": sku} for sku in ("tea", "cup", "pot", "jar")]
    shown = an_event("Product List Viewed", "2026-05-01T04:00", body={"list_id": "home", "products": products})
    click = {"sku": "tea", "cause": shown.id, "body": {"list_id": "home"}}
    remember(
        shop,
        shown,
        an_event("Product Clicked", "2026-05-01T04:01", **click),
        an_event("Product Clicked", "2026-05-01T04:02", **click),
        an_event("Promotion Viewed", "2026-05-01T04:00", body={"promotion_id": "p"}),
        an_event("Promotion Clicked", "2026-05-01T04:00", body={"promotion_id": "p"}),
    )
    assert value("ctr") == Decimal("0.4")


def test_a_metric_is_silent_until_one_of_its_facts_is_told():
    shop = a_shop()
    remember(shop, page("2026-05-01T04:00", "ann"))
    assert {"csat", "return_rate", "stockout_rate", "new_users"} <= queries.silent("acme")
    assert not {"pv", "gmv_paid", "gmv_quality"} & queries.silent("acme")

    remember(shop, an_event("care.conversation_rated", "2026-05-01T04:00", body={"score": 5}))
    assert "csat" not in queries.silent("acme")


def test_facts_that_metrics_wait_for_are_told_somewhere_or_named_by_no_room_yet():
    """A fact of a room that stands must exist; care, guard and spend are told by rooms to come."""
    known = {
        entry.name
        for room in vocabulary.ROOMS
        for entry in registry.entries()
        if entry.shape.__module__ == room.__name__
    }
    wanted = {fact for one in METRICS.values() for fact in one.facts}
    assert {fact for fact in wanted - known if not fact.startswith(("care.", "guard.", "growth.spend"))} == set()


def test_an_answer_names_the_daily_tables_that_its_figures_were_counted_from():
    remember(a_shop(), presale())

    answer = asked("return_rate", "stockout_rate", "gmv_paid")

    assert {read.table: read.made_of for read in answer.sources} == {
        "shipped_cohorts": ("parcels", "orders"),
        "stock": ("stock_days", "listings", "sku_days"),
        "orders": ("orders",),
    }
    assert answer.daily_tables == ("parcels", "orders", "stock_days", "listings", "sku_days")
