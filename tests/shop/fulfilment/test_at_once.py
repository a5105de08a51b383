"""The same verb twice at the same moment, and verbs that race each other, on a real database."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.shop.fulfilment.made import PAID_FACT, Porter, a_line, a_paid_order, a_parcel, a_scan, bring, in_stock
from tests.shop.made import CLERK, a_shop, at_once, facts_of, names
from zhanggui.base.errors import Refused
from zhanggui.shop.fulfilment import actions, models, queries
from zhanggui.shop.fulfilment.errors import AlreadyLeft, NotWanted, TransitionRefused
from zhanggui.shop.fulfilment.rules import Heard, ScanKind, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shelves() -> None:
    a_shop()
    in_stock(CUP=100)


def test_clerks_who_ship_the_same_parcel_at_once_make_one_label_and_move_the_stock_once(porter: Porter) -> None:
    parcel = a_parcel(state=State.PACKED)
    done = at_once(lambda _: actions.ship(parcel_id=parcel.id, by=CLERK), 8, threads=8)
    assert [one for one in done if isinstance(one, str)] == ["P000001"]
    assert Counter(type(one) for one in done) == {str: 1, TransitionRefused: 7}
    assert (len(porter.booked), porter.cancelled) == (1, [])
    assert stock.level("CUP").on_hand_units == 98
    told = names(facts_of(parcel.order_number))
    assert (told.count("shop.parcel_shipped"), told.count("supply.stock_shipped")) == (1, 1)


def test_an_order_that_is_called_off_while_its_parcel_is_being_booked_does_not_leave(porter: Porter) -> None:
    parcel = a_parcel(state=State.PACKED)
    porter.gate = threading.Event()

    def ship() -> object:
        try:
            return actions.ship(parcel_id=parcel.id, by=CLERK)
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        shipping = pool.submit(ship)
        while not porter.booked:
            threading.Event().wait(0.01)
        assert actions.call_off(order_number=parcel.order_number, by=CLERK) == 1
        porter.gate.set()
        assert isinstance(shipping.result(), TransitionRefused)
    assert queries.parcel_by_id(parcel.id).state is State.CALLED_OFF
    assert porter.cancelled == [parcel.id]
    assert stock.level("CUP").on_hand_units == 100


def test_calling_off_and_shipping_at_once_ends_in_exactly_one_of_them(porter: Porter) -> None:
    for _ in range(6):
        parcel = a_parcel(state=State.PACKED)
        before = stock.level("CUP").on_hand_units

        def one(nth: int, parcel_id: str = parcel.id, number: str = parcel.order_number) -> object:
            if nth % 2:
                return actions.ship(parcel_id=parcel_id, by=CLERK)
            return actions.call_off(order_number=number, by=CLERK)

        done = at_once(one, 2, threads=2)
        state = queries.parcel_by_id(parcel.id).state
        has_left = state is State.SHIPPED
        assert state in (State.SHIPPED, State.CALLED_OFF)
        assert [type(fault) for fault in done if isinstance(fault, Refused)] == [
            AlreadyLeft if has_left else TransitionRefused
        ]
        assert before - stock.level("CUP").on_hand_units == (2 if has_left else 0)


def test_the_last_two_parcels_that_leave_at_once_make_the_order_shipped() -> None:
    number = a_paid_order(a_line(1), a_line(2, destination=2))
    actions.plan(order_number=number, cause=PAID_FACT)
    both = [parcel.id for parcel in queries.parcels(number)]
    for parcel_id in both:
        bring(parcel_id, to=State.PACKED)
    at_once(lambda nth: actions.ship(parcel_id=both[nth], by=CLERK), 2, threads=2)
    assert orders.states([number])[number] is OrderState.SHIPPED
    at_once(lambda nth: actions.deliver(parcel_id=both[nth], by=CLERK), 2, threads=2)
    assert orders.states([number])[number] is OrderState.DELIVERED


def test_the_same_payment_told_at_once_plans_one_parcel() -> None:
    number = a_paid_order()
    done = at_once(lambda _: actions.plan(order_number=number, cause=PAID_FACT), 6, threads=6)
    assert Counter(done) == {(): 5, (f"{number}-1",): 1}
    assert len(queries.parcels(number)) == 1


def test_an_order_that_is_planned_and_called_off_at_once_never_leaves() -> None:
    for _ in range(6):
        number = a_paid_order()

        def one(nth: int, number: str = number) -> object:
            if nth % 2:
                return actions.plan(order_number=number, cause=PAID_FACT)
            return actions.call_off(order_number=number, by=CLERK)

        at_once(one, 2, threads=2)
        assert {parcel.state for parcel in queries.parcels(number)} <= {State.CALLED_OFF}


def test_the_same_notification_told_at_once_is_kept_once_and_delivers_once(porter: Porter) -> None:
    parcel = a_parcel(state=State.SHIPPED)
    message = porter.says([a_scan(parcel, ScanKind.OUT_FOR_DELIVERY), a_scan(parcel, ScanKind.DELIVERED)])
    done = at_once(lambda _: actions.hear(carrier="porter", message=message), 6, threads=6)
    assert sum(heard.new for heard in done if isinstance(heard, Heard)) == 2
    assert models.Event.objects.count() == 2
    assert queries.parcel_by_id(parcel.id).state is State.DELIVERED
    assert names(facts_of(parcel.order_number)).count("shop.parcel_delivered") == 1


def test_pieces_scanned_at_once_never_overfill_a_parcel() -> None:
    parcel = a_parcel(a_line(1, quantity=5))
    done = at_once(lambda _: actions.scan(parcel_ids=[parcel.id], sku="CUP", by=CLERK), 8, threads=8)
    assert sum(isinstance(one, NotWanted) for one in done) == 3
    picked = queries.parcel_by_id(parcel.id)
    assert (picked.picked_units, picked.state) == (5, State.PICKED)
