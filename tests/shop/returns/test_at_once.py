"""The same thing asked for twice at the same moment happens once; on real PostgreSQL, with real threads."""

from __future__ import annotations

import pytest

from tests.shop import made
from tests.shop.made import at_once
from tests.shop.returns import arrived
from tests.shop.returns.arrived import HERE, STAFF, an_arrived_order, ask, finish, inspect, receive
from tests.worlds import made_once
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import customer
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions, models, queries
from zhanggui.shop.returns.rules import State
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


@pytest.fixture(autouse=True)
@made_once
def shelves(transactional_db: None) -> None:
    made.a_shop()
    made.a_product("CUP", price=5990, units=20)


def done(answers: list[object]) -> list[object]:
    return [answer for answer in answers if not isinstance(answer, Refused)]


def test_as_many_pieces_come_back_as_were_bought() -> None:
    order = an_arrived_order({"CUP": 3})
    answers = at_once(lambda _: ask(order, {1: 1}), TIMES)
    assert len(done(answers)) == 3
    assert sorted(slot.unit for slot in queries.claimed_slots(order.number)) == [0, 1, 2]
    assert models.Return.objects.count() == 3


def test_the_same_form_sent_many_times_is_one_return() -> None:
    order = an_arrived_order({"CUP": 3})
    answers = at_once(lambda _: ask(order, {1: 1}, key="one-form"), TIMES)
    assert len(set(done(answers))) == 1
    assert models.Return.objects.count() == 1


def test_goods_are_received_once() -> None:
    order = an_arrived_order()
    number = ask(order)
    answers = at_once(lambda _: receive(number), TIMES)
    assert len(done(answers)) == 1
    assert made.names(made.facts_of(order.number)).count("shop.return_received") == 1


def test_goods_are_inspected_and_put_away_once() -> None:
    free = stock.free(["CUP"])["CUP"]
    order = an_arrived_order()
    number = ask(order)
    receive(number)
    answers = at_once(lambda _: inspect(number), TIMES)
    assert len(done(answers)) == 1
    assert stock.free(["CUP"])["CUP"] == free


def test_the_money_goes_back_once() -> None:
    order = an_arrived_order()
    number = ask(order)
    receive(number)
    inspect(number)
    answers = at_once(lambda _: finish(number), TIMES)
    assert sorted(done(answers)) == [False] * (TIMES - 1) + [True]
    assert [refund.amount for refund in payments.refunds_of(order.number)] == [order.total]
    assert orders.order_by_number(order.number).refunded == order.total


def test_two_returns_refunded_at_once_bring_the_way_out_once() -> None:
    order = an_arrived_order({"CUP": 4})
    numbers = [ask(order, {1: 1}) for _ in range(4)]
    for number in numbers:
        receive(number)
        inspect(number)
    at_once(lambda n: finish(numbers[n]), 4)
    assert orders.order_by_number(order.number).refunded == order.total


def test_a_return_is_withdrawn_or_received_but_not_both() -> None:
    order = an_arrived_order()
    number = ask(order)
    verbs = (
        lambda: receive(number),
        lambda: actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person)),
    )
    answers = at_once(lambda n: verbs[n % 2](), TIMES)
    assert len(done(answers)) == 1
    assert arrived.state(number) in (State.RECEIVED, State.WITHDRAWN)


def test_goodwill_at_once_stays_within_its_limit() -> None:
    order = an_arrived_order({"CUP": 2})
    minor = order.total.minor // 10
    at_once(
        lambda _: actions.give_goodwill(
            order_number=order.number, amount=made.cny(minor), words="sorry", trail=HERE, by=STAFF
        ),
        TIMES,
    )
    assert len(queries.goodwill_of(order.number)) == 2


def test_an_order_is_called_off_once() -> None:
    order = arrived.a_paid_order({"CUP": 2})
    answers = at_once(
        lambda _: actions.call_off_paid(
            order_number=order.number, reason="changed_mind", trail=order.trail, by=customer(order.person)
        ),
        TIMES,
    )
    assert len(done(answers)) == 1
    after = orders.order_by_number(order.number)
    assert (after.state, after.refunded) == (OrderState.CANCELLED, after.total)
    assert len(payments.refunds_of(order.number)) == 1
