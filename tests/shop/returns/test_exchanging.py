"""Exchanges at another price: what is paid or paid back, what a piece stands for afterwards, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.shop import made
from tests.shop.made import at_once, cny
from tests.shop.returns.arrived import HERE, STAFF, an_arrived_order, ask, body, finish, inspect, receive, settled
from tests.shop.returns.sizes import in_sizes
from tests.worlds import made_once
from zhanggui.base.errors import Refused
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.operation.rules import customer
from zhanggui.insight.lake.rules import is_step
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import queries as books
from zhanggui.shop.payments.actions import paying_back
from zhanggui.shop.payments.rules import RefundAnswer, RefundNotice
from zhanggui.shop.returns import actions, models, queries, rules
from zhanggui.shop.returns.actions import Asked
from zhanggui.shop.returns.errors import CannotExchange, DifferenceDue, NothingDue, StillOut
from zhanggui.shop.returns.rules import Reason, Return, State, Verdict, Wish
from zhanggui.spine.relay import ports as relay
from zhanggui.supply.stock import queries as levels

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8
Wait = Callable[[timedelta], datetime]


@pytest.fixture(autouse=True)
@made_once
def shelves(transactional_db: None) -> None:
    """A cup in three sizes, and a bowl."""
    made.a_shop()
    made.a_product("BOWL", price=9990, units=20)
    made.a_product("SMALL", units=20)
    in_sizes("SMALL")


def bought(units: int = 1) -> Order:
    return an_arrived_order({"SMALL": units})


def exchange(order: Order, sku: str, units: int = 1, *, key: str = "") -> str:
    return ask(order, {1: units}, wish=Wish.EXCHANGE, wanted={1: sku}, key=key)


def found(number: str) -> Return:
    return queries.return_by_number(number)


def begin_to_pay(order: Order, number: str) -> Asked:
    return actions.pay_difference(
        return_number=number, provider="sandbox", trail=order.trail, by=customer(order.person)
    )


def pay(order: Order, number: str) -> Asked:
    asked = begin_to_pay(order, number)
    due = orders.order_by_number(asked.order_number).total.minor
    told = made.a_message(Placed(order_number=asked.order_number, payment_id=asked.payment_id), amount=due)
    payments.settle(shop=made.SHOP, provider="sandbox", message=told)
    return asked


def send(number: str) -> None:
    actions.send_replacement(return_number=number, carrier="SF", tracking="SF9", trail=HERE, by=STAFF)


def exchanged(order: Order, sku: str) -> str:
    """An exchange of one piece from the request to the parcel."""
    number = exchange(order, sku)
    if found(number).to_pay:
        pay(order, number)
    receive(number)
    inspect(number)
    send(number)
    return number


def free(sku: str) -> int:
    return levels.free([sku])[sku]


def done(answers: Sequence[object]) -> list[object]:
    return [answer for answer in answers if not isinstance(answer, Refused)]


def test_what_costs_more_is_set_aside_and_waits_for_the_difference() -> None:
    order, large = bought(), free("LARGE")
    number = exchange(order, "LARGE")
    assert free("LARGE") == large - 1
    assert body(order.number, "shop.exchange_due") == {
        "order_number": order.number,
        "return_number": number,
        "amount_minor": 2000,
        "currency": "CNY",
    }
    receive(number)
    inspect(number)
    with pytest.raises(DifferenceDue):
        send(number)

    asked = pay(order, number)
    send(number)

    more = orders.order_by_number(asked.order_number)
    assert (more.total, more.person, more.lines[0].sku, more.lines[0].needs_shipping) == (
        cny(2000),
        order.person,
        "LARGE",
        False,
    )
    assert (found(number).state, free("LARGE")) == (State.EXCHANGED, large - 1)
    assert orders.order_by_number(order.number).refunded == cny(0)
    assert not ledger.audit()


def test_a_difference_is_told_by_facts_of_its_own_and_of_the_order_whose_goods_are_exchanged() -> None:
    order = bought(2)
    number = exchange(order, "LARGE")
    asked = pay(order, number)
    actions.refund_instead(return_number=number, trail=HERE, by=STAFF)
    actions.even_out(return_number=number)
    (refund,) = books.refunds_of(asked.order_number)
    paying_back.note(refund_id=refund.id, answer=RefundNotice(state=RefundAnswer.DONE), by=STAFF)

    about = {"order_number": asked.order_number, "difference_of": order.number}
    lines = [{"sku": "LARGE", "category": "cups", "quantity": 1, "amount_minor": 2000}]
    due = {"amount_minor": 2000, "currency": "CNY"}
    said = body(asked.order_number, "shop.difference_placed")
    assert said == {**about, **due, "customer_id": str(order.customer_id), "lines": lines}
    said = body(asked.order_number, "shop.difference_settled")
    assert said == {**about, **due, "payment_id": asked.payment_id, "provider": "sandbox", "lines": lines}
    said = body(asked.order_number, "shop.difference_refunded")
    assert said == {**about, **due, "refund_id": refund.id, "reason": "changed_mind"}
    told = {fact.name for fact in made.facts_of(asked.order_number)}
    assert not told & {"shop.order_placed", "shop.payment_settled", "shop.refund_settled"}
    assert orders.order_by_number(asked.order_number).difference_of == order.number
    assert orders.order_by_number(order.number).difference_of == ""


@pytest.mark.parametrize("way", ["called off", "run out"])
def test_a_difference_that_comes_to_nothing_is_told_by_a_fact_of_its_own(way: str, wait: Wait) -> None:
    order = bought()
    number = exchange(order, "LARGE")
    asked = begin_to_pay(order, number)
    if way == "run out":
        wait(timedelta(minutes=31))
        payments.expire(order_number=asked.order_number)
    else:
        actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person))
        actions.even_out(return_number=number)

    name, reason = {
        "called off": ("shop.difference_cancelled", {"reason": "exchange_ended"}),
        "run out": ("shop.difference_expired", {}),
    }[way]
    about = {"order_number": asked.order_number, "difference_of": order.number}
    assert body(asked.order_number, name) == {**about, **reason, "amount_minor": 2000, "currency": "CNY"}
    told = {fact.name for fact in made.facts_of(asked.order_number)}
    assert not told & {"shop.order_cancelled", "shop.order_expired"}


@pytest.mark.parametrize("name", ["shop.difference_cancelled", "shop.difference_expired"])
def test_nobody_gives_anything_back_for_a_difference_that_comes_to_nothing(name: str) -> None:
    """It was bought with no coupon, no points, no quota and no seat; only letters have something to say."""
    hear = {reader.name for reader in relay.readers if name in reader.names}
    assert hear == ({"shop.letters.note"} if name.endswith("expired") else set())
    assert not is_step(name)


def test_orders_that_ran_out_still_lead_to_their_exchange_when_another_asks_for_the_difference(
    wait: Wait, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    order = bought()
    number = exchange(order, "LARGE")
    asked = []
    for _ in range(2):
        asked.append(begin_to_pay(order, number).order_number)
        wait(timedelta(minutes=31))
        payments.expire(order_number=asked[-1])
    asked.append(begin_to_pay(order, number).order_number)

    assert len(set(asked)) == 3
    every = [orders.order_by_number(one) for one in asked]
    with django_assert_num_queries(2):
        assert queries.exchanges([*every, order]) == dict.fromkeys(asked, number)
    assert [queries.exchange_of(one) for one in (*every, order)] == [number, number, number, ""]


def test_what_costs_less_brings_the_difference_back_when_it_leaves() -> None:
    order = bought()
    number = exchange(order, "TINY")
    assert (found(number).expected, found(number).to_pay) == (cny(1000), cny(0))
    receive(number)
    inspect(number)
    assert not books.refunds_of(order.number)

    send(number)

    assert [refund.amount for refund in books.refunds_of(order.number)] == [cny(1000)]
    assert body(order.number, "shop.return_closed")["amount_minor"] == 1000


@pytest.mark.parametrize(("sku", "back"), [("LARGE", 7990), ("TINY", 4990)])
def test_an_exchanged_piece_given_back_brings_what_it_stands_for_and_in_all_what_was_paid(sku: str, back: int) -> None:
    order = bought(2)
    first = exchanged(order, sku)
    assert rules.share_of(orders.order_by_number(order.number).line(1), unit=0).goods == cny(5990)

    one = settled(order, {1: 1})
    assert (one.refunded, one.pieces[0].sku) == (cny(back), sku)
    other = settled(order, {1: 1})

    assert other.refunded == cny(5990) + order.shipping
    assert orders.order_by_number(order.number).refunded == order.total
    if more := found(first).paid_with:
        assert orders.order_by_number(more).refunded == cny(2000)
    assert not queries.audit()


def test_what_was_exchanged_at_another_price_is_exchanged_again_for_the_same_price_only() -> None:
    order = bought()
    exchanged(order, "LARGE")
    line = orders.order_by_number(order.number).line(1)
    offered = queries.instead_of(line, order=order, at=order.placed_at)
    assert [(one.card.sku, one.more) for one in offered] == [("LARGE", cny(0))]
    with pytest.raises(CannotExchange):
        exchange(order, "SMALL")
    assert found(exchange(order, "LARGE")).difference == cny(0)


def test_two_lines_that_go_both_ways_are_two_exchanges() -> None:
    order = an_arrived_order({"SMALL": 1, "LARGE": 1})
    by_sku = {line.sku: line.position for line in order.lines}
    with pytest.raises(CannotExchange) as refused:
        ask(
            order,
            dict.fromkeys(by_sku.values(), 1),
            wish=Wish.EXCHANGE,
            wanted={by_sku["SMALL"]: "LARGE", by_sku["LARGE"]: "TINY"},
        )
    assert refused.value.reason == "mixed"
    assert not models.Return.objects.exists()


def test_a_difference_that_nobody_pays_in_time_makes_it_a_refund(wait: Wait) -> None:
    order, large = bought(), free("LARGE")
    number = exchange(order, "LARGE")
    asked = begin_to_pay(order, number)
    wait(rules.PAY_WITHIN)
    actions.lapse(return_number=number)
    actions.lapse(return_number=number)

    assert orders.order_by_number(asked.order_number).state in (OrderState.CANCELLED, OrderState.EXPIRED)
    assert (found(number).wish, found(number).expected, free("LARGE")) == (Wish.REFUND, order.total, large)
    assert body(order.number, "shop.exchange_lapsed")["amount_minor"] == 2000
    with pytest.raises(NothingDue):
        begin_to_pay(order, number)
    receive(number)
    inspect(number)
    finish(number)
    assert found(number).refunded == order.total


def test_an_exchange_that_was_paid_does_not_lapse(wait: Wait) -> None:
    order = bought()
    number = exchange(order, "LARGE")
    pay(order, number)
    wait(rules.PAY_WITHIN)
    assert queries.unpaid(at=found(number).pay_by or order.placed_at) == (number,)
    actions.lapse(return_number=number)
    assert (found(number).wish, found(number).pay_by) == (Wish.EXCHANGE, None)
    with pytest.raises(NothingDue):
        begin_to_pay(order, number)


@pytest.mark.parametrize("is_paid", [True, False])
def test_a_difference_goes_back_when_the_exchange_comes_to_nothing(is_paid: bool) -> None:
    order = bought()
    number = exchange(order, "LARGE")
    asked = (pay if is_paid else begin_to_pay)(order, number)
    actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person))

    actions.even_out(return_number=number)
    actions.even_out(return_number=number)

    more = orders.order_by_number(asked.order_number)
    assert more.refunded == (cny(2000) if is_paid else cny(0))
    assert (more.state is OrderState.CANCELLED) is not is_paid
    assert not ledger.audit()


def test_the_difference_of_a_rejected_piece_goes_back() -> None:
    order = bought(2)
    number = exchange(order, "LARGE", 2)
    asked = pay(order, number)
    assert orders.order_by_number(asked.order_number).total == cny(4000)
    receive(number)
    inspect(number, Verdict.SELLABLE, Verdict.REJECTED)
    actions.even_out(return_number=number)
    send(number)
    actions.even_out(return_number=number)
    assert orders.order_by_number(asked.order_number).refunded == cny(2000)


def test_the_difference_cannot_be_given_back_by_itself() -> None:
    order = bought()
    number = exchange(order, "LARGE")
    more = orders.order_by_number(pay(order, number).order_number)
    (offer,) = queries.offers(more, at=more.placed_at)
    assert offer.fault.whys == (rules.Why.DIFFERENCE,)
    assert not offer.is_open


def test_somebody_of_the_shop_may_exchange_for_another_product_instead_of_a_refund() -> None:
    order, bowl = bought(), free("BOWL")
    with pytest.raises(CannotExchange):
        exchange(order, "BOWL")
    number = ask(order, {1: 1}, reason=Reason.FAULTY)
    actions.exchange_instead(return_number=number, wanted={1: "BOWL"}, trail=HERE, by=STAFF)
    assert (found(number).to_pay, free("BOWL")) == (cny(4000), bowl - 1)
    with pytest.raises(StillOut):
        actions.exchange_instead(return_number=number, wanted={1: "BOWL"}, trail=HERE, by=STAFF)
    actions.refund_instead(return_number=number, trail=HERE, by=STAFF)
    assert (found(number).expected, free("BOWL")) == (order.total, bowl)


def test_the_same_difference_begun_many_times_is_one_order() -> None:
    order = bought()
    number = exchange(order, "LARGE")
    answers = done(at_once(lambda _: begin_to_pay(order, number), TIMES))
    assert len(answers) == TIMES
    assert len(set(answers)) == 1
    assert len(orders.orders_of(made.SHOP, order.person)) == 2


def test_paying_and_calling_off_at_once_leaves_no_money_with_us() -> None:
    order = bought()
    number = exchange(order, "LARGE")
    asked = begin_to_pay(order, number)
    told = made.a_message(Placed(order_number=asked.order_number, payment_id=asked.payment_id), amount=2000)

    def one(turn: int) -> object:
        if turn % 2:
            return payments.settle(shop=made.SHOP, provider="sandbox", message=told)
        return actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person))

    at_once(one, TIMES)
    actions.even_out(return_number=number)
    more = orders.order_by_number(asked.order_number)
    assert found(number).state is State.WITHDRAWN
    assert more.refunded == more.total
    assert not ledger.audit()


def test_beginning_to_pay_and_calling_off_at_once_leaves_no_open_order() -> None:
    order = bought()
    number = exchange(order, "LARGE")

    def one(turn: int) -> object:
        if turn % 2:
            return begin_to_pay(order, number)
        return actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person))

    at_once(one, TIMES)
    if found(number).paid_with:
        actions.even_out(return_number=number)
    assert not [one for one in orders.orders_of(made.SHOP, order.person) if one.is_open]


def test_the_last_large_one_is_exchanged_for_once() -> None:
    order = bought(4)
    made.an_order({"LARGE": free("LARGE") - 1})
    answers = at_once(lambda _: exchange(order, "LARGE"), 4)
    assert len(done(answers)) == 1
    assert free("LARGE") == 0
