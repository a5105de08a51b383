"""What carriers say: believed once, in the order in which it happened, never backwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from tests.shop.fulfilment.made import Porter, a_line, a_parcel, a_scan, bring, in_stock, parcels_of
from tests.shop.made import CLERK, facts_of, names, only
from zhanggui.base import clock
from zhanggui.shop.fulfilment import actions, handlers, models, queries
from zhanggui.shop.fulfilment.errors import NoSuchCarrier, NothingToTakeIn
from zhanggui.shop.fulfilment.rules import Message, Parcel, ScanKind, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.rules import Condition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]


@pytest.fixture
def parcel(shop: None) -> Parcel:
    """A parcel on its way."""
    in_stock(CUP=10)
    return a_parcel(state=State.SHIPPED)


def state_of(parcel: Parcel) -> State:
    return queries.parcel_by_id(parcel.id).state


def test_a_parcel_is_delivered_when_its_carrier_saw_it_delivered(
    parcel: Parcel, porter: Porter, wait: Callable[[timedelta], datetime]
) -> None:
    signed_at = wait(timedelta())
    wait(timedelta(hours=5))
    heard = actions.hear(carrier="porter", message=porter.says([a_scan(parcel, at=signed_at)]))
    assert (heard.new, heard.moved) == (1, (parcel.id,))
    assert queries.delivered_at(parcel.order_number) == {1: signed_at}
    fact = only(facts_of(parcel.order_number), "shop.parcel_delivered")
    assert (fact.at, fact.actor) == (signed_at, "partner:porter")


def test_scans_in_any_order_and_told_twice_end_the_same(shop: None, porter: Porter) -> None:
    in_stock(CUP=100)
    start = clock.now() - timedelta(hours=10)
    way = [ScanKind.ACCEPTED, ScanKind.OUT_FOR_DELIVERY, ScanKind.DELIVERED]
    for told in permutations(range(3)):
        parcel = a_parcel(state=State.SHIPPED)
        scans = [a_scan(parcel, kind, at=start + timedelta(hours=nth)) for nth, kind in enumerate(way)]
        for nth in (*told, *told):
            actions.hear(carrier="porter", message=porter.says([scans[nth]]))
        assert state_of(parcel) is State.DELIVERED
        assert [scan.kind for scan in queries.scans_of([queries.parcel_by_id(parcel.id)])[parcel.id]] == way
        assert names(facts_of(parcel.order_number)).count("shop.parcel_delivered") == 1


def test_a_parcel_that_arrived_does_not_go_back_on_its_way(parcel: Parcel, porter: Porter) -> None:
    actions.hear(carrier="porter", message=porter.says([a_scan(parcel)]))
    late = [a_scan(parcel, ScanKind.IN_TRANSIT), a_scan(parcel, ScanKind.LOST)]
    assert actions.hear(carrier="porter", message=porter.says(late)).moved == ()
    assert state_of(parcel) is State.DELIVERED
    assert models.Event.objects.count() == 3


@pytest.mark.parametrize(
    ("kind", "state", "fact"),
    [
        (ScanKind.LOST, State.LOST, "shop.parcel_lost"),
        (ScanKind.RETURNED, State.RETURNED_TO_SENDER, "shop.parcel_sent_back"),
    ],
)
def test_a_parcel_that_does_not_arrive_leaves_its_order_shipped(
    parcel: Parcel, porter: Porter, kind: ScanKind, state: State, fact: str
) -> None:
    actions.hear(carrier="porter", message=porter.says([a_scan(parcel, kind)]))
    assert state_of(parcel) is state
    assert fact in names(facts_of(parcel.order_number))
    assert orders.states([parcel.order_number])[parcel.order_number] is OrderState.SHIPPED
    assert queries.delivered_at(parcel.order_number) == {}


def test_a_scan_of_a_parcel_that_is_not_written_down_yet_waits_for_it(shop: None, porter: Porter) -> None:
    in_stock(CUP=10)
    packed = a_parcel(state=State.PACKED)
    early = a_scan(packed)
    scan = type(early)(
        event_id="ev-1", tracking="P000001", kind=ScanKind.DELIVERED, place="", at=clock.now() - timedelta(minutes=1)
    )
    assert actions.hear(carrier="porter", message=porter.says([scan])).moved == ()
    actions.ship(parcel_id=packed.id, by=CLERK)
    assert state_of(packed) is State.DELIVERED


def test_what_a_carrier_did_not_tell_is_asked_for(parcel: Parcel, porter: Porter) -> None:
    porter.said = (a_scan(parcel),)
    assert actions.pull(parcel_id=parcel.id).moved == (parcel.id,)
    assert state_of(parcel) is State.DELIVERED
    assert actions.pull(parcel_id=parcel.id).new == 0


def test_only_silent_parcels_are_asked_after(shop: None, porter: Porter, wait: Callable[[timedelta], datetime]) -> None:
    in_stock(CUP=10)
    silent, talking = a_parcel(state=State.SHIPPED), a_parcel(state=State.SHIPPED)
    by_hand = a_parcel(state=State.PACKED)
    actions.hand_over(parcel_id=by_hand.id, carrier="SF", tracking="SF1", by=CLERK)
    assert queries.silent() == ()
    wait(timedelta(hours=1))
    actions.hear(carrier="porter", message=porter.says([a_scan(talking, ScanKind.ACCEPTED)]))
    assert queries.silent() == (silent.id,)
    handlers.track(parcel_id=silent.id)
    assert {job.name for job in handlers.jobs} >= {"fulfilment.track_silent", "fulfilment.track"}


def test_a_future_moment_is_taken_as_now(parcel: Parcel, porter: Porter, wait: Callable[[timedelta], datetime]) -> None:
    now = wait(timedelta())
    scan = a_scan(parcel, at=now + timedelta(days=3))
    actions.hear(carrier="porter", message=porter.says([scan]))
    assert queries.parcel_by_id(parcel.id).delivered_at == now


def test_a_carrier_that_is_not_plugged_in_is_not_heard() -> None:
    with pytest.raises(NoSuchCarrier):
        actions.hear(carrier="nobody", message=Message(body=b""))


@pytest.mark.parametrize(("condition", "on_hand"), [(Condition.SELLABLE, 10), (Condition.DEFECTIVE, 8)])
def test_what_came_back_is_put_away_once(parcel: Parcel, condition: Condition, on_hand: int) -> None:
    with pytest.raises(NothingToTakeIn):
        actions.take_in(parcel_id=parcel.id, condition=condition, by=CLERK)
    actions.return_to_sender(parcel_id=parcel.id, by=CLERK)
    actions.take_in(parcel_id=parcel.id, condition=condition, by=CLERK)
    with pytest.raises(NothingToTakeIn):
        actions.take_in(parcel_id=parcel.id, condition=condition, by=CLERK)
    assert stock.level("CUP").on_hand_units == on_hand


def test_a_line_in_two_parcels_is_delivered_with_the_second(shop: None) -> None:
    in_stock(CUP=10)
    one, two = parcels_of(a_line(1), a_line(2, destination=2))
    for parcel in (one, two):
        bring(parcel.id, to=State.SHIPPED)
    actions.deliver(parcel_id=two.id, by=CLERK)
    assert set(queries.delivered_at(one.order_number)) == {2}
