"""Plants change what they are about, by what they say, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.simulator.plan import Plan
from zhanggui.doors.rehearsal.simulator.plants import (
    KINDS,
    ChannelQuality,
    ChurnWave,
    CouponHeap,
    CouponLeak,
    DeadStock,
    FakeRing,
    FunnelBreak,
    LateParcels,
    Plant,
    PriceResponse,
    PromotionLift,
    ReturnSpike,
    SearchGaps,
    StockOut,
)
from zhanggui.doors.rehearsal.simulator.truths import Truth
from zhanggui.doors.rehearsal.simulator.world import simulate
from zhanggui.spine.facts import registry, vocabulary

PLAN = Plan(shop="demo", goods=catalogue.goods(), last_day=date(2026, 10, 20), days=70, sightings=40_000, orders=2_500)
START = 30
FIRST = date(2026, 9, 11)
OFFER = "0192f0c1-0000-7000-8000-00000000c0de"
OTHER = "0192f0c1-0000-7000-8000-00000000c0df"
CUSHION, PAN = "TEX-CUSHION-YAMA", "KIT-PAN-ZHUTIE-26"
# Across the end of a month, so that goods which come in then have to wait.
PLANTS: tuple[Plant, ...] = (
    FunnelBreak(start=START, days=20, device="desktop"),
    ChannelQuality(start=START, days=20, channel="direct", quality=0.5),
    PriceResponse(start=START, days=20, sku=CUSHION, price_rate=1.3, elasticity=-2.0),
    ChurnWave(start=START, days=40, region="广东", share=0.6),
    FakeRing(start=START, days=25, sku=PAN, region="福建", people=5, orders=50),
    StockOut(start=START, days=25, sku=CUSHION),
    PromotionLift(start=START, days=20, category="tea", lift=1.4, discount_bp=1000, taken_rate=0.3, days_after=10),
    SearchGaps(start=START, days=20, words=("咖啡机", "电热水壶"), share=0.4),
    LateParcels(start=START, days=5, days_late=3),
    ReturnSpike(start=START, days=20, sku=CUSHION, share=0.5),
    CouponLeak(start=START, days=20, sku=PAN, region="福建", people=3, orders=30, offer=OFFER, discount_bp=3_000),
    CouponHeap(start=START, days=20, sku=PAN, quiet_days=10, orders=3, offers=(OFFER, OTHER), discount_bp=3_000),
    DeadStock(start=START, days=40, sku=CUSHION),
)
# What these do is not a change of orders or of what was paid.
LATER = (LateParcels, ReturnSpike)
TAKING = (FunnelBreak, ChannelQuality, ChurnWave)


@dataclass(frozen=True)
class Life:
    events: pa.Table
    truths: tuple[Truth, ...]

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        table = self.events
        for name in ("id", "cause"):
            stored = pa.chunked_array([chunk.storage for chunk in table[name].chunks])
            table = table.set_column(table.schema.get_field_index(name), name, stored.cast(pa.binary()))
        with duckdb.connect() as connection:
            connection.register("events", table)
            return connection.execute(sql).fetchall()


@cache
def life(*plants: Plant) -> Life:
    world = simulate(PLAN, np.random.default_rng(3), plants=plants)
    return Life(events=pa.concat_tables(month.events for month in world.months()), truths=world.truths())


def ids(table: pa.Table) -> pa.Array:
    return pa.chunked_array([chunk.storage for chunk in table["id"].chunks]).cast(pa.binary()).combine_chunks()


def before(table: pa.Table) -> pa.Table:
    return table.filter(pc.less(table["day"], pa.scalar(FIRST)))


def kinds(plants: Sequence[Plant]) -> list[str]:
    return [plant.key for plant in plants]


def test_every_kind_is_tried_here_and_has_a_name_in_both_languages() -> None:
    assert tuple(type(plant) for plant in PLANTS) == KINDS
    assert all(kind.name.zh and kind.name.en for kind in KINDS)
    assert len({kind.key for kind in KINDS}) == len(KINDS)


def test_without_plants_shops_that_were_filled_before_there_were_any_go_on_with_the_same_past() -> None:
    # If this fails, a shop whose filling was stopped half-way by an older version would go on with another past. That
    # returns are asked for is told since then, beside all else.
    events = life().events.filter(pc.not_equal(life().events["name"], "shop.return_requested"))
    told = [events[name].to_numpy(zero_copy_only=False) for name in ("ts_us", "person", "sku", "amount_minor")]
    digest = hashlib.sha256(repr([column.tolist() for column in told]).encode()).hexdigest()
    assert digest == "4d2b52e48107035affb3553a0cae228945653b6a0fd208424b5ab4844730a2bd"


@pytest.mark.parametrize("plant", PLANTS, ids=kinds(PLANTS))
def test_until_a_plant_begins_every_byte_is_the_same(plant: Plant) -> None:
    # Whoever belongs to a ring or is led in by an offer is new; all others have done the same.
    assert before(life(plant).events).equals(before(life().events))


@pytest.mark.parametrize("plant", PLANTS, ids=kinds(PLANTS))
def test_the_truth_is_what_the_two_worlds_differ_by(plant: Plant) -> None:
    (truth,) = life(plant).truths
    sql = """
        select day, count_if(name = 'shop.order_placed')::bigint,
            coalesce(sum(len(lines)) filter (name = 'shop.payment_settled'), 0)::bigint,
            coalesce(sum(list_sum(list_transform(lines, lambda l: l.amount_minor)))
                filter (name = 'shop.payment_settled'), 0)::bigint,
            coalesce(sum(amount_minor) filter (name = 'shop.payment_settled'), 0)::bigint
        from events group by day
    """
    bare, planted = ({day: counts for day, *counts in one.ask(sql)} for one in (life(), life(plant)))
    differ = {
        day: [b - a for a, b in zip(bare[day], planted[day], strict=True)] for day in bare if bare[day] != planted[day]
    }
    assert bool(differ) != isinstance(plant, LATER)
    said = {one.day: [one.orders, one.lines, one.goods_minor, one.amount_minor] for one in truth.changes}
    assert {day: counts for day, counts in said.items() if any(counts)} == differ


@pytest.mark.parametrize("plant", [one for one in PLANTS if isinstance(one, TAKING)], ids=lambda plant: plant.key)
def test_what_only_takes_leaves_all_else_as_it_was(plant: Plant) -> None:
    bare, planted = life().events, life(plant).events
    places = pc.index_in(ids(planted), ids(bare))
    assert places.null_count == 0
    assert len(planted) == len(pc.unique(places)) < len(bare)
    told = [name for name in bare.column_names if name not in ("id", "cause", "body", "amount_minor")]
    assert planted.select(told).equals(bare.select(told).take(places))


def test_all_plants_together_keep_the_books_straight() -> None:
    every = life(*PLANTS)
    ((orphans, late),) = every.ask(
        """
        select count_if(before.id is null), count_if(before.ts_us >= after.ts_us)
        from events after left join events before on before.id = after.cause where after.cause is not null
        """
    )
    ((lowest,),) = every.ask(
        """
        with moves as (
            select sku, ts_us, if(name = 'supply.stock_received', quantity, -quantity) as units
            from events where name in ('supply.stock_received', 'supply.stock_written_off')
            union all
            select line.sku, ts_us, case name when 'supply.stock_held' then -line.quantity else line.quantity end
            from (select name, ts_us, unnest(lines) as line from events
                where name in ('supply.stock_held', 'supply.stock_released'))
        )
        select min(free) from (select sum(units) over (partition by sku order by ts_us, units desc) as free from moves)
        """
    )
    ((twice, strays, unsorted),) = every.ask(
        """
        with fates as (
            select order_number, count_if(name = 'shop.order_placed') placed,
                count_if(name in ('shop.payment_settled', 'shop.order_cancelled', 'shop.order_expired')) ended
            from events where order_number <> '' group by 1
        ), numbered as (select day, person, ts_us, row_number() over () as nth from events)
        select (select count_if(placed > 1 or ended > 1) from fates), (select count_if(placed = 0) from fates),
            (select count(*) from (select day < lag(day) over (order by nth) as is_back from numbered) where is_back)
        """
    )
    assert (orphans, late, lowest, twice, strays, unsorted) == (0, 0, 0, 0, 0, 0)


def test_what_plants_tell_can_be_read_by_the_house() -> None:
    assert vocabulary.ROOMS
    told = life(*PLANTS).events
    for name in ("shop.price_changed", "supply.stock_written_off", "supply.stock_received"):
        row = told.filter(pc.equal(told["name"], name)).slice(0, 1).to_pylist()[0]
        fact = registry.decode(row["name"], row["version"], row["body"])
        assert fact.sku == row["sku"]
    ((was, now),) = life(*PLANTS).ask(
        "select decode(body)[1:1], amount_minor from events where name = 'shop.price_changed'"
    )
    price = next(item.price_minor for item in PLAN.goods if item.sku == CUSHION)
    assert (was, now) == ("{", round(price * 1.3))


def test_a_broken_checkout_is_opened_and_never_left_with_an_order() -> None:
    (truth,) = life(PLANTS[0]).truths
    ((begun, steps, orders),) = life(PLANTS[0]).ask(
        f"""select count_if(name = 'Checkout Started'), count_if(name = 'Checkout Step Completed'),
        count_if(name = 'shop.order_placed')
        from events where device = 'desktop' and day >= '{FIRST}' and day < date '{FIRST}' + 20"""
    )
    assert (begun, steps, orders) == (truth.planted.of, 0, 0)
    assert truth.planted.count == 0 < truth.without.count


def test_who_is_gone_stays_away_and_half_of_the_others_do_not() -> None:
    plant = PLANTS[3]
    sql = f"""select count(distinct person) from events where name = 'Page' and region = '广东' and day >= '{FIRST}'
        and person in (select person from events where name = 'shop.order_placed' and day < '{FIRST}')"""
    ((stayed,),), ((came,),) = life(plant).ask(sql), life().ask(sql)
    assert stayed / came == pytest.approx(0.4, abs=0.12)


def test_a_ring_is_a_few_people_of_one_place_who_pay_for_one_thing() -> None:
    ((people, orders, regions, skus),) = life(PLANTS[4]).ask(
        """
        with bought as (select person, region, order_number, unnest(lines).sku as sku from events
            where name = 'shop.payment_settled')
        select count(distinct person), count(*), count(distinct region), count(distinct sku) from bought
        where person in (select person from bought group by person having count(distinct order_number) >= 9)
        """
    )
    assert (people, orders, regions, skus) == (5, 50, 1, 1)


def test_what_is_out_of_stock_ends_its_days_without_a_free_piece() -> None:
    (truth,) = life(PLANTS[5]).truths
    assert (truth.planted.count, truth.planted.of) == (25, 25)
    assert truth.without.count < 25
    ((sold, added),) = life(PLANTS[5]).ask(
        f"""select count_if(name = 'shop.order_placed' and list_contains(list_transform(lines, lambda l: l.sku),
            '{CUSHION}')), count_if(name = 'Product Added' and sku = '{CUSHION}')
        from events where day >= '{FIRST}' and day < date '{FIRST}' + 25"""
    )
    assert (sold, added) == (0, 0)


def test_a_dearer_sku_is_seen_and_bought_at_its_new_price() -> None:
    price = next(item.price_minor for item in PLAN.goods if item.sku == CUSHION)
    sql = f"""select distinct amount_minor from events
        where name = 'Product Viewed' and sku = '{CUSHION}' and day >= '{FIRST}' and day < date '{FIRST}' + 20"""
    assert life(PLANTS[2]).ask(sql) == [(round(price * 1.3),)]
    (truth,) = life(PLANTS[2]).truths
    assert truth.planted.count / truth.without.count == pytest.approx(1.3**-2, abs=0.3)


def test_searches_in_vain_are_the_last_thing_of_their_visit() -> None:
    (truth,) = life(PLANTS[7]).truths
    ((vain, later),) = life(PLANTS[7]).ask(
        """
        with vain as (select session, ts_us from events where name = 'Products Searched'
            and decode(body) like '%"results":0}' and decode(body) not like '%礼盒%'
            and decode(body) not like '%洗面奶%')
        select (select count(*) from vain),
            (select count(*) from events join vain using (session) where events.ts_us > vain.ts_us)
        """
    )
    assert (vain, later) == (truth.planted.count, 0)
    assert truth.planted.rate == pytest.approx(0.4, abs=0.1)


def test_each_word_in_vain_costs_what_those_who_looked_for_it_would_have_paid() -> None:
    (truth,) = life(PLANTS[7]).truths
    word_of = dict(
        life(PLANTS[7]).ask("select session, decode(body) ->> '$.query' from events where name = 'Products Searched'")
    )
    paid = life().ask(
        """
        select placed.session, paid.day, paid.amount_minor from events as placed
        join events as paid on paid.order_number = placed.order_number and paid.name = 'shop.payment_settled'
        where placed.name = 'shop.order_placed'
        """
    )
    lost: dict[str, dict[date, int]] = {word: {} for word in truth.parts}
    for session, day, minor in paid:
        if (word := word_of.get(session)) in lost:
            lost[word][day] = lost[word].get(day, 0) - minor
    assert all(lost.values())
    assert {
        w: {one.day: one.amount_minor for one in part if one.amount_minor} for w, part in truth.parts.items()
    } == lost
    assert sum(one.amount_minor for part in truth.parts.values() for one in part) == truth.amount_minor


@pytest.mark.parametrize(
    "plant",
    [
        FunnelBreak(start=1, days=1, device="toaster"),
        ChannelQuality(start=1, days=1, channel="pigeon", quality=0.5),
        StockOut(start=1, days=1, sku="NO-SUCH"),
        ChurnWave(start=1, days=1, region="Atlantis", share=0.5),
        StockOut(start=70, days=1, sku=CUSHION),
    ],
    ids=["device", "channel", "sku", "region", "day"],
)
def test_a_plant_about_what_the_plan_has_not_is_refused(plant: Plant) -> None:
    with pytest.raises(ValueError, match="plan"):
        simulate(PLAN, np.random.default_rng(3), plants=(plant,))


def test_late_parcels_leave_days_later_and_nothing_else_is_another() -> None:
    (truth,) = life(PLANTS[8]).truths
    sql = """
        with paid as (select order_number, ts_us as at, amount_minor from events where name = 'shop.payment_settled'),
        left_on as (select order_number, ts_us as at from events where name = 'shop.parcel_shipped'),
        ends as (select distinct day, epoch_us(day + interval 1 day) - 28800000000 as end_us from events)
        select day, order_number, amount_minor from ends, paid left join left_on using (order_number)
        where paid.at <= end_us and coalesce(left_on.at, end_us + 1) > end_us
    """
    waits, always = set(life(PLANTS[8]).ask(sql)), set(life().ask(sql))
    held: dict[date, int] = {}
    for day, _, minor in sorted(waits - always):
        held[day] = held.get(day, 0) + minor
    assert held == dict(truth.stakes)
    assert always < waits
    assert 0 == truth.without.count < truth.planted.count == truth.planted.of


def test_what_is_sent_back_besides_is_asked_back_first() -> None:
    (truth,) = life(PLANTS[9]).truths
    sql = "select day, sum(amount_minor)::bigint from events where name = 'shop.return_requested' group by day"
    bare, planted = dict(life().ask(sql)), dict(life(PLANTS[9]).ask(sql))
    more = {day: minor - bare.get(day, 0) for day, minor in planted.items() if minor != bare.get(day, 0)}
    assert more == dict(truth.stakes)
    assert truth.planted.rate == pytest.approx(0.5, abs=0.25)


def test_a_leaking_coupon_is_used_by_few_people_for_what_it_takes_off() -> None:
    (truth,) = life(PLANTS[10]).truths
    sql = """
        select day, sum(amount_minor)::bigint, count(distinct person) from events
        where name = 'growth.promotion_redeemed' group by day order by day
    """
    used = life(PLANTS[10]).ask(sql)
    assert [(day, minor) for day, minor, _ in used] == sorted(truth.stakes.items())
    assert max(people for *_, people in used) <= 3
    price = next(item.price_minor for item in PLAN.goods if item.sku == PAN)
    assert life(PLANTS[10]).ask("select min(amount_minor) from events where name = 'growth.promotion_redeemed'") == [
        (round(price * 0.3),)
    ]
