"""Stock: never negative, never promised twice, every change a movement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.shop.made import statements
from tests.supply.stock.made import (
    BY,
    CAUSE,
    NOON,
    TRAIL,
    a_demand,
    a_warehouse,
    an_order_number,
    everything,
    held,
    levels,
    pieces_of,
    received,
    shipped,
    told,
)
from zhanggui.base import clock
from zhanggui.spine.envelope import Line
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.errors import AlreadyMoved, NothingHeld, NotInTheHouse, OutOfStock, UnitsNotAllowed
from zhanggui.supply.stock.models import Level, Movement
from zhanggui.supply.stock.rules import Allocation, Demand, Kind, Reservation, Shortage

pytestmark = pytest.mark.django_db


def test_what_was_received_can_be_sold() -> None:
    received(A=5, B=2)
    received(A=1)
    assert levels("A", "B", "never") == [(6, 0), (2, 0), (0, 0)]
    assert queries.free(["A", "B", "never"]) == {"A": 6, "B": 2, "never": 0}
    assert queries.audit() == ()


def test_a_delivery_is_taken_in_once() -> None:
    actions.receive(reference="note-1", units={"A": 5}, trail=TRAIL, by=BY)
    with pytest.raises(AlreadyMoved):
        actions.receive(reference="note-1", units={"A": 5, "B": 1}, trail=TRAIL, by=BY)
    assert levels("A", "B") == [(5, 0), (0, 0)]


@pytest.mark.parametrize("units", [0, -1, 1_000_000_001])
def test_stock_moves_in_whole_pieces(units: int) -> None:
    received(A=5)
    with pytest.raises(UnitsNotAllowed):
        actions.receive(reference="N", units={"A": units}, trail=TRAIL, by=BY)
    with pytest.raises(UnitsNotAllowed):
        held(A=units)
    with pytest.raises(UnitsNotAllowed):
        actions.release_lines(order_number="N", units={1: units}, trail=TRAIL, by=BY)
    assert levels("A") == [(5, 0)]


def test_where_nothing_lies_in_stock_nothing_is_promised_or_told() -> None:
    before = everything()
    assert actions.hold(order_number="a-file", demand=(), until=NOON, trail=TRAIL, by=BY) == ()
    assert everything() == before


def test_a_hold_promises_all_lines_and_tells_one_fact() -> None:
    received(A=5, B=2)
    number = held(B=2, A=3, until=NOON)
    assert levels("A", "B") == [(5, 3), (2, 2)]
    (fact,) = told(number)
    assert (fact.name, fact.cause, fact.person, fact.quantity) == ("supply.stock_held", CAUSE, "v-1", 5)
    assert fact.lines == (Line(sku="A", quantity=3, amount_minor=0), Line(sku="B", quantity=2, amount_minor=0))
    assert [(m.line, m.sku, m.kind, m.units, m.by) for m in queries.movements(number)] == [
        (1, "B", Kind.HELD, 2, "operator:clerk"),
        (2, "A", Kind.HELD, 3, "operator:clerk"),
    ]
    assert queries.reservations(number) == (
        Reservation(order_number=number, line=1, sku="B", warehouse="main", units=2, expires_at=NOON),
        Reservation(order_number=number, line=2, sku="A", warehouse="main", units=3, expires_at=NOON),
    )


def test_a_hold_that_is_short_of_one_line_holds_nothing() -> None:
    received(A=5, B=2)
    before = everything()
    with pytest.raises(OutOfStock) as refused:
        held(A=3, B=3)
    assert refused.value.shortages == (Shortage(sku="B", asked_units=3, free_units=2),)
    assert everything() == before


def test_several_demands_of_one_sku_are_added_up_before_they_are_compared() -> None:
    received(A=5, B=9)
    bundle = (Demand(1, "A", 2, each_units=2), Demand(1, "B", 1), Demand(2, "A", 3))
    with pytest.raises(OutOfStock) as refused:
        held(*bundle, Demand(3, "A", 1))
    assert refused.value.shortages == (Shortage(sku="A", asked_units=6, free_units=5),)
    held(*bundle)
    assert levels("A", "B") == [(5, 5), (9, 1)]


def test_a_sold_out_buyer_is_refused_by_one_plain_read() -> None:
    received(A=1)
    held(A=1)
    with statements() as sent, pytest.raises(OutOfStock):
        held(A=1)
    assert len(sent) == 1
    assert "for update" not in sent[0]


def test_a_hold_takes_a_read_a_write_and_a_fact_however_many_lines_it_has() -> None:
    received(A=5, B=5, C=5)
    demand = a_demand(A=1, B=1, C=1)
    with statements() as alone:
        held(*demand)
    with statements() as with_plan:
        plan = queries.plan(demand)
        actions.hold(order_number="o", demand=demand, until=None, plan=plan, trail=TRAIL, by=BY)
    assert (len(alone), len(with_plan)) == (3, 3)


def test_a_plan_that_is_stale_is_made_again_under_the_lock() -> None:
    near, far = a_warehouse("near", days=1), a_warehouse("far", days=5)
    received(near, A=1)
    received(far, A=1)
    demand = a_demand(A=1)
    stale = queries.plan(demand)
    held(*demand)
    given = actions.hold(order_number="late", demand=demand, until=None, plan=stale, trail=TRAIL, by=BY)
    assert (stale.allocations[0].warehouse, given[0].warehouse) == (near, far)
    with pytest.raises(OutOfStock) as refused:
        actions.hold(order_number="later", demand=demand, until=None, plan=stale, trail=TRAIL, by=BY)
    assert refused.value.shortages == (Shortage(sku="A", asked_units=1, free_units=0),)
    assert queries.audit() == ()


def test_a_plan_for_something_else_is_not_believed() -> None:
    received(A=5)
    plan = queries.plan(a_demand(A=1))
    actions.hold(order_number="o", demand=a_demand(A=4), until=None, plan=plan, trail=TRAIL, by=BY)
    assert levels("A") == [(5, 4)]


def test_a_release_puts_back_once_and_tells_once() -> None:
    received(A=5)
    number = held(A=3)
    for _ in range(2):
        actions.release(order_number=number, trail=TRAIL, by=BY)
    assert levels("A") == [(5, 0)]
    assert [fact.name for fact in told(number)] == ["supply.stock_held", "supply.stock_released"]
    assert told(number)[-1].lines == (Line(sku="A", quantity=3, amount_minor=0),)


def test_a_part_is_released_by_line_and_once_per_reference() -> None:
    received(A=5, B=5)
    number = held(A=3, B=2)
    actions.release_lines(order_number=number, units={1: 1}, reference="r-1", trail=TRAIL, by=BY)
    with pytest.raises(AlreadyMoved):
        actions.release_lines(order_number=number, units={1: 1}, reference="r-1", trail=TRAIL, by=BY)
    assert levels("A", "B") == [(5, 2), (5, 2)]
    with pytest.raises(NothingHeld):
        actions.release_lines(order_number=number, units={1: 1, 2: 3}, trail=TRAIL, by=BY)
    actions.release_lines(order_number=number, units={1: 2}, trail=TRAIL, by=BY)
    actions.release(order_number=number, trail=TRAIL, by=BY)
    assert levels("A", "B") == [(5, 0), (5, 0)]
    assert queries.audit() == ()


def test_a_bundle_is_released_with_all_its_parts() -> None:
    received(A=9, B=9)
    number = held(Demand(1, "A", 4, each_units=2), Demand(1, "B", 2))
    actions.release_lines(order_number=number, units={1: 1}, trail=TRAIL, by=BY)
    assert [(one.sku, one.open_units) for one in queries.reservations(number)] == [("A", 2), ("B", 1)]


def test_what_is_shipped_leaves_the_house_and_cannot_be_released() -> None:
    received(A=5, B=1)
    number = held(A=3, B=1)
    shipped(number)
    actions.release(order_number=number, trail=TRAIL, by=BY)
    assert levels("A", "B") == [(2, 0), (0, 0)]
    assert [fact.name for fact in told(number)] == ["supply.stock_held", "supply.stock_shipped"]
    with pytest.raises(NothingHeld):
        shipped(number)


def test_an_order_leaves_in_several_parcels_and_the_rest_can_be_released() -> None:
    received(A=5, B=1)
    number = held(A=3, B=1)
    first = Allocation(1, "A", "main", 2)
    actions.ship(order_number=number, parcel_id="P-1", pieces=[first], trail=TRAIL, by=BY)
    assert levels("A", "B") == [(3, 1), (1, 1)]
    with pytest.raises(NothingHeld):
        actions.ship(order_number=number, parcel_id="P-2", pieces=[first], trail=TRAIL, by=BY)
    with pytest.raises(AlreadyMoved):
        actions.ship(order_number=number, parcel_id="P-1", pieces=[replace(first, units=1)], trail=TRAIL, by=BY)
    actions.release(order_number=number, trail=TRAIL, by=BY)
    one, other = queries.reservations(number)
    assert (one.shipped_units, one.released_units, other.released_units) == (2, 1, 1)
    assert levels("A", "B") == [(3, 0), (1, 0)]
    (fact,) = [fact for fact in told(number) if fact.name == "supply.stock_shipped"]
    assert (fact.quantity, [line.sku for line in fact.lines]) == (2, ["A"])
    assert queries.audit() == ()


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [Allocation(1, "A", "main", 4)],
        [Allocation(2, "A", "main", 1)],
        [Allocation(1, "A", "other", 1)],
        [Allocation(1, "A", "main", 2), Allocation(1, "A", "main", 2)],
    ],
)
def test_nothing_is_shipped_that_was_not_promised(pieces: list[Allocation]) -> None:
    received(A=9)
    number = held(A=3)
    before = everything()
    with pytest.raises(NothingHeld):
        actions.ship(order_number=number, parcel_id="P", pieces=pieces, trail=TRAIL, by=BY)
    assert everything() == before


def test_what_was_sold_before_it_came_waits_until_it_is_here() -> None:
    received(A=1)
    actions.limit_backorder(sku="A", warehouse="main", units=2, trail=TRAIL, by=BY)
    number = held(A=3)
    with pytest.raises(OutOfStock):
        held(A=1)
    with pytest.raises(NotInTheHouse):
        shipped(number)
    assert levels("A") == [(1, 3)]
    received(A=2)
    shipped(number)
    assert levels("A") == [(0, 0)]
    assert queries.audit() == ()


def test_what_is_paid_is_kept_for_good_and_what_is_not_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    received(A=5)
    paid, late, early = (held(A=1, until=NOON + timedelta(minutes=n)) for n in (0, 0, 30))
    assert actions.keep(order_number=paid)
    assert {one.expires_at for one in queries.reservations(paid)} == {None}
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=1))
    assert [actions.expire(order_number=n, trail=TRAIL) for n in (paid, late, early, late)] == [
        False,
        True,
        False,
        False,
    ]
    assert not actions.keep(order_number=late)
    assert levels("A") == [(5, 2)]


def test_what_nobody_released_in_a_day_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON - timedelta(hours=1))
    received(A=5)
    number = held(A=1, until=NOON)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=23))
    actions.release_expired()
    assert queries.open_holds() == (number,)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=25))
    actions.release_expired()
    assert queries.open_holds() == ()
    assert [(fact.name, fact.actor) for fact in told(number)][1:] == [("supply.stock_released", "job:stock.expire")]


def test_movements_are_only_ever_added() -> None:
    received(A=5)
    for change in ("update supply_stock_movement set units = 6", "delete from supply_stock_movement"):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert Movement.objects.get(sku="A").units == 5


@pytest.mark.parametrize(
    "change",
    [
        "update supply_stock_level set held_units = on_hand_units + 1",
        "update supply_stock_level set held_units = -1",
        "update supply_stock_level set on_hand_units = -1, backorder_units = 9",
        "update supply_stock_level set defective_units = -1",
        "update supply_stock_level set in_transit_units = -1",
        "update supply_stock_reservation set shipped_units = units, released_units = 1",
        "update supply_stock_reservation set released_units = -1",
    ],
)
def test_the_database_itself_refuses_impossible_stock(change: str) -> None:
    received(A=5)
    held(A=2)
    with pytest.raises(DatabaseError, match="check constraint"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_audit_finds_whoever_writes_past_the_warehouse_and_the_repair_mends_it() -> None:
    received(A=5, B=5)
    number = held(A=2)
    assert queries.audit() == ()
    Level.objects.filter(sku="A").update(held_units=1)
    Level.objects.filter(sku="B").delete()
    a, b = queries.audit()
    assert (a.sku, a.held_units, a.moved_held_units, a.promised_units) == ("A", 1, 2, 2)
    assert (b.sku, b.on_hand_units, b.moved_on_hand_units) == ("B", 0, 5)
    assert queries.open_holds() == (number,)
    assert [actions.repair(sku=sku, warehouse="main", trail=TRAIL, by=BY) for sku in "ABA"] == [True, True, False]
    assert levels("A", "B") == [(5, 2), (5, 0)]
    assert queries.audit() == ()


def test_a_hold_is_open_until_it_is_released_or_shipped() -> None:
    received(A=9)
    kept, put_back, gone = sorted([held(A=1), held(A=1), held(A=1)])
    actions.release(order_number=put_back, trail=TRAIL, by=BY)
    shipped(gone)
    assert queries.open_holds() == (kept,)
    assert queries.held_among([kept, gone, put_back, "nobody"]) == {kept}
    assert [one.order_number for one in queries.open_reservations_of("A")] == [kept]
    assert pieces_of(gone) == ()


def test_an_order_number_that_promised_before_cannot_promise_the_same_again() -> None:
    received(A=9)
    number = an_order_number()
    actions.hold(order_number=number, demand=a_demand(A=1), until=None, trail=TRAIL, by=BY)
    with pytest.raises(DatabaseError, match="duplicate key"), transaction.atomic():
        actions.hold(order_number=number, demand=a_demand(A=1), until=None, trail=TRAIL, by=BY)
    assert levels("A") == [(9, 1)]
