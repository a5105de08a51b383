"""Money without goods: a paid order called off, a lost parcel, goodwill to the cent."""

from __future__ import annotations

import pytest

from tests.shop import made
from tests.shop.returns import arrived
from tests.shop.returns.arrived import HERE, STAFF, an_arrived_order, settled
from tests.worlds import made_once
from zhanggui.base.operation.rules import customer
from zhanggui.shop.fulfilment.errors import AlreadyLeft
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions, queries
from zhanggui.shop.returns.errors import CannotCallOff, GoodwillTooHigh, NothingToRefund, WordsMissing
from zhanggui.shop.returns.rules import Reason, State
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None) -> None:
    made.a_shop()
    made.a_product("CUP", price=10000)


def call_off(order: Order) -> None:
    actions.call_off_paid(
        order_number=order.number, reason="changed_mind", trail=order.trail, by=customer(order.person)
    )


def give(order: Order, minor: int, *, words: str = "a scratch", is_unlimited: bool = False) -> str:
    return actions.give_goodwill(
        order_number=order.number,
        amount=made.cny(minor),
        words=words,
        is_unlimited=is_unlimited,
        trail=HERE,
        by=STAFF,
    )


def test_a_paid_order_is_called_off_with_its_stock_and_all_of_its_money() -> None:
    free = stock.free(["CUP"])["CUP"]
    order = arrived.a_paid_order({"CUP": 2})

    call_off(order)

    after = orders.order_by_number(order.number)
    assert (after.state, after.refunded) == (OrderState.CANCELLED, order.total)
    assert after.lines[0].returned_units == 2
    assert stock.free(["CUP"])["CUP"] == free
    (refund,) = payments.refunds_of(order.number)
    assert refund.amount == order.total
    assert "shop.order_cancelled" in made.names(made.facts_of(order.number))


def test_an_order_that_has_left_or_was_never_paid_is_not_called_off() -> None:
    left, unpaid = arrived.sent(arrived.a_paid_order()), orders.order_by_number(made.an_order().order_number)
    for order in (left, unpaid):
        with pytest.raises((CannotCallOff, AlreadyLeft)):
            call_off(order)
        assert orders.order_by_number(order.number).state is order.state
        assert not payments.refunds_of(order.number)


def test_somebody_elses_order_is_not_called_off() -> None:
    order, stranger = arrived.a_paid_order(), made.a_walk()
    with pytest.raises(NoSuchOrder):
        actions.call_off_paid(order_number=order.number, reason="x", trail=stranger, by=made.by(stranger))
    assert orders.order_by_number(order.number).state is OrderState.PAID


def test_what_was_lost_is_paid_back_with_its_way_out() -> None:
    order = arrived.sent(arrived.a_paid_order({"CUP": 2}))
    number = actions.give_lost(order_number=order.number, units={1: 1}, words="lost", trail=HERE, by=STAFF)
    found = queries.return_by_number(number)
    assert (found.state, found.reason, found.is_kept) == (State.REFUNDED, Reason.LOST, True)
    assert found.refunded.minor == 10000 + 600
    assert orders.order_by_number(order.number).lines[0].returned_units == 1


def test_goodwill_goes_back_to_the_cent_up_to_a_fifth_of_the_order() -> None:
    order = an_arrived_order({"CUP": 2})
    give(order, 1)
    give(order, order.total.minor // 5 - 1)
    with pytest.raises(GoodwillTooHigh) as refused:
        give(order, 1)
    assert refused.value.limit_minor == 0
    give(order, 1, is_unlimited=True)
    assert [one.amount.minor for one in queries.goodwill_of(order.number)] == [1, 4239, 1]
    assert orders.order_by_number(order.number).refunded.minor == 4241


@pytest.mark.parametrize("minor", [0, -1, 999_999])
def test_no_goodwill_of_nothing_or_of_more_than_was_paid(minor: int) -> None:
    order = an_arrived_order()
    with pytest.raises(NothingToRefund):
        give(order, minor, is_unlimited=True)
    with pytest.raises(WordsMissing):
        give(order, 1, words="")
    assert not queries.goodwill_of(order.number)


def test_goodwill_and_returns_together_never_exceed_what_was_paid() -> None:
    order = an_arrived_order({"CUP": 2})
    give(order, 3000, is_unlimited=True)
    settled(order, {1: 1})
    settled(order, {1: 1})
    after = orders.order_by_number(order.number)
    assert after.refunded == after.total


def test_staff_opens_a_return_that_is_approved_by_that_and_may_leave_the_goods() -> None:
    order = an_arrived_order()
    number = actions.request(
        order_number=order.number, units={1: 1}, reason=Reason.FAULTY, is_kept=True, trail=HERE, by=STAFF
    )
    assert queries.return_by_number(number).state is State.INSPECTED
    actions.finish(return_number=number, by=STAFF)
    assert orders.order_by_number(order.number).refunded == order.total
