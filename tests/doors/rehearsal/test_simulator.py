"""The simulated year keeps the books straight: what is told could have been told by the house itself."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.doors.rehearsal.lives import PLAN, ask, events, months_of, year
from zhanggui.base import clock, ids
from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.simulator.plan import FREE_FROM_MINOR, OFFSET_US, SHIPPING_MINOR, ZONE, Plan
from zhanggui.insight.lake.actions import days_of
from zhanggui.insight.lake.rules import EVENTS
from zhanggui.spine.facts import registry, vocabulary
from zhanggui.spine.sightings.rules import names, visits

PAID_BY = "order_number in (select order_number from events where name = 'shop.payment_settled')"


def test_the_rows_have_the_lakes_shape_and_leave_only_three_columns_empty() -> None:
    table = events()
    assert table.schema.equals(EVENTS)
    empty = {name for name in EVENTS.names if table[name].null_count}
    assert empty == {"cause", "quantity", "amount_minor"}
    assert table["shop"].unique().to_pylist() == ["demo"]


def test_the_year_has_as_many_sightings_and_orders_as_were_planned() -> None:
    (sightings, orders), *_ = ask(
        "select count_if(name not like '%.%'), count_if(name = 'shop.order_placed') from events"
    )
    assert orders == PLAN.orders
    assert sightings == pytest.approx(PLAN.sightings, rel=0.01)


def test_a_months_rows_lie_within_it_sorted_by_day_person_and_time() -> None:
    for month in year():
        table = month.events.select(["day", "person", "ts_us"])
        assert {(day.year, day.month) for day in table["day"].unique().to_pylist()} == {
            (month.first_day.year, month.first_day.month)
        }
        rows = list(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))
        assert rows == sorted(rows)


def test_every_row_carries_the_shops_business_day_and_an_id_of_its_moment() -> None:
    table = events()
    assert days_of(table["ts_us"].to_numpy(), zone=ZONE).equals(table["day"].combine_chunks())
    sample = table.take(list(range(0, table.num_rows, 997)))
    for id, ts_us in zip(sample["id"].to_pylist(), sample["ts_us"].to_pylist(), strict=True):
        assert ids.at_of(id) == clock.from_micros(ts_us // 1000 * 1000)
        assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert clock.from_micros(0).astimezone(clock.zone(ZONE)).utcoffset().total_seconds() * 1e6 == OFFSET_US  # type: ignore[union-attr]


def test_nothing_happens_after_the_last_day_or_is_heard_of_before_it_happens() -> None:
    (last, early), *_ = ask("select max(day), count_if(received_us < ts_us) from events")
    assert (last, early) == (PLAN.last_day, 0)


def test_every_fact_can_be_read_by_the_house_and_its_columns_say_the_same() -> None:
    assert vocabulary.ROOMS
    told = events().filter(pc.is_in(events()["name"], pa.array(_names_of_facts())))
    assert told.num_rows > 15_000
    for row in told.take(list(range(0, told.num_rows, 3))).to_pylist():
        fact = registry.decode(row["name"], row["version"], row["body"])
        entry = registry.entry_named(row["name"])
        lifted = {name: getattr(fact, name) for name in entry.lifted}
        assert {name: row[name] for name in lifted} == lifted
        lines = [_as_dict(line) for line in getattr(fact, "lines", ())]
        assert row["lines"] == lines


def test_sightings_bear_the_names_devices_and_channels_of_the_field() -> None:
    said = {name for (name,) in ask("select distinct name from events where name not like '%.%'")}
    assert said <= {names.PAGE, *names.VOCABULARY}
    assert {device for (device,) in ask("select distinct device from events")} <= {"", *visits.DEVICES}
    assert {channel for (channel,) in ask("select distinct channel from events")} <= {"", *visits.CHANNELS}
    for body, name in ask("select any_value(body), name from events where name not like '%.%' group by name"):
        assert isinstance(msgspec.json.decode(body), dict), name


def test_every_cause_exists_precedes_and_belongs_to_the_same_person() -> None:
    (orphans, late, strangers), *_ = ask(
        """
        select count_if(before.id is null), count_if(before.ts_us >= after.ts_us),
            count_if(before.person <> after.person)
        from events after left join events before on before.id = after.cause where after.cause is not null
        """
    )
    assert (orphans, late, strangers) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "causes"),
    [
        ("Product Viewed", {"Page"}),
        ("Product Added", {"Product Viewed"}),
        ("Cart Viewed", {"Page"}),
        ("Checkout Started", {"Page"}),
        ("shop.customer_registered", {"Page"}),
        ("shop.order_placed", {"Page"}),
        ("supply.stock_held", {"shop.order_placed"}),
        ("shop.payment_started", {"shop.order_placed"}),
        ("shop.payment_settled", {"shop.payment_started"}),
        ("shop.order_cancelled", {"shop.order_placed"}),
        ("shop.order_expired", {"shop.order_placed"}),
        ("supply.stock_released", {"shop.order_cancelled", "shop.order_expired"}),
        ("shop.parcel_shipped", {"shop.payment_settled"}),
        ("supply.stock_shipped", {"shop.parcel_shipped"}),
        ("shop.parcel_delivered", {"shop.parcel_shipped"}),
        ("shop.return_requested", {"shop.parcel_delivered"}),
        ("shop.return_received", {"shop.return_requested"}),
        ("shop.refund_settled", {"shop.return_received"}),
        ("shop.review_published", {"shop.parcel_delivered"}),
    ],
)
def test_what_leads_to_what(name: str, causes: set[str]) -> None:
    found = ask(f"select distinct b.name from events a join events b on b.id = a.cause where a.name = '{name}'")
    uncaused, *_ = ask(f"select count(*) from events where name = '{name}' and cause is null")
    assert {cause for (cause,) in found} == causes
    assert uncaused == (0,)


def test_every_payment_goes_back_to_the_page_where_the_visit_began() -> None:
    ((settled, begun),) = ask(
        """
        with recursive walk as (
            select id as payment, id, cause, name, session from events where name = 'shop.payment_settled'
            union all
            select walk.payment, e.id, e.cause, e.name, e.session from walk join events e on e.id = walk.cause
        )
        select (select count(*) from events where name = 'shop.payment_settled'),
            count(distinct payment) filter (where cause is null and name = 'Page') from walk
        """
    )
    assert settled == begun > 0


def test_an_order_ends_once_and_what_was_held_is_released_or_shipped_in_the_same_pieces() -> None:
    ((twice, mismatched),) = ask(
        """
        with fates as (
            select order_number,
                count_if(name = 'shop.order_placed') placed,
                count_if(name in ('shop.payment_settled', 'shop.order_cancelled', 'shop.order_expired')) ended,
                sum(quantity) filter (where name = 'supply.stock_held') held,
                sum(quantity) filter (where name in ('supply.stock_released', 'supply.stock_shipped')) moved
            from events where order_number <> '' group by 1
        )
        select count_if(placed <> 1 or ended > 1), count_if(moved is not null and moved <> held) from fates
        """
    )
    assert (twice, mismatched) == (0, 0)


def test_stock_held_is_what_was_ordered() -> None:
    ((differing,),) = ask(
        """
        with pieces as (
            select name, order_number, list_sort(list_transform(lines, lambda l: (l.sku, l.quantity))) as lines
            from events where name in ('shop.order_placed', 'supply.stock_held', 'shop.payment_settled')
        )
        select count(*) from pieces placed join pieces other using (order_number)
        where placed.name = 'shop.order_placed' and placed.lines <> other.lines
        """
    )
    assert differing == 0


def test_stock_never_runs_below_nothing() -> None:
    ((lowest,),) = ask(
        """
        with moves as (
            select sku, ts_us, quantity as units from events where name = 'supply.stock_received'
            union all
            select line.sku, ts_us, case name when 'supply.stock_held' then -line.quantity else line.quantity end
            from (select name, ts_us, unnest(lines) as line from events
                where name in ('supply.stock_held', 'supply.stock_released'))
        )
        select min(free) from (select sum(units) over (partition by sku order by ts_us, units desc) as free from moves)
        """
    )
    assert lowest >= 0


def test_an_orders_amount_is_its_lines_and_the_postage_and_the_payment_is_the_same() -> None:
    rows = ask(
        """
        select list_sum(list_transform(lines, lambda l: l.amount_minor)) goods, amount_minor, body, order_number
        from events where name = 'shop.order_placed'
        """
    )
    for goods, amount, body, _ in rows:
        placed = msgspec.json.decode(body)
        assert placed["goods_minor"] == goods
        assert placed["shipping_minor"] == (0 if goods >= FREE_FROM_MINOR else SHIPPING_MINOR)
        assert amount == goods + placed["shipping_minor"]
        assert placed["discount_minor"] <= 0
    ((differing,),) = ask(
        """
        select count(*) from events p join events s using (order_number)
        where p.name = 'shop.order_placed' and s.name = 'shop.payment_settled'
            and (p.amount_minor <> s.amount_minor or s.ts_us <= p.ts_us or p.person <> s.person)
        """
    )
    assert differing == 0


def test_prices_are_the_catalogues_less_what_is_off_that_day() -> None:
    prices = {item.sku: item.price_minor for item in catalogue.goods()}
    lines = ask(
        "select line.sku, line.quantity, line.amount_minor from (select unnest(lines) as line from events"
        " where name = 'shop.order_placed' and day = '2026-05-20')"
    )
    assert lines
    assert all(amount == prices[sku] * quantity for sku, quantity, amount in lines)
    ((listed, paid),) = [
        (sum(prices[sku] * n for sku, n, _ in rows), sum(amount for *_, amount in rows))
        for rows in [
            ask(
                "select line.sku, line.quantity, line.amount_minor from (select unnest(lines) as line from events"
                " where name = 'shop.order_placed' and day = '2026-11-11')"
            )
        ]
    ]
    assert paid / listed == pytest.approx(0.85, abs=0.001)


def test_a_refund_gives_back_no_more_than_was_paid_for_what_came_back() -> None:
    ((refunds, too_much, unequal),) = ask(
        """
        with back as (select order_number, lines, amount_minor from events where name = 'shop.refund_settled'),
        paid as (select order_number, lines, amount_minor from events where name = 'shop.payment_settled')
        select count(*), count_if(back.amount_minor > paid.amount_minor),
            count_if(back.amount_minor <> list_sum(list_transform(back.lines, lambda l: l.amount_minor)))
        from back left join paid using (order_number)
        """
    )
    assert refunds > 50
    assert (too_much, unequal) == (0, 0)


def test_the_same_seed_makes_the_same_bytes_and_another_seed_does_not() -> None:
    plan = _short()
    once, again, other = months_of(plan), months_of(plan), months_of(plan, seed=2)
    assert all(a.events.equals(b.events) for a, b in zip(once, again, strict=True))
    assert not once[0].events.equals(other[0].events)


def test_all_goods_are_listed_on_the_first_day() -> None:
    ((count, first, last),) = ask(
        "select count(distinct sku), min(day), max(day) from events where name = 'shop.product_listed'"
    )
    assert (count, first, last) == (len(PLAN.goods), PLAN.first_day, PLAN.first_day)


@pytest.mark.parametrize(
    "sizes", [{"days": 0}, {"orders": 0}, {"sightings": 13 * 200}], ids=["no day", "no order", "too few sightings"]
)
def test_a_plan_that_cannot_be_is_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="order"):
        _short(**sizes)


def test_a_plan_of_one_day_can_be_lived() -> None:
    (month,) = months_of(_short(days=1, orders=20, sightings=1000))
    assert np.unique(month.events["day"].to_numpy()).tolist() == [np.datetime64(date(2026, 3, 31))]


def _short(**sizes: int) -> Plan:
    wanted = {"days": 40, "sightings": 6_000, "orders": 200} | sizes
    return Plan(shop="demo", goods=catalogue.goods(), last_day=date(2026, 3, 31), **wanted)


def _names_of_facts() -> list[str]:
    return [entry.name for entry in registry.entries()]


def _as_dict(line: object) -> dict[str, object]:
    return {name: getattr(line, name) for name in ("sku", "category", "quantity", "amount_minor")}
