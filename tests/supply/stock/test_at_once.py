"""Many at once on real PostgreSQL: exactly what there is is promised, nobody waits for ever, everything adds up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.shop.made import at_once
from tests.supply.stock.made import BY, NOON, TRAIL, a_warehouse, held, levels, pieces_of, received, shipped
from zhanggui.base.errors import Refused
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.errors import AlreadyMoved, NothingHeld, OutOfStock, TooFewThere
from zhanggui.supply.stock.rules import Demand, Kind

pytestmark = pytest.mark.django_db(transaction=True)


def won(outcomes: list[str | Refused]) -> list[str]:
    return [outcome for outcome in outcomes if isinstance(outcome, str)]


def test_fifty_holds_at_once_of_the_last_piece_hold_it_once() -> None:
    received(A=1)
    outcomes = at_once(lambda _: held(A=1), 50)
    assert len(won(outcomes)) == 1
    assert sum(isinstance(outcome, OutOfStock) for outcome in outcomes) == 49
    assert levels("A") == [(1, 1)]
    assert queries.audit() == ()


def test_as_many_buyers_as_pieces_in_three_warehouses_are_all_served() -> None:
    for days, code in enumerate(("north", "east", "south"), start=1):
        received(a_warehouse(code, days=days), A=10)
    outcomes = at_once(lambda _: held(A=1), 36)
    assert len(won(outcomes)) == 30
    assert queries.free(["A"]) == {"A": 0}
    assert queries.audit() == ()


def test_holds_of_the_same_skus_in_any_order_do_not_block_each_other() -> None:
    received(A=100, B=100, C=100)
    baskets = [{"A": 1, "B": 1, "C": 1}, {"C": 1, "B": 1, "A": 1}, {"B": 1, "C": 1, "A": 1}]
    outcomes = at_once(lambda i: held(**baskets[i % 3]), 48)
    assert len(won(outcomes)) == 48
    assert levels("A", "B", "C") == [(100, 48)] * 3
    assert queries.audit() == ()


def test_bundle_parts_that_two_lines_share_are_never_promised_twice() -> None:
    received(A=30, B=30)
    both = (Demand(1, "A", 2, each_units=2), Demand(1, "B", 1), Demand(2, "A", 1))
    other = (Demand(1, "B", 2), Demand(2, "A", 1))
    outcomes = at_once(lambda i: held(*(both if i % 2 else other)), 40)
    (a, b) = levels("A", "B")
    assert a[1] <= 30 >= b[1]
    assert sum(one.units for number in won(outcomes) for one in queries.reservations(number)) == a[1] + b[1]
    assert queries.audit() == ()


def test_releasing_and_shipping_at_once_ends_each_hold_once() -> None:
    received(A=20)
    numbers = [held(A=1) for _ in range(10)]
    pieces = {number: pieces_of(number) for number in numbers}

    def end(turn: int) -> None:
        number = numbers[turn // 4]
        if turn % 2:
            parcel = f"{number}/{turn}"
            actions.ship(order_number=number, parcel_id=parcel, pieces=pieces[number], trail=TRAIL, by=BY)
        else:
            actions.release(order_number=number, trail=TRAIL, by=BY)

    outcomes = at_once(end, 40)
    assert all(outcome is None or isinstance(outcome, NothingHeld) for outcome in outcomes)
    ended = [one for number in numbers for one in queries.reservations(number)]
    assert all(one.shipped_units + one.released_units == 1 for one in ended)
    assert levels("A") == [(20 - sum(one.shipped_units for one in ended), 0)]
    assert queries.audit() == ()
    assert queries.open_holds() == ()


def test_expiring_and_keeping_at_once_ends_one_way() -> None:
    received(A=20)
    numbers = [held(A=1, until=NOON - timedelta(days=400)) for _ in range(10)]

    def end(turn: int) -> tuple[str, bool]:
        number = numbers[turn // 2]
        if turn % 2:
            return number, actions.keep(order_number=number)
        return number, actions.expire(order_number=number, trail=TRAIL)

    outcomes = [outcome for outcome in at_once(end, 20) if isinstance(outcome, tuple)]
    for number in numbers:
        assert sorted(did for whose, did in outcomes if whose == number) == [False, True]
    assert levels("A") == [(20, len(queries.open_holds()))]
    assert queries.audit() == ()


def test_part_releases_with_one_reference_happen_once() -> None:
    received(A=20)
    number = held(A=10)

    def part(_: int) -> None:
        actions.release_lines(order_number=number, units={1: 2}, reference="r", trail=TRAIL, by=BY)

    outcomes = at_once(part, 6)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyMoved) for outcome in outcomes) == 5
    assert levels("A") == [(20, 8)]
    assert queries.audit() == ()


def test_selling_sending_and_writing_off_at_once_never_give_a_piece_twice() -> None:
    a_warehouse("far", days=9)
    received(A=30)

    def take(turn: int) -> str | None:
        if turn % 3 == 0:
            return held(A=1)
        if turn % 3 == 1:
            way = {"from_warehouse": "main", "to_warehouse": "far"}
            actions.send(reference=f"t-{turn}", units={"A": 1}, trail=TRAIL, by=BY, **way)
        else:
            actions.count(reference=f"c-{turn}", warehouse="main", counted={"A": 30}, trail=TRAIL, by=BY)
            actions.receive(reference=f"n-{turn}", units={"A": 1}, trail=TRAIL, by=BY)
        return None

    outcomes = at_once(take, 48)
    assert all(not isinstance(outcome, Refused) or isinstance(outcome, TooFewThere) for outcome in outcomes)
    assert queries.level("A").held_units == len(won(outcomes)) == 16
    assert queries.audit() == ()


def test_shipping_and_holding_in_several_warehouses_at_once_keeps_the_books() -> None:
    for days, code in enumerate(("north", "east"), start=1):
        received(a_warehouse(code, days=days), A=15, B=15)

    def buy(turn: int) -> str:
        number = held(A=1, B=1) if turn % 2 else held(B=1, A=1)
        if turn % 3 == 0:
            shipped(number, parcel=f"P-{turn}")
        elif turn % 3 == 1:
            actions.release(order_number=number, trail=TRAIL, by=BY)
        return number

    numbers = won(at_once(buy, 40))
    left = sum(one.shipped_units for number in numbers for one in queries.reservations(number) if one.sku == "A")
    assert sum(level.on_hand_units for level in queries.levels_of("A")) == 30 - left
    assert all(m.kind in (Kind.HELD, Kind.RELEASED) for number in numbers for m in queries.movements(number))
    assert queries.audit() == ()
