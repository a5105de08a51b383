"""From a number to its orders, to their facts, to what led there."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID

import pytest
from django.db import transaction

from tests.doors.console.conftest import WEEK
from tests.doors.console.test_cockpit import text_of
from tests.insight.metrics.events import a_shop, an_event, bought, line, listed, page, paid, remember, utc
from zhanggui.base.operation.rules import customer, partner
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts import shop as facts
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


def numbers_of(response) -> list[str]:
    return re.findall(r'href="/console/orders/([^"/]+)/\?', response.content.decode())


def rows_of(response) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


@pytest.mark.parametrize(
    ("number", "orders", "figure"),
    [
        ("gmv_paid", ["T2", "T5", "T3", "T1"], "CN¥75.00"),
        ("gmv_placed", ["T2", "T4", "T5", "T3", "T1"], "CN¥79.00"),
        ("refund_amount", ["T9"], "CN¥50.00"),
        ("gmv_net", ["T2", "T9", "T5", "T3", "T1"], "CN¥25.00"),
        ("buyers", ["T2", "T3", "T1"], "2"),
        ("new_buyers", ["T3"], "1"),
        ("returning_buyers", ["T2", "T1"], "1"),
        ("repurchase_rate", ["T2", "T1"], "50.0%"),
        ("uv", ["T2", "T5", "T3", "T1"], "4"),  # no orders stand behind it: the paid ones are shown
    ],
)
def test_the_orders_behind_a_number(acme, owner, number, orders, figure):
    page = owner.get(f"/console/orders/?{WEEK}&number={number}")

    assert numbers_of(page) == orders
    assert f'<p class="sum-figure">{figure}</p>' in page.content.decode()


def test_sums_stand_below_the_orders(acme, owner):
    said = text_of(owner.get(f"/console/orders/?{WEEK}&number=gmv_net"))

    assert "All orders 7 CN¥75.00 CN¥70.00 CN¥50.00" in said


@pytest.mark.parametrize(
    ("asked", "orders"),
    [
        ("sort=paid&dir=desc", ["T1", "T2", "T3", "T5"]),
        ("sort=paid&dir=asc", ["T5", "T3", "T2", "T1"]),
        ("sort=order&dir=asc", ["T1", "T2", "T3", "T5"]),
        ("sort=region&dir=asc", ["T1", "T2", "T3", "T5"]),
        ("sort=refunded&dir=asc", ["T1", "T3", "T5", "T2"]),  # not a column of this table: by time
        ("sort=;drop&dir=x", ["T2", "T5", "T3", "T1"]),
    ],
)
def test_orders_are_sorted_as_the_address_says(acme, owner, asked, orders):
    assert numbers_of(owner.get(f"/console/orders/?{WEEK}&number=gmv_paid&{asked}")) == orders


@pytest.mark.parametrize(
    ("filters", "orders", "goods"),
    [
        ("region=south", ["T5", "T3"], "CN¥20.00"),
        ("sku=cup", ["T3", "T1"], "CN¥22.00"),
        ("category=leaf&device=phone", ["T2", "T1"], "CN¥40.00"),
        ("sku=nothing", [], "CN¥0.00"),
    ],
)
def test_filters_go_along(acme, owner, filters, orders, goods):
    page = owner.get(f"/console/orders/?{WEEK}&number=goods_paid&{filters}")

    assert numbers_of(page) == orders
    assert f'<p class="sum-figure">{goods}</p>' in page.content.decode()


def test_a_number_that_a_product_filter_rules_out_still_shows_the_orders(acme, owner):
    page = owner.get(f"/console/orders/?{WEEK}&number=gmv_paid&sku=cup")

    assert numbers_of(page) == ["T3", "T1"]
    assert '<p class="sum-figure">—</p>' in page.content.decode()


def test_many_orders_come_in_pages(acme, owner):
    remember(acme, [paid(f"N{n:03}", f"2026-05-06T01:{n % 60:02}", line("tea", 1, 100)) for n in range(120)])

    second = owner.get(f"/console/orders/?{WEEK}&number=gmv_paid&sort=order&dir=asc&page=2")
    beyond = owner.get(f"/console/orders/?{WEEK}&number=gmv_paid&page=99")

    assert numbers_of(second) == [f"N{n:03}" for n in range(50, 100)]
    assert "124 orders · 51 to 100 are shown" in text_of(second)
    assert "Page 2 of 3" in text_of(second)
    assert numbers_of(beyond) == []


def test_the_file_holds_exactly_what_is_seen(acme, owner):
    answer = owner.get(f"/console/orders.csv?{WEEK}&number=gmv_net&sort=order&dir=asc")

    assert answer.headers["Content-Disposition"] == ('attachment; filename="gmv_net-acme-2026-05-01-2026-05-07.csv"')
    assert rows_of(answer) == [
        ["Order", "Time", "Region", "Pieces", "Paid", "Goods paid", "Refunded"],
        ["T1", "2026-05-01 11:05:00+08:00", "north", "3", "35.00", "30.00", "0.00"],
        ["T2", "2026-05-07 23:59:00+08:00", "north", "2", "20.00", "20.00", "0.00"],
        ["T3", "2026-05-02 10:00:00+08:00", "south", "1", "12.00", "12.00", "0.00"],
        ["T5", "2026-05-02 13:00:00+08:00", "south", "1", "8.00", "8.00", "0.00"],
        ["T9", "2026-05-03 13:00:00+08:00", "south", "0", "0.00", "0.00", "50.00"],
    ]


def test_no_cell_of_the_file_is_a_formula(acme, owner):
    remember(acme, paid("=1+1", "2026-05-04T01:00", line("tea", 1, 100), person="x", region=" @SUM(A1)"))

    rows = rows_of(owner.get(f"/console/orders.csv?{WEEK}&number=gmv_paid"))

    assert ["'=1+1", "' @SUM(A1)"] in [[row[0], row[2]] for row in rows]


def test_an_order_shows_all_that_happened_to_it(acme, owner):
    said = text_of(owner.get("/console/orders/T9/?shop=acme"))

    assert said.index("Order placed") < said.index("Payment settled") < said.index("3 days later")
    assert said.index("3 days later") < said.index("Refund settled CN¥50.00")
    assert owner.get("/console/orders/T99/?shop=acme").status_code == 404


def test_an_order_of_a_minute_ago_is_shown_before_the_relay_took_it(acme, owner):
    fact = _place("Z1", cause=None)

    said = text_of(owner.get("/console/orders/Z1/?shop=acme"))

    assert "Order placed CN¥25.80" in said
    assert f"/console/facts/{fact}/" in owner.get("/console/orders/Z1/?shop=acme").content.decode()


def test_a_fact_shows_its_causes_back_to_the_page_view(acme, owner):
    view = page("2026-05-07T03:00", "ann", channel="email")
    look = an_event("Product Viewed", "2026-05-07T03:00:20", person="ann", sku="tea", cause=view.id)
    remember(acme, view, look, listed("tea", "2026-04-01T00:00", "龙井", "Longjing"))
    settled = _pay("Z1", cause=_place("Z1", cause=look.id))

    answer = owner.get(f"/console/facts/{settled}/?shop=acme")

    said = text_of(answer)
    steps = ["Page viewed", "20 seconds later", "Product viewed", "Order placed", "Payment settled"]
    places = [said.index(step, said.index("Each step was caused")) for step in steps]
    assert places == sorted(places)
    assert "Longjing tea 2 CN¥25.80" in said
    assert '"order_number": "Z1"' in answer.content.decode().replace("&quot;", '"')
    assert "not in the lake yet" not in said


def test_a_chain_that_is_not_whole_yet_says_so(acme, owner):
    placed = _place("Z1", cause=UUID("019de0f1-3f40-720f-b3c2-ee7ef76f15b0"))

    assert "What came before the first step is not in the lake yet." in text_of(
        owner.get(f"/console/facts/{placed}/?shop=acme")
    )


def test_a_fact_of_another_shop_is_not_found(acme, owner):
    a_shop("other")
    placed = _place("Z1", cause=None)

    assert owner.get(f"/console/facts/{placed}/?shop=other").status_code == 404


def test_nobody_is_named_on_a_page(acme, owner):
    placed = _place("Z1", cause=None, customer_id="0192aaaa-bbbb-7ccc-8ddd-eeeeffff1234")

    said = text_of(owner.get(f"/console/facts/{placed}/?shop=acme"))

    assert "Shopper …ff1234" in said
    assert said.count("0192aaaa-bbbb-7ccc-8ddd-eeeeffff1234") == 1  # as it was told


def test_how_often_postgresql_is_asked(acme, owner, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        owner.get(f"/console/orders/?{WEEK}&number=gmv_paid")
    with django_assert_max_num_queries(12):
        owner.get("/console/orders/T1/?shop=acme")


def test_an_old_order_of_an_imported_shop_is_found_by_the_start_of_its_number(owner, lake_folder):
    shop = a_shop("uci", zone="Europe/London", currency="GBP", own=False)
    remember(shop, bought("536365", "2010-12-01T08:26", line("85123A", 6, 1530), shop="uci", currency="GBP"))

    assert numbers_of(owner.get("/console/search/?shop=uci&q=5363")) == ["536365"]
    assert "Order placed £15.30" in text_of(owner.get("/console/orders/536365/?shop=uci"))


def _place(number: str, *, cause: UUID | None, customer_id: str = "ann") -> UUID:
    goods = (Line(sku="tea", quantity=2, amount_minor=2580),)
    told = facts.OrderPlaced(
        order_number=number, customer_id=customer_id, lines=goods, goods_minor=2580, amount_minor=2580, currency="CNY"
    )
    with transaction.atomic():
        trail = Trail(shop="acme", person=customer_id, cause=cause)
        return record(told, by=customer(customer_id), trail=trail, at=utc("2026-05-07T03:01"))


def _pay(number: str, *, cause: UUID) -> UUID:
    goods = (Line(sku="tea", quantity=2, amount_minor=2580),)
    told = facts.PaymentSettled(
        order_number=number, payment_id="p1", provider="sandbox", lines=goods, amount_minor=2580, currency="CNY"
    )
    with transaction.atomic():
        trail = Trail(shop="acme", person="ann", cause=cause)
        return record(told, by=partner("sandbox"), trail=trail, at=utc("2026-05-07T03:02"))
