"""Stock: never negative, never promised twice, every change a movement."""

from __future__ import annotations

from itertools import count

import pytest
from django.db import DatabaseError, connection, transaction

from tests.shop.made import at_once, statements
from zhanggui.base import ids
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import operator
from zhanggui.spine.envelope import Envelope, Line
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.errors import AlreadyMoved, NothingHeld, OutOfStock, UnitsNotAllowed
from zhanggui.supply.stock.models import Level, Movement
from zhanggui.supply.stock.rules import Kind, Shortage

BY = operator("clerk")
CAUSE = ids.uuid7()
TRAIL = Trail(shop="tea", person="v-1", cause=CAUSE)
_numbers = count(1)


def an_order_number() -> str:
    return f"S-{ids.uuid7()}"[:30] + str(next(_numbers))


def received(**units: int) -> None:
    actions.receive(reference=f"delivery-{next(_numbers)}", units=units, trail=TRAIL, by=BY)


def held(**units: int) -> str:
    number = an_order_number()
    actions.hold(order_number=number, units=units, trail=TRAIL, by=BY)
    return number


def levels(*skus: str) -> list[tuple[int, int]]:
    found = (queries.level(sku) for sku in skus)
    return [(level.on_hand_units, level.held_units) for level in found]


def told(number: str) -> list[Envelope]:
    return list(log.of_order(shop="tea", order_number=number))


@pytest.mark.django_db
def test_what_was_received_can_be_sold() -> None:
    received(A=5, B=2)
    received(A=1)
    assert levels("A", "B", "never") == [(6, 0), (2, 0), (0, 0)]
    assert queries.free(["A", "B", "never"]) == {"A": 6, "B": 2, "never": 0}
    assert queries.audit() == ()


@pytest.mark.django_db
def test_a_delivery_is_taken_in_once() -> None:
    actions.receive(reference="note-1", units={"A": 5}, trail=TRAIL, by=BY)
    with pytest.raises(AlreadyMoved):
        actions.receive(reference="note-1", units={"A": 5, "B": 1}, trail=TRAIL, by=BY)
    assert levels("A", "B") == [(5, 0), (0, 0)]


@pytest.mark.django_db
@pytest.mark.parametrize("units", [0, -1, 1_000_000_001])
def test_stock_moves_in_whole_pieces(units: int) -> None:
    received(A=5)
    for verb in (actions.receive, actions.hold):
        name = "reference" if verb is actions.receive else "order_number"
        with pytest.raises(UnitsNotAllowed):
            verb(**{name: "N", "units": {"A": units}, "trail": TRAIL, "by": BY})
    assert levels("A") == [(5, 0)]


@pytest.mark.django_db
def test_a_hold_promises_all_lines_and_tells_one_fact() -> None:
    received(A=5, B=2)
    number = held(B=2, A=3)
    assert levels("A", "B") == [(5, 3), (2, 2)]
    (fact,) = told(number)
    assert (fact.name, fact.cause, fact.person, fact.quantity) == ("supply.stock_held", CAUSE, "v-1", 5)
    assert fact.lines == (Line(sku="A", quantity=3, amount_minor=0), Line(sku="B", quantity=2, amount_minor=0))
    assert [(m.sku, m.kind, m.units) for m in queries.movements(number)] == [("A", Kind.HELD, 3), ("B", Kind.HELD, 2)]


@pytest.mark.django_db
def test_a_hold_that_is_short_of_one_line_holds_nothing() -> None:
    received(A=5, B=2)
    number = an_order_number()
    with pytest.raises(OutOfStock) as refused:
        actions.hold(order_number=number, units={"A": 3, "B": 3}, trail=TRAIL, by=BY)
    assert refused.value.shortages == (Shortage(sku="B", asked_units=3, free_units=2),)
    assert levels("A", "B") == [(5, 0), (2, 0)]
    assert told(number) == []
    assert queries.movements(number) == ()


@pytest.mark.django_db
def test_a_release_puts_back_once_and_tells_once() -> None:
    received(A=5)
    number = held(A=3)
    for _ in range(2):
        actions.release(order_number=number, trail=TRAIL, by=BY)
    assert levels("A") == [(5, 0)]
    assert [fact.name for fact in told(number)] == ["supply.stock_held", "supply.stock_released"]
    assert told(number)[-1].lines == (Line(sku="A", quantity=3, amount_minor=0),)


