"""Parcels from the payment to the carrier, on a real database: the exact rows, the exact facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.shop.fulfilment.made import (
    PAID_FACT,
    Porter,
    a_line,
    a_paid_order,
    a_parcel,
    bring,
    in_stock,
    parcels_of,
)
from tests.shop.made import CLERK, SHOP, cny, facts_of, names, only, statements
from zhanggui.shop.fulfilment import actions, handlers, models, queries, rules
from zhanggui.shop.fulfilment.errors import (
    AlreadyLeft,
    CannotMerge,
    CannotSplit,
    CarrierUnreachable,
    NoSuchCarrier,
    NoSuchParcel,
    NotWanted,
    TrackingNotAllowed,
    TrackingTaken,
    TransitionRefused,
    UnitsDiffer,
    WeightNotAllowed,
)
from zhanggui.shop.fulfilment.rules import State, Take
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Part
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.spine.facts import registry
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]


def state_of(parcel_id: str) -> State:
    return queries.parcel_by_id(parcel_id).state


def order_state(number: str) -> OrderState:
    return orders.states([number])[number]


def test_a_paid_order_is_planned_as_one_parcel_per_place(wait: Callable[[timedelta], datetime]) -> None:
    in_stock(CUP=10, POT=10)
    number = a_paid_order(
        a_line(1, sku="CUP", quantity=2, amount=10001),
        a_line(2, sku="POT", quantity=1, amount=5000),
        a_line(3, sku="CUP", quantity=1, amount=3000, destination=2),
        promised_on=date(2026, 11, 25),
    )
    assert actions.plan(order_number=number, cause=PAID_FACT) == (f"{number}-1", f"{number}-2")
    one, two = queries.parcels(number)
    assert [(line.position, line.sku, line.units, line.amount) for line in one.lines] == [
        (1, "CUP", 2, cny(10001)),
        (2, "POT", 1, cny(5000)),
    ]
    assert [(line.position, line.sku, line.units) for line in two.lines] == [(3, "CUP", 1)]
    assert (one.destination, two.destination, one.carrier) == (1, 2, "porter")
    assert one.ship_by - one.paid_at == timedelta(hours=48)
    assert one.promised_on == date(2026, 11, 25)
    assert names(facts_of(number)) == ["shop.order_placed", "supply.stock_held"]


def test_an_order_is_planned_once_however_often_its_payment_is_told() -> None:
    in_stock(CUP=10)
    number = a_paid_order()
    assert actions.plan(order_number=number, cause=PAID_FACT)
    assert actions.plan(order_number=number, cause=PAID_FACT) == ()
    assert len(queries.parcels(number)) == 1


def test_planning_an_order_takes_few_statements() -> None:
    in_stock(CUP=10, POT=10)
    number = a_paid_order(a_line(1), a_line(2, sku="POT"))
    with statements() as sent:
        actions.plan(order_number=number, cause=PAID_FACT)
    assert len(sent) == 5, sent  # order, claim, reservations, parcels, lines


def test_the_reader_plans_what_was_paid_and_leaves_strangers_alone() -> None:
    in_stock(CUP=10)
    number = a_paid_order()
    told = only(facts_of(number), "shop.order_placed")
    handlers.plan([told])
    assert [parcel.cause for parcel in queries.parcels(number)] == [told.id]
    assert handlers.reader.names == {"shop.payment_settled", "shop.difference_settled"}


def test_the_parts_of_a_bundle_share_what_it_cost() -> None:
    in_stock(CUP=10, POT=10)
    parts = (Part(sku="CUP", units=4), Part(sku="POT", units=1))
    parcel = a_parcel(a_line(1, sku="SET", quantity=1, amount=9999, parts=parts))
    assert [(line.sku, line.units, line.amount) for line in parcel.lines] == [
        ("CUP", 4, cny(7999)),
        ("POT", 1, cny(2000)),
    ]


def test_what_needs_no_shipping_is_delivered_at_once(wait: Callable[[timedelta], datetime]) -> None:
    number = a_paid_order(a_line(1, sku="EBOOK", needs_shipping=False))
    assert actions.plan(order_number=number, cause=PAID_FACT) == ()
    assert queries.delivered_at(number) == {1: wait(timedelta())}
    assert order_state(number) is OrderState.DELIVERED


def test_an_order_with_goods_and_a_file_waits_for_its_goods() -> None:
    in_stock(CUP=10)
    number = a_paid_order(a_line(1), a_line(2, sku="EBOOK", needs_shipping=False))
    actions.plan(order_number=number, cause=PAID_FACT)
    assert set(queries.delivered_at(number)) == {2}
    assert order_state(number) is OrderState.PAID


def test_a_parcel_goes_from_the_shelf_to_the_door(wait: Callable[[timedelta], datetime]) -> None:
    in_stock(CUP=10)
    parcel = a_parcel(state=State.PACKED)
    number = parcel.order_number
    assert actions.ship(parcel_id=parcel.id, by=CLERK) == "P000001"
    shipped = queries.parcel_by_id(parcel.id)
    assert (shipped.state, shipped.tracking, shipped.label_address) == (
        State.SHIPPED,
        "P000001",
        "http://porter/label",
    )
    assert [(one.units, one.shipped_units) for one in stock.reservations(number)] == [(2, 2)]
    assert stock.level("CUP").on_hand_units == 8
    assert order_state(number) is OrderState.SHIPPED
    at = wait(timedelta(days=1))
    actions.deliver(parcel_id=parcel.id, by=CLERK)
    assert queries.delivered_at(number) == {1: at}
    assert order_state(number) is OrderState.DELIVERED
    told = facts_of(number)
    assert names(told) == [
        "shop.order_placed",
        "shop.parcel_delivered",
        "shop.parcel_packed",
        "shop.parcel_shipped",
        "supply.stock_held",
        "supply.stock_shipped",
    ]
    packed, left = only(told, "shop.parcel_packed"), only(told, "shop.parcel_shipped")
    assert (packed.cause, left.cause) == (PAID_FACT, packed.id)
    assert only(told, "supply.stock_shipped").cause == left.id
    fact = registry.decode(left.name, left.version, left.body)
    assert (fact.carrier, fact.lines[0].quantity, fact.lines[0].amount_minor) == ("porter", 2, 10000)  # type: ignore[attr-defined]


VERBS: dict[State, Callable[[str], object]] = {
    State.PICKED: lambda id: actions.pick(parcel_id=id, by=CLERK),
    State.PACKED: lambda id: actions.pack(parcel_id=id, weight_g=500, by=CLERK),
    State.SHIPPED: lambda id: actions.ship(parcel_id=id, by=CLERK),
    State.DELIVERED: lambda id: actions.deliver(parcel_id=id, by=CLERK),
    State.LOST: lambda id: actions.lose(parcel_id=id, by=CLERK),
    State.RETURNED_TO_SENDER: lambda id: actions.return_to_sender(parcel_id=id, by=CLERK),
}


OUT_OF_TURN = [
    (state, to)
    for state in (State.PLANNED, State.PICKED, State.PACKED, State.SHIPPED)
    for to in VERBS
    if to not in rules.FOLLOWS[state]
]


@pytest.mark.parametrize(("state", "to"), OUT_OF_TURN)
def test_a_verb_out_of_turn_is_refused_with_a_reason_and_changes_nothing(state: State, to: State) -> None:
    in_stock(CUP=10)
    parcel = a_parcel(state=state)
    told = len(facts_of(parcel.order_number))
    with pytest.raises(TransitionRefused) as refused:
        VERBS[to](parcel.id)
    assert refused.value.reason == rules.refusal(state, to=to)
    assert queries.parcel_by_id(parcel.id) == parcel
    assert len(facts_of(parcel.order_number)) == told


def test_two_parcels_ship_an_order_in_two_steps() -> None:
    in_stock(CUP=10)
    one, two = parcels_of(a_line(1), a_line(2, destination=2))
    for parcel, shipped in ((one, OrderState.SHIPPING), (two, OrderState.SHIPPED)):
        bring(parcel.id, to=State.SHIPPED)
        assert order_state(one.order_number) is shipped
    for parcel, delivered in ((one, OrderState.SHIPPED), (two, OrderState.DELIVERED)):
        actions.deliver(parcel_id=parcel.id, by=CLERK)
        assert order_state(one.order_number) is delivered


def test_scanning_gives_each_piece_to_the_most_urgent_parcel(wait: Callable[[timedelta], datetime]) -> None:
    in_stock(CUP=10, POT=10)
    first = a_parcel(a_line(1, quantity=1), a_line(2, sku="POT", quantity=1))
    wait(timedelta(minutes=5))
    second = a_parcel(a_line(1, quantity=2))
    both = [second.id, first.id]
    picked = [actions.scan(parcel_ids=both, sku="CUP", by=CLERK) for _ in range(3)]
    assert [(one.parcel_id, one.left_units) for one in picked] == [(first.id, 1), (second.id, 1), (second.id, 0)]
    assert (state_of(first.id), state_of(second.id)) == (State.PLANNED, State.PICKED)
    with pytest.raises(NotWanted):
        actions.scan(parcel_ids=both, sku="CUP", by=CLERK)
    actions.scan(parcel_ids=both, sku="POT", by=CLERK)
    assert state_of(first.id) is State.PICKED


def test_nothing_is_packed_that_was_not_counted_right() -> None:
    in_stock(CUP=10)
    parcel = a_parcel(state=State.PICKED)
    with pytest.raises(UnitsDiffer) as refused:
        actions.pack(parcel_id=parcel.id, weight_g=800, counted={"CUP": 1}, by=CLERK)
    assert (refused.value.sku, refused.value.wanted_units, refused.value.counted_units) == ("CUP", 2, 1)
    with pytest.raises(UnitsDiffer):
        actions.pack(parcel_id=parcel.id, weight_g=800, counted={"CUP": 2, "POT": 1}, by=CLERK)
    assert state_of(parcel.id) is State.PICKED
    actions.pack(parcel_id=parcel.id, weight_g=800, counted={"CUP": 2}, by=CLERK)
    assert state_of(parcel.id) is State.PACKED


@pytest.mark.parametrize("weight_g", [0, -1, rules.HEAVIEST_G + 1])
def test_a_parcel_weighs_something(weight_g: int) -> None:
    in_stock(CUP=10)
    parcel = a_parcel(state=State.PICKED)
    with pytest.raises(WeightNotAllowed):
        actions.pack(parcel_id=parcel.id, weight_g=weight_g, by=CLERK)
    assert state_of(parcel.id) is State.PICKED


def test_a_parcel_is_split_and_merged_again_without_losing_a_piece_or_a_cent() -> None:
    in_stock(CUP=10, POT=10)
    parcel = a_parcel(a_line(1, quantity=3, amount=1000), a_line(2, sku="POT", quantity=1, amount=77))
    other = actions.split(parcel_id=parcel.id, takes=[Take(position=1, sku="CUP", units=2)], by=CLERK)
    one, two = queries.parcels(parcel.order_number)
    assert (two.id, two.number, two.state) == (other, f"{parcel.order_number}-2", State.PLANNED)
    assert [(line.sku, line.units, line.amount) for line in one.lines] == [("CUP", 1, cny(333)), ("POT", 1, cny(77))]
    assert [(line.sku, line.units, line.amount) for line in two.lines] == [("CUP", 2, cny(667))]
    assert actions.merge(parcel_ids=[parcel.id, other], by=CLERK) == parcel.id
    assert queries.parcels(parcel.order_number) == (parcel,)


@pytest.mark.parametrize(
    ("takes", "reason"),
    [
        ([], "nothing_moved"),
        ([Take(position=1, sku="CUP", units=2)], "nothing_left"),
        ([Take(position=1, sku="CUP", units=3)], "more_than_there"),
        ([Take(position=1, sku="CUP", units=-1)], "more_than_there"),
        ([Take(position=2, sku="CUP", units=1)], "more_than_there"),
    ],
)
def test_what_cannot_be_split_stays_whole(takes: list[Take], reason: str) -> None:
    in_stock(CUP=10)
    parcel = a_parcel()
    with pytest.raises(CannotSplit) as refused:
        actions.split(parcel_id=parcel.id, takes=takes, by=CLERK)
    assert refused.value.reason == reason
    assert queries.parcels(parcel.order_number) == (parcel,)


def test_only_parcels_to_one_place_are_merged() -> None:
    in_stock(CUP=10)
    one, two = parcels_of(a_line(1), a_line(2, destination=2))
    stranger = a_parcel()
    for ids_, reason in (
        ([one.id, two.id], "not_alike"),
        ([one.id, stranger.id], "not_alike"),
        ([one.id], "one_parcel"),
    ):
        with pytest.raises(CannotMerge) as refused:
            actions.merge(parcel_ids=ids_, by=CLERK)
        assert refused.value.reason == reason
    assert queries.parcels(one.order_number) == (one, two)


def test_an_order_is_called_off_before_anything_left() -> None:
    in_stock(CUP=10)
    one, two = parcels_of(a_line(1), a_line(2, destination=2))
    bring(one.id, to=State.PACKED)
    assert actions.call_off(order_number=one.order_number, by=CLERK) == 2
    assert {state_of(one.id), state_of(two.id)} == {State.CALLED_OFF}
    assert actions.call_off(order_number=one.order_number, by=CLERK) == 0
    assert not ProcrastinateJob.objects.filter(task_name="fulfilment.give_label_back").exists()


def test_an_order_of_which_a_part_has_left_is_not_called_off() -> None:
    in_stock(CUP=10)
    one, two = parcels_of(a_line(1), a_line(2, destination=2))
    bring(one.id, to=State.SHIPPED)
    with pytest.raises(AlreadyLeft) as refused:
        actions.call_off(order_number=one.order_number, by=CLERK)
    assert refused.value.parcels == (one.number,)
    assert state_of(two.id) is State.PLANNED
    assert models.Plan.objects.get(pk=one.order_number).called_off_at is None


def test_what_was_called_off_before_it_was_planned_is_never_planned() -> None:
    in_stock(CUP=10)
    number = a_paid_order()
    assert actions.call_off(order_number=number, by=CLERK) == 0
    assert actions.plan(order_number=number, cause=PAID_FACT) == ()
    assert queries.parcels(number) == ()


def test_an_order_that_was_cancelled_is_not_planned() -> None:
    in_stock(CUP=10)
    number = a_paid_order()
    orders_actions.cancel_paid(order_number=number, reason="test", trail=Trail(shop=SHOP), by=CLERK)
    assert actions.plan(order_number=number, cause=PAID_FACT) == ()


def test_a_carrier_that_does_not_answer_leaves_the_parcel_packed(porter: Porter) -> None:
    in_stock(CUP=10)
    parcel = a_parcel(state=State.PACKED)
    porter.is_away = True
    with pytest.raises(CarrierUnreachable):
        actions.ship(parcel_id=parcel.id, by=CLERK)
    assert state_of(parcel.id) is State.PACKED
    assert stock.level("CUP").on_hand_units == 10
    porter.is_away = False
    assert actions.ship(parcel_id=parcel.id, by=CLERK) == "P000001"


def test_a_label_that_may_have_been_made_is_given_back_when_the_order_is_called_off(porter: Porter) -> None:
    in_stock(CUP=10)
    parcel = a_parcel(state=State.PACKED)
    porter.is_away = True
    with pytest.raises(CarrierUnreachable):
        actions.ship(parcel_id=parcel.id, by=CLERK)
    actions.call_off(order_number=parcel.order_number, by=CLERK)
    job = ProcrastinateJob.objects.get(task_name="fulfilment.give_label_back")
    assert job.args == {"parcel_id": parcel.id, "carrier": "porter"}
    actions.give_label_back(**job.args)
    assert porter.cancelled == [parcel.id]


def test_a_parcel_leaves_with_a_label_that_came_on_paper(porter: Porter) -> None:
    in_stock(CUP=10)
    one, two = a_parcel(state=State.PACKED), a_parcel(state=State.PACKED)
    actions.hand_over(parcel_id=one.id, carrier="SF", tracking="SF123", by=CLERK)
    assert (state_of(one.id), porter.asked) == (State.SHIPPED, 0)
    with pytest.raises(TrackingTaken):
        actions.hand_over(parcel_id=two.id, carrier="SF", tracking="SF123", by=CLERK)
    with pytest.raises(TrackingNotAllowed):
        actions.hand_over(parcel_id=two.id, carrier="SF", tracking="SF 1<b>", by=CLERK)
    assert state_of(two.id) is State.PACKED
    assert stock.level("CUP").on_hand_units == 8


def test_a_carrier_that_is_not_there_books_nothing() -> None:
    in_stock(CUP=10)
    parcel = a_parcel(state=State.PACKED)
    models.Parcel.objects.filter(pk=parcel.id).update(carrier="gone")
    with pytest.raises(NoSuchCarrier):
        actions.ship(parcel_id=parcel.id, by=CLERK)


@pytest.mark.parametrize("parcel_id", ["01a2018d-6b0b-7ceb-ae55-9d8c51859202", "nonsense", ""])
def test_a_parcel_that_is_not_there_is_refused(parcel_id: str) -> None:
    with pytest.raises(NoSuchParcel):
        actions.pick(parcel_id=parcel_id, by=CLERK)


def test_of_many_parcels_each_has_its_own_outcome() -> None:
    in_stock(CUP=10)
    ready, early = a_parcel(state=State.PACKED), a_parcel()
    done = actions.each([ready.id, early.id], lambda id: actions.ship(parcel_id=id, by=CLERK))
    assert [(one.parcel_id, type(one.fault)) for one in done] == [
        (ready.id, type(None)),
        (early.id, TransitionRefused),
    ]
