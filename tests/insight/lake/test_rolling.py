"""The daily tables: what they say, that they follow what was added, and that they can always be made again."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from tests.insight.lake.making import (
    DAY,
    NOON,
    VISIT,
    a_line,
    an_event,
    an_order_event,
    append,
    rows_of,
    sold,
)
from zhanggui.base import clock
from zhanggui.insight.lake import actions, queries, rules
from zhanggui.insight.lake.actions import rolling
from zhanggui.insight.lake.models import Day, RollupFile
from zhanggui.insight.lake.rules import daily
from zhanggui.spine.envelope import Envelope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


def test_the_orders_table_has_a_row_for_everything_that_happened_to_an_order() -> None:
    append(
        "b",
        sold("shop.order_placed", "A1", person="c1", amount_minor=8800),
        sold("shop.payment_settled", "A1", person="c1", amount_minor=8800),
        sold("shop.refund_settled", "A1", person="c1", lines=(a_line("cup", amount_minor=1500),), amount_minor=1500),
        an_order_event("shop.order_cancelled", "A2", amount_minor=100),
        an_order_event("shop.order_expired", "A3", amount_minor=200),
        an_order_event("shop.payment_started", "A3", amount_minor=200),
        an_event("a page"),
    )
    actions.roll()
    rows = rows_of("orders")
    assert [(r["kind"], r["order_number"], r["amount_minor"], r["goods_minor"], r["units"]) for r in rows] == [
        ("cancelled", "A2", 100, 0, 0),
        ("cancelled", "A3", 200, 0, 0),
        ("paid", "A1", 8800, 8000, 3),
        ("placed", "A1", 8800, 8000, 3),
        ("refunded", "A1", 1500, 1500, 1),
    ]
    assert rows[3] == {
        "day": DAY,
        "ts_us": clock.micros(NOON),
        "kind": "placed",
        "order_number": "A1",
        "person": "c1",
        "region": "CN-31",
        "channel": "search",
        "device": "phone",
        "campaign": "",
        "currency": "CNY",
        "amount_minor": 8800,
        "goods_minor": 8000,
        "units": 3,
    }


def test_the_sku_table_adds_up_lines_and_counts_an_order_once() -> None:
    twice_in_one = (a_line("cup", quantity=2, amount_minor=3000), a_line("cup", quantity=1, amount_minor=1500))
    append(
        "b",
        an_order_event("shop.order_placed", "A1", *twice_in_one, **VISIT),
        an_order_event("shop.order_placed", "A2", a_line("cup", amount_minor=1500), **VISIT),
        an_order_event("shop.refund_settled", "A1", a_line("cup", amount_minor=1500), **VISIT),
        an_order_event("shop.order_cancelled", "A2", **VISIT),
    )
    actions.roll()
    found = [(r["kind"], r["sku"], r["units"], r["amount_minor"], r["orders"]) for r in rows_of("sku_days")]
    assert found == [("placed", "cup", 4, 6000, 2), ("refunded", "cup", 1, 1500, 1)]


def test_lines_of_orders_are_rows_and_what_a_balance_or_an_exchange_brings_is_money_without_pieces() -> None:
    cup, deposit = a_line("cup", quantity=2, amount_minor=3000), a_line("presale-deposit", amount_minor=500)
    append(
        "b",
        an_order_event("shop.order_placed", "A1", cup, **VISIT),
        an_order_event("shop.payment_settled", "A1", cup, **VISIT),
        an_order_event("shop.payment_settled", "A2", deposit, **VISIT),
        an_order_event(
            "growth.balance_paid", "A3", cup, sku="pot", category="pots", body=b'{"deposit_minor": 500}', **VISIT
        ),
        an_order_event("shop.difference_settled", "A4", a_line("cup", quantity=1, amount_minor=700), **VISIT),
        an_order_event("shop.refund_settled", "A1", cup, **VISIT),
    )
    actions.roll()
    rows = rows_of("order_lines")
    assert sorted((r["kind"], r["sku"], r["units"], r["amount_minor"]) for r in rows) == [
        ("balance", "cup", 0, 700),
        ("balance", "pot", 0, 500),
        ("paid", "cup", 2, 3000),
        ("placed", "cup", 2, 3000),
    ]
    assert {(r["person"], r["channel"], r["ts_us"]) for r in rows} == {("v1", "search", clock.micros(NOON))}


def test_the_visits_table_counts_people_by_where_they_came_from_and_leaves_bots_out() -> None:
    later = NOON + timedelta(minutes=5)
    append(
        "b",
        an_event("1", session="s1", **VISIT),
        an_event("2", session="s2", at=later, **VISIT),
        an_event("3", session="s2", name="Product Viewed", **VISIT),
        an_event("4", session="s2", name="Product Added", **VISIT),
        an_event("5", session="s2", name="Checkout Started", **VISIT),
        an_event("6", session="s3", name="Product Clicked", **VISIT),
        an_event("7", session="s4", **VISIT | {"channel": "direct"}),
        an_event("8", session="s5", **VISIT | {"device": "bot"}),
        sold("shop.order_placed", "A1"),
    )
    actions.roll()
    found = [
        (r["channel"], r["sessions"], r["pv"], r["product_views"], r["adds"], r["checkouts"], r["first_ts_us"])
        for r in rows_of("visits")
    ]
    first = clock.micros(NOON)
    assert found == [("direct", 1, 1, 0, 0, 0, first), ("search", 2, 2, 1, 1, 1, first)]


def test_the_listings_table_keeps_the_last_words_of_the_day_about_a_sku() -> None:
    def listed(minute: int, title: str) -> Envelope:
        at = NOON + timedelta(minutes=minute)
        body = f'{{"title":"{title}","title_en":"Cup"}}'.encode()
        terms = {"sku": "cup", "category": "tea-ware", "amount_minor": 9900, "currency": "CNY"}
        return an_event(f"{minute}", at=at, name="shop.product_listed", body=body, **terms)

    append("b", listed(2, "青瓷茶杯"), listed(1, "茶杯"))
    actions.roll()
    assert rows_of("listings") == [
        {
            "day": DAY,
            "ts_us": clock.micros(NOON + timedelta(minutes=2)),
            "sku": "cup",
            "title": "青瓷茶杯",
            "title_en": "Cup",
            "category": "tea-ware",
            "amount_minor": 9900,
            "currency": "CNY",
        }
    ]


def test_a_shop_without_events_has_empty_tables_with_the_same_columns() -> None:
    names = [rollup.name for rollup in rules.ROLLUPS]
    described = {name: described_columns(name) for name in names}
    assert [name for name in names if rows_of(name)] == []
    append(
        "b",
        sold("shop.order_placed", "A1"),
        an_event(),
        an_event("l", name="shop.product_listed", sku="cup", amount_minor=1),
        an_event("c", name="shop.customer_registered"),
        an_event("v", name="Promotion Viewed"),
        an_event("p", name="Product Viewed", sku="cup"),
        an_event("s", name="Products Searched", body=b'{"query": "cup"}'),
        an_order_event("shop.parcel_shipped", "A1", a_line()),
        an_event("b", name="Blocks Viewed", page="/p/cup", body=b'{"blocks": [{"block": "top", "ms": 1}]}'),
        an_event("f", name="growth.promotion_started", body=b'{"promotion_id": "7"}'),
    )
    actions.roll()
    assert {name: described_columns(name) for name in names} == described
    assert [name for name in names if not rows_of(name)] == []


def described_columns(name: str) -> list[tuple[Any, ...]]:
    return queries.ask(f"describe select * from {queries.rollup('tea', name)}")


def test_an_event_that_came_twice_counts_once_the_copy_received_first() -> None:
    again = sold("shop.order_placed", "A1", received_at=NOON + timedelta(hours=1), region="CN-11")
    append("first", again)
    append("second", sold("shop.order_placed", "A1"))
    actions.roll()
    assert [(row["region"], row["amount_minor"]) for row in rows_of("orders")] == [("CN-31", 8000)]
    assert Day.objects.get().twins == 1


def test_a_late_event_marks_its_own_day_and_only_that_day_is_rolled() -> None:
    append("b", *(sold("shop.order_placed", f"A{n}", at=NOON + timedelta(days=n)) for n in range(3)))
    assert actions.roll() == 3
    version = queries.version("tea")
    append("late", sold("shop.order_placed", "late", at=NOON + timedelta(days=1, minutes=1)))
    assert queries.ops("tea").dirty_days == 1
    assert len(rows_of("orders")) == 3
    assert actions.roll() == 1
    assert [row["order_number"] for row in rows_of("orders")] == ["A0", "A1", "late", "A2"]
    assert queries.version("tea") == version + 1
    assert queries.ops("tea").oldest_dirty_at is None


def test_a_late_event_into_a_whole_month_gives_its_day_a_file_of_its_own() -> None:
    append("b", *(sold("shop.order_placed", f"A{n}", at=NOON + timedelta(days=n)) for n in range(9)))
    actions.roll()
    for late in range(3):
        append(f"late{late}", sold("shop.order_placed", f"late{late}", at=NOON + timedelta(days=4, minutes=late + 1)))
        actions.roll()
    files = RollupFile.objects.filter(name="orders", retired_at=None).order_by("first_day", "last_day")
    fourth = DAY + timedelta(days=4)
    assert [(file.first_day, file.last_day, file.rows) for file in files] == [
        (DAY, DAY + timedelta(days=8), 8),
        (fourth, fourth, 4),
    ]
    assert len(rows_of("orders")) == 12


def test_a_day_that_changes_while_it_is_rolled_stays_dirty() -> None:
    append("b", sold("shop.order_placed", "A1"))
    stale = rolling._stale("tea", DAY.replace(day=1), None)
    append("meanwhile", sold("shop.order_placed", "A2"))
    rolling._mark_rolled("tea", stale, {}, began_at=clock.now(), roll_ms=1)
    assert Day.objects.values_list("generation", "rolled").get() == (2, 1)
    assert actions.roll() == 1
    assert len(rows_of("orders")) == 2


def test_tables_made_by_an_older_declaration_are_all_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    append("b", *(sold("shop.order_placed", f"A{n}", at=NOON + timedelta(days=20 * n)) for n in range(3)))
    actions.roll()
    newer = rules.Rollup(
        name="orders",
        version=99,
        columns=(("day", "date"), ("order_number", "varchar"), ("is_large", "boolean")),
        sql="select day, order_number, amount_minor > 100 as is_large from events where name = 'shop.order_placed'",
    )
    monkeypatch.setattr(rolling, "ROLLUPS", (newer, rules.VISITS))
    monkeypatch.setitem(daily._BY_NAME, "orders", newer)
    assert rows_of("orders") == []
    assert actions.roll() == 3
    assert [(row["order_number"], row["is_large"]) for row in rows_of("orders")] == [
        ("A0", True),
        ("A1", True),
        ("A2", True),
    ]
    assert not RollupFile.objects.filter(retired_at=None, name="orders", version=rules.ORDERS.version).exists()
    assert actions.roll() == 0


def test_progress_is_told_month_by_month_newest_first() -> None:
    append("b", *(an_event(f"{n}", at=NOON - timedelta(days=20 * n)) for n in range(4)))
    told: list[actions.Progress] = []
    assert actions.roll("tea", progress=told.append) == 4
    assert [(one.month, one.done_days, one.all_days) for one in told] == [
        (date(2026, 11, 1), 2, 4),
        (date(2026, 10, 1), 3, 4),
        (date(2026, 9, 1), 4, 4),
    ]


def test_only_the_shop_that_was_asked_for_is_rolled() -> None:
    append("b", an_event())
    append("b", an_event(shop="pots"), shop="pots")
    assert actions.roll("pots") == 1
    assert (len(rows_of("visits", "pots")), len(rows_of("visits", "tea"))) == (1, 0)
    assert (queries.version("pots"), queries.version("tea")) == (1, 0)


def test_what_was_replaced_stays_for_queries_that_began_before() -> None:
    append("b", sold("shop.order_placed", "A1"))
    actions.roll()
    began_before = queries.rollup("tea", "orders")
    append("c", sold("shop.order_placed", "A2"))
    actions.roll()
    assert queries.ask(f"select count(*) from {began_before}") == [(1,)]
    assert len(rows_of("orders")) == 2


def test_only_the_wanted_days_are_read() -> None:
    append("b", *(sold("shop.order_placed", f"A{n}", at=NOON + timedelta(days=n)) for n in range(15)))
    actions.roll()
    wanted = queries.rollup("tea", "orders", (DAY + timedelta(days=2), DAY + timedelta(days=11)))
    assert queries.ask(f"select count(*), min(day), max(day) from {wanted}") == [
        (9, DAY + timedelta(days=2), DAY + timedelta(days=10))
    ]
    assert "2026-12" in wanted.sql
    assert queries.ask(f"select count(*) from {queries.rollup('tea', 'orders', (DAY, DAY))}") == [(0,)]


def test_a_month_that_is_over_becomes_one_file_per_table() -> None:
    for n in range(3):
        append(
            f"b{n}",
            sold("shop.order_placed", f"A{n}", at=NOON + timedelta(days=n)),
            an_event(f"{n}", at=NOON + timedelta(days=n)),
        )
        actions.roll()
    append("next month", an_event("n", at=NOON + timedelta(days=30)))
    actions.roll()
    scattered = {
        row.name
        for row in RollupFile.objects.filter(retired_at=None).exclude(name=rules.NUMBERS)
        if row.first_day < date(2026, 12, 1) and len(rows_of(row.name)) > 1
    }
    assert {"orders", "visits", "sku_days"} <= scattered
    before = {name: rows_of(name) for name in scattered}
    assert rolling.merge_closed_months() == 0
    RollupFile.objects.update(added_at=clock.now() - timedelta(hours=2))
    assert rolling.merge_closed_months() == len(scattered)
    live = RollupFile.objects.filter(retired_at=None, first_day__range=(DAY, date(2026, 11, 30))).order_by("name")
    assert [(file.name, file.first_day, file.last_day) for file in live] == [
        (name, DAY, DAY + timedelta(days=2)) for name in sorted(scattered)
    ]
    assert {name: rows_of(name) for name in before} == before


def expected_visits(seen: dict[Any, Envelope]) -> dict[Any, tuple[int, int, int]]:
    """The visits table, worked out by hand: (sessions, page views, first moment) by day and person."""
    grouped: dict[Any, list[Envelope]] = {}
    for event in seen.values():
        if event.name == "Page":
            grouped.setdefault((clock.day_of(event.at, "Asia/Shanghai"), event.person), []).append(event)
    return {
        key: (len({e.session for e in events}), len(events), min(clock.micros(e.at) for e in events))
        for key, events in grouped.items()
    }


@pytest.mark.tables("orders", "postage", "sku_days", "visits", "sessions", "steps")
@pytest.mark.parametrize("seed", range(2))
def test_tables_rolled_bit_by_bit_equal_tables_made_at_once_and_by_hand(seed: int) -> None:
    rng = random.Random(seed)
    start = datetime(2026, 9, 20, tzinfo=UTC)
    seen: dict[Any, Envelope] = {}
    events: list[Envelope] = []
    for step in range(8):
        spread_days = rng.choice([1, 3, 45])
        first = rng.randrange(45)
        batch = [
            an_event(
                f"{step}/{n}",
                at=start + timedelta(days=(first + rng.randrange(spread_days)) % 45, seconds=rng.randrange(86_400)),
                person=f"v{rng.randrange(5)}",
                session=f"s{rng.randrange(3)}",
                name=rng.choice(["Page", "shop.order_placed"]),
                order_number=f"A{n}",
                lines=(a_line(rng.choice(["cup", "pot"])),),
            )
            for n in range(rng.randrange(1, 30))
        ]
        batch += [
            Envelope(**{f: getattr(e, f) for f in Envelope.__dataclass_fields__})
            for e in rng.sample(events, min(3, len(events)))
        ]
        events += batch
        seen |= {event.id: event for event in batch}
        append(f"{seed}/{step}", *batch)
        house_work: list[Callable[[], object]] = [actions.roll, actions.roll, actions.compact, actions.sweep, int]
        rng.choice(house_work)()
    actions.roll()
    bit_by_bit = {rollup.name: rows_of(rollup.name) for rollup in rolling.ROLLUPS}
    assert all(bit_by_bit.values())
    visits = {(r["day"], r["person"]): (r["sessions"], r["pv"], r["first_ts_us"]) for r in bit_by_bit["visits"]}
    assert visits == expected_visits(seen)
    Day.objects.update(generation=F("generation") + 1, dirty_since=clock.now())
    actions.roll()
    assert {rollup.name: rows_of(rollup.name) for rollup in rolling.ROLLUPS} == bit_by_bit
    actions.compact()
    Day.objects.update(generation=F("generation") + 1, dirty_since=clock.now())
    actions.roll()
    assert {rollup.name: rows_of(rollup.name) for rollup in rolling.ROLLUPS} == bit_by_bit
