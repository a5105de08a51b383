"""Which warehouse gives what: never more than there is, all or a shortage, and always the same answer."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.supply.stock.made import NOON
from zhanggui.supply.stock.rules import (
    Allocation,
    Demand,
    Level,
    Place,
    Plan,
    Shortage,
    Warehouse,
    Zone,
    allocate,
    summed,
)
from zhanggui.supply.stock.rules.distances import Spot, km_between, spot_of

SHANGHAI, CHENGDU, TOKYO = Place("CN", "上海"), Place("CN", "四川省"), Place("JP")


def a_house(code: str, **said: object) -> Warehouse:
    return Warehouse(code=code, shop="", name_zh=code, **said)  # type: ignore[arg-type]


def has(code: str, backorder: int = 0, **units: int) -> list[Level]:
    return [
        Level(sku=sku, warehouse=code, on_hand_units=there, held_units=0, backorder_units=backorder)
        for sku, there in units.items()
    ]


def quick(code: str, days: int, **said: object) -> Warehouse:
    return a_house(code, zones=(Zone(days=days),), **said)


EAST = a_house(
    "east", country="CN", region="上海", zones=(Zone(country="CN", region="上海", days=1), Zone(country="CN", days=3))
)
WEST = a_house(
    "west", country="CN", region="四川", zones=(Zone(country="CN", region="四川", days=1), Zone(country="CN", days=4))
)
HOUSES = (EAST, WEST)


@pytest.mark.parametrize(
    ("demand", "levels", "given", "days"),
    [
        # The quickest for the place.
        ([Demand(1, "pot", 1, SHANGHAI)], has("east", pot=1) + has("west", pot=1), {"east": 1}, {1: 1}),
        ([Demand(1, "pot", 1, CHENGDU)], has("east", pot=1) + has("west", pot=1), {"west": 1}, {1: 1}),
        # One parcel rather than two, though it takes longer.
        (
            [Demand(1, "pot", 1, SHANGHAI), Demand(2, "cup", 1, SHANGHAI)],
            has("east", pot=1) + has("west", pot=1, cup=1),
            {"west": 2},
            {1: 4, 2: 4},
        ),
        # Two parcels if there is no other way.
        ([Demand(1, "pot", 3, SHANGHAI)], has("east", pot=1) + has("west", pot=2), {"east": 1, "west": 2}, {1: 4}),
        # What is here before what is still to come, even if that would be nearer.
        ([Demand(1, "pot", 1, SHANGHAI)], has("east", 5, pot=0) + has("west", pot=1), {"west": 1}, {1: 4}),
        ([Demand(1, "pot", 2, SHANGHAI)], has("east", 5, pot=0) + has("west", pot=1), {"east": 2}, {1: 8}),
    ],
)
def test_who_gives_what(demand: list[Demand], levels: list[Level], given: dict[str, int], days: dict[int, int]) -> None:
    plan = allocate(demand, levels, HOUSES, NOON)
    by_house: dict[str, int] = {}
    for each in plan.allocations:
        by_house[each.warehouse] = by_house.get(each.warehouse, 0) + each.units
    assert (by_house, plan.days, plan.shortages) == (given, days, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (quick("b", 1, handling_minor=900), quick("a", 2)),
        (quick("b", 2, handling_minor=100), quick("a", 2, handling_minor=200)),
        (quick("b", 2, country="CN", region="江苏"), quick("a", 2, country="CN", region="广东")),
        (quick("b", 2, priority=1), quick("a", 2, priority=2)),
        (quick("a", 2), quick("b", 2)),
    ],
    ids=["sooner", "cheaper", "nearer", "preferred", "by its code"],
)
def test_the_better_of_two_warehouses(one: Warehouse, other: Warehouse) -> None:
    levels = has("a", pot=1) + has("b", pot=1)
    (given,) = allocate([Demand(1, "pot", 1, SHANGHAI)], levels, (other, one), NOON).allocations
    assert given.warehouse == one.code


def test_a_warehouse_that_does_not_deliver_to_the_place_or_is_closed_gives_nothing() -> None:
    levels = has("east", pot=2)
    short = (Shortage(sku="pot", asked_units=1, free_units=0),)
    assert allocate([Demand(1, "pot", 1, TOKYO)], levels, HOUSES, NOON).shortages == short
    closed = (a_house("east", closed_until=NOON + timedelta(hours=1)),)
    assert allocate([Demand(1, "pot", 1)], levels, closed, NOON).shortages == short
    assert not allocate([Demand(1, "pot", 1)], levels, closed, NOON + timedelta(hours=1)).shortages
    assert allocate([Demand(1, "pot", 1)], levels, (a_house("east", sells=False),), NOON).shortages == short


def test_a_place_that_only_one_warehouse_serves_gets_its_piece_though_another_asked_first() -> None:
    abroad = a_house("abroad", zones=(Zone(country="CN", days=1), Zone(country="JP", days=2)))
    demand = [Demand(1, "pot", 1, SHANGHAI), Demand(2, "pot", 1, TOKYO)]
    plan = allocate(demand, has("abroad", pot=1) + has("east", pot=1), (abroad, EAST), NOON)
    assert plan.allocations == (Allocation(1, "pot", "east", 1), Allocation(2, "pot", "abroad", 1))


def test_a_house_that_nobody_described_serves_everywhere() -> None:
    assert allocate([Demand(1, "pot", 1, TOKYO)], has("main", pot=1), (), NOON).days == {1: 3}


def test_a_plan_says_whether_it_meets_a_demand() -> None:
    plan = Plan(allocations=(Allocation(1, "pot", "east", 1), Allocation(1, "pot", "west", 1)))
    assert plan.meets([Demand(1, "pot", 2)])
    assert not plan.meets([Demand(1, "pot", 1)])
    assert not plan.meets([Demand(2, "pot", 2)])


def test_how_far_it_is() -> None:
    beijing, shanghai = spot_of("CN", "北京市"), spot_of("CN", "Shanghai")
    assert beijing and shanghai
    assert km_between(beijing, shanghai) == km_between(shanghai, beijing) == 1067
    assert spot_of("CN", "月球") is spot_of("XX", "") is None
    assert (
        km_between(Spot(latitude_milli=0, longitude_milli=0), Spot(latitude_milli=0, longitude_milli=180_000)) == 20015
    )


PLACES = st.sampled_from([None, SHANGHAI, CHENGDU, TOKYO])
SKUS = st.sampled_from("ABC")
DEMANDS = st.lists(st.tuples(st.integers(1, 4), SKUS, st.integers(1, 6), PLACES), min_size=1, max_size=6).map(
    # A line goes to one place.
    lambda rows: [Demand(line, sku, units, {one[0]: one[3] for one in rows}[line]) for line, sku, units, _ in rows]
)
LEVELS = st.dictionaries(
    st.tuples(SKUS, st.sampled_from(["east", "west", "north", "main"])),
    st.tuples(st.integers(0, 8), st.integers(0, 3), st.integers(0, 3)),
).map(
    lambda found: [
        Level(sku=sku, warehouse=code, on_hand_units=there, held_units=min(held, there), backorder_units=more)
        for (sku, code), (there, held, more) in found.items()
    ]
)
ALL_HOUSES = [EAST, WEST, a_house("north", country="CN", region="北京"), quick("spare", 9)]


@given(demand=DEMANDS, levels=LEVELS)
def test_never_more_than_is_free_and_all_or_a_shortage(demand: list[Demand], levels: list[Level]) -> None:
    plan = allocate(demand, levels, ALL_HOUSES, NOON)
    assert bool(plan.allocations) != bool(plan.shortages)
    free = {(level.sku, level.warehouse): level.free_units for level in levels}
    taken = summed((0, f"{each.sku}/{each.warehouse}", each.units) for each in plan.allocations)
    assert all(units <= free[sku, code] for (_, key), units in taken.items() for sku, code in [key.split("/")])
    if plan.allocations:
        assert plan.meets(demand)
        assert set(plan.days) == {each.line for each in demand}
    assert all(one.free_units < one.asked_units for one in plan.shortages)


@given(demand=DEMANDS, levels=LEVELS, seed=st.integers(0, 99))
def test_the_order_of_what_is_handed_in_makes_no_difference(
    demand: list[Demand], levels: list[Level], seed: int
) -> None:
    rng = random.Random(seed)
    mixed = [rng.sample(part, len(part)) for part in (demand, levels, ALL_HOUSES)]
    assert allocate(*mixed, NOON) == allocate(demand, levels, ALL_HOUSES, NOON)  # type: ignore[arg-type]


def test_two_demands_of_one_line_for_one_sku_are_served_the_same_however_they_come() -> None:
    there = Place(country="CN", region="四川省")
    asked = ((1, 1, None), (1, 4, None), (3, 3, there), (4, 2, there), (3, 1, there))
    demand = [Demand(line=line, sku="A", units=units, place=place) for line, units, place in asked]
    levels = [
        Level(sku="A", warehouse=code, on_hand_units=units, held_units=0, backorder_units=more)
        for code, units, more in (("west", 5, 3), ("north", 0, 3))
    ]
    plan = allocate(demand, levels, ALL_HOUSES, NOON)
    assert plan.allocations
    assert {allocate(each, levels, ALL_HOUSES, NOON) == plan for each in itertools.permutations(demand)} == {True}


@given(demand=DEMANDS, levels=LEVELS)
def test_without_places_a_sku_is_short_exactly_if_more_is_wanted_than_free(
    demand: list[Demand], levels: list[Level]
) -> None:
    anywhere = [Demand(each.line, each.sku, each.units) for each in demand]
    asked, free = dict.fromkeys("ABC", 0), dict.fromkeys("ABC", 0)
    for each in anywhere:
        asked[each.sku] += each.units
    for level in levels:
        free[level.sku] += level.free_units
    short = {one.sku: one.free_units for one in allocate(anywhere, levels, ALL_HOUSES, NOON).shortages}
    assert short == {sku: free[sku] for sku in "ABC" if asked[sku] > free[sku]}


@given(levels=LEVELS, units=st.integers(1, 8))
def test_one_parcel_if_one_warehouse_has_it_all(levels: list[Level], units: int) -> None:
    plan = allocate([Demand(1, "A", units)], levels, ALL_HOUSES, NOON)
    if any(level.sku == "A" and level.there_units >= units for level in levels):
        assert len(plan.allocations) == 1
