"""The orders of the demonstration shop: in every state, with books that agree, and a relay that takes it from there."""

from __future__ import annotations

from collections import Counter

import pytest

from zhanggui.base.audit import ports as audit
from zhanggui.doors.rehearsal import actions, orders
from zhanggui.shop.fulfilment import models as parcel_tables
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.fulfilment.rules import State as ParcelState
from zhanggui.shop.orders import models
from zhanggui.shop.orders import queries as books
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns.models import Return
from zhanggui.shop.returns.rules import State as ReturnState
from zhanggui.shop.reviews.models import Review
from zhanggui.shop.reviews.rules import State as Opinion
from zhanggui.spine.relay import ports as relay
from zhanggui.spine.relay.actions import drain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_filled_shop")]

SIZES = {"days": 3, "sightings": 300, "orders": 10}


@pytest.fixture(scope="module")
def a_filled_shop(standing_world: None) -> None:
    """One for all tests."""
    actions.fill(shop="demo", **SIZES)


def test_orders_returns_and_parcels_stand_in_every_state_that_an_operator_meets() -> None:
    states = Counter(models.Order.objects.values_list("state", flat=True))
    assert sum(states.values()) == 46
    assert set(states) == set(State) - {State.EXPIRED}
    coming = set(Return.objects.values_list("state", flat=True))
    assert coming == {
        *(ReturnState.REQUESTED, ReturnState.DROP_OFF_BOOKED, ReturnState.IN_TRANSIT),
        *(ReturnState.RECEIVED, ReturnState.REFUNDED, ReturnState.REJECTED),
    }
    travelling = set(parcel_tables.Parcel.objects.values_list("state", flat=True))
    assert travelling >= set(ParcelState) - {ParcelState.CALLED_OFF, ParcelState.RETURNED_TO_SENDER}
    assert models.Invoice.objects.count() == 3
    assert Review.objects.filter(state=Opinion.PENDING).count() == 1


def test_the_books_of_all_shelves_agree_with_each_other() -> None:
    assert {name: list(ask()) for name, ask in audit.audits.items() if list(ask())} == {}


def test_the_relay_plans_the_parcels_of_what_is_paid_hands_over_what_is_not_sent_and_leaves_a_team_waiting() -> None:
    waiting = [order.pk for order in models.Order.objects.filter(state=State.PAID) if not parcels.parcels(order.pk)]
    for reader in relay.readers:
        drain(reader)
    planned = [number for number in waiting if parcels.parcels(number)]
    others = {books.order_by_number(number) for number in set(waiting) - set(planned)}
    assert len(planned) == 10
    assert {(line.sku, order.state) for order in others for line in order.lines} == {
        ("DIG-SEASONS-PLANNER", State.DELIVERED),
        ("SVC-GOLD-YEAR", State.DELIVERED),
        ("TEA-COLDBREW-12", State.PAID),
    }


def test_what_came_back_was_paid_back_the_way_it_was_paid() -> None:
    back = {refund.reason: refund for order in models.Order.objects.all() for refund in payments.refunds_of(order.pk)}
    assert {"changed_mind", "wrong_address", "wrong_item"} <= set(back)
    for order in models.Order.objects.filter(state=State.CANCELLED):
        assert books.order_by_number(order.pk).refunded == books.order_by_number(order.pk).total


def test_orders_are_placed_once() -> None:
    before = set(models.Order.objects.values_list("pk", flat=True))
    assert orders.place(shop="demo", idempotency_key="rehearsal/demo/orders") == len(before)
    assert set(models.Order.objects.values_list("pk", flat=True)) == before