@pytest.mark.django_db
def test_what_is_shipped_leaves_the_house_and_cannot_be_released() -> None:
    received(A=5, B=1)
    number = held(A=3, B=1)
    actions.ship(order_number=number, trail=TRAIL, by=BY)
    actions.release(order_number=number, trail=TRAIL, by=BY)
    assert levels("A", "B") == [(2, 0), (0, 0)]
    assert [fact.name for fact in told(number)] == ["supply.stock_held", "supply.stock_shipped"]
    with pytest.raises(NothingHeld):
        actions.ship(order_number=number, trail=TRAIL, by=BY)


@pytest.mark.django_db
def test_nothing_is_shipped_that_was_not_promised() -> None:
    with pytest.raises(NothingHeld):
        actions.ship(order_number="nobody", trail=TRAIL, by=BY)


@pytest.mark.django_db
def test_movements_are_only_ever_added() -> None:
    received(A=5)
    for change in ("update supply_stock_movement set units = 6", "delete from supply_stock_movement"):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert Movement.objects.get(sku="A").units == 5


@pytest.mark.django_db
def test_the_audit_finds_whoever_writes_past_the_warehouse() -> None:
    received(A=5, B=5)
    number = held(A=2)
    assert queries.audit() == ()
    Level.objects.filter(sku="A").update(held_units=1)
    Level.objects.filter(sku="B").delete()
    a, b = queries.audit()
    assert (a.sku, a.held_units, a.moved_held_units) == ("A", 1, 2)
    assert (b.sku, b.on_hand_units, b.moved_on_hand_units) == ("B", 0, 5)
    assert queries.open_holds() == (number,)


@pytest.mark.django_db
def test_a_hold_is_open_until_it_is_released_or_shipped() -> None:
    received(A=9)
    kept, put_back, gone = sorted([held(A=1), held(A=1), held(A=1)])
    actions.release(order_number=put_back, trail=TRAIL, by=BY)
    actions.ship(order_number=gone, trail=TRAIL, by=BY)
    assert queries.open_holds() == (kept,)
    assert queries.held_among([kept, gone, put_back, "nobody"]) == {kept}


@pytest.mark.django_db(transaction=True)
def test_fifty_holds_at_once_of_the_last_piece_hold_it_once() -> None:
    received(A=1)
    outcomes = at_once(lambda _: held(A=1), 50)
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, OutOfStock) for outcome in outcomes) == 49
    assert levels("A") == [(1, 1)]
    assert queries.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_holds_of_the_same_skus_in_any_order_do_not_block_each_other() -> None:
    received(A=100, B=100, C=100)
    baskets = [{"A": 1, "B": 1, "C": 1}, {"C": 1, "B": 1, "A": 1}, {"B": 1, "C": 1, "A": 1}]
    outcomes = at_once(lambda i: held(**baskets[i % 3]), 48)
    assert not any(isinstance(outcome, Refused) for outcome in outcomes)
    assert levels("A", "B", "C") == [(100, 48)] * 3
    assert queries.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_releasing_and_shipping_at_once_ends_each_hold_once() -> None:
    received(A=20)
    numbers = [held(A=1) for _ in range(10)]

    def end(turn: int) -> None:
        verb = actions.ship if turn % 2 else actions.release
        verb(order_number=numbers[turn // 4], trail=TRAIL, by=BY)

    at_once(end, 40)
    shipped = sum(any(m.kind is Kind.SHIPPED for m in queries.movements(number)) for number in numbers)
    assert all(len(queries.movements(number)) == 2 for number in numbers)
    assert levels("A") == [(20 - shipped, 0)]
    assert queries.audit() == ()
    assert queries.open_holds() == ()


@pytest.mark.django_db
def test_a_hold_takes_two_statements_however_many_lines_it_has() -> None:
    received(A=5, B=5, C=5)
    with statements() as sent:
        held(A=1, B=1, C=1)
    assert len(sent) == 2
