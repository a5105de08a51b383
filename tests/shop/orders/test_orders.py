"""Orders: seen by whose they are, called off or given up once, with their stock put back once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.shop.made import (
    CLERK,
    SHOP,
    a_cart,
    a_message,
    a_product,
    a_shop,
    a_walk,
    an_order,
    at_once,
    by,
    cny,
    facts_of,
    names,
    only,
    place,
    statements,
)
from tests.worlds import made_once
from zhanggui.base import ids
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import job
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import actions, queries
from zhanggui.shop.orders.errors import NoSuchOrder, TransitionRefused
from zhanggui.shop.orders.models import Line, Order
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import queries as money
from zhanggui.shop.payments.rules import Outcome
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as warehouse
from zhanggui.supply.stock import queries as stock

Wait = Callable[[timedelta], datetime]


@pytest.fixture
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", price=5990, units=10)


def state_of(placed: Placed) -> State:
    return queries.order_for_staff(SHOP, placed.order_number).state


def paid(placed: Placed) -> Placed:
    payments.settle(shop=SHOP, provider="sandbox", message=a_message(placed, amount=7190))
    return placed


@pytest.mark.usefixtures("shop")
def test_an_order_is_shown_to_its_shopper_and_to_nobody_else() -> None:
    walk, other = a_cart(), a_walk()
    placed = place(walk)
    assert queries.order(SHOP, placed.order_number, person=walk.person).person == walk.person
    for shop, person in ((SHOP, other.person), (SHOP, ""), ("other", walk.person)):
        with pytest.raises(NoSuchOrder):
            queries.order(shop, placed.order_number, person=person)
    with pytest.raises(NoSuchOrder):
        actions.cancel(order_number=placed.order_number, reason="mine", trail=other, by=by(other))
    assert queries.orders_of(SHOP, other.person) == ()
    assert state_of(placed) is State.AWAITING_PAYMENT


@pytest.mark.usefixtures("shop")
def test_a_shoppers_orders_stand_newest_first(wait: Wait) -> None:
    walk = a_walk()
    numbers = []
    for _ in range(3):
        numbers.append(an_order({"CUP": 2}, walk=walk).order_number)
        wait(timedelta(minutes=1))
    with statements() as sent:
        shown = queries.orders_of(SHOP, walk.person, limit=2)
    assert [order.number for order in shown] == [numbers[2], numbers[1]]
    assert [line.quantity for order in shown for line in order.lines] == [2, 2]
    assert len(sent) == 1


@pytest.mark.usefixtures("shop")
def test_a_shopper_calls_off_an_order_and_its_stock_goes_back() -> None:
    walk = a_cart({"CUP": 3})
    placed = place(walk)
    page = walk.after(ids.uuid7())
    actions.cancel(order_number=placed.order_number, reason="changed_mind", trail=page, by=by(walk))
    assert state_of(placed) is State.CANCELLED
    assert (stock.level("CUP").on_hand_units, stock.level("CUP").held_units) == (10, 0)
    told = facts_of(placed.order_number)
    cancelled, released = only(told, "shop.order_cancelled"), only(told, "supply.stock_released")
    assert (cancelled.cause, released.cause) == (page.cause, cancelled.id)
    assert (cancelled.amount_minor, cancelled.actor) == (19170, f"customer:{walk.person}")
    with pytest.raises(TransitionRefused) as refused:
        actions.cancel(order_number=placed.order_number, reason="again", trail=page, by=by(walk))
    assert refused.value.reason == "This order was called off; money for it goes back."


@pytest.mark.usefixtures("shop")
def test_a_paid_order_cannot_be_cancelled() -> None:
    placed = paid(an_order())
    with pytest.raises(TransitionRefused) as refused:
        actions.cancel(order_number=placed.order_number, reason="late", trail=Trail(shop=SHOP), by=CLERK)
    assert (refused.value.state, refused.value.to) == ("paid", "cancelled")
    assert state_of(placed) is State.PAID
    assert stock.level("CUP").held_units == 1
    assert "shop.order_cancelled" not in names(facts_of(placed.order_number))


@pytest.mark.usefixtures("shop")
def test_an_order_that_is_not_paid_in_time_expires_once(wait: Wait) -> None:
    placed = an_order({"CUP": 3})
    wait(timedelta(minutes=29, seconds=59))
    assert not actions.expire(order_number=placed.order_number)
    assert state_of(placed) is State.AWAITING_PAYMENT
    wait(timedelta(seconds=1))
    assert [actions.expire(order_number=placed.order_number) for _ in range(2)] == [True, False]
    assert state_of(placed) is State.EXPIRED
    assert stock.level("CUP").held_units == 0
    told = facts_of(placed.order_number)
    expired, released = only(told, "shop.order_expired"), only(told, "supply.stock_released")
    assert (expired.cause, released.cause) == (only(told, "shop.order_placed").id, expired.id)
    assert (expired.actor, expired.amount_minor) == (str(job("orders.expire")), 19170)


@pytest.mark.usefixtures("shop")
def test_a_paid_order_does_not_expire(wait: Wait) -> None:
    placed = paid(an_order())
    wait(timedelta(hours=2))
    assert not actions.expire(order_number=placed.order_number)
    assert stock.level("CUP").held_units == 1
    assert "shop.order_expired" not in names(facts_of(placed.order_number))


@pytest.mark.usefixtures("shop")
def test_the_timeline_tells_what_happened_to_an_order() -> None:
    placed = paid(an_order())
    assert sorted(step.name for step in queries.timeline(SHOP, placed.order_number)) == [
        "shop.order_placed",
        "shop.payment_settled",
        "shop.payment_started",
        "supply.stock_held",
    ]


@pytest.mark.usefixtures("shop")
def test_what_is_frozen_on_an_order_must_add_up() -> None:
    placed = an_order()
    for table, change in (("order", "total_minor = total_minor - 1"), ("line", "amount_minor = amount_minor - 1")):
        with (
            pytest.raises(DatabaseError, match="check constraint"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"update shop_orders_{table} set {change}")
    assert queries.order_for_staff(SHOP, placed.order_number).total == cny(7190)


@pytest.mark.usefixtures("shop")
def test_the_audit_finds_orders_that_contradict_themselves_or_the_stock(wait: Wait) -> None:
    odd, leaked, bare, late = (an_order() for _ in range(4))
    assert queries.audit() == ()
    Line.objects.filter(order_id=odd.order_number).update(shipping_minor=0)
    now = wait(timedelta(hours=1, minutes=1))
    Order.objects.filter(pk=leaked.order_number).update(state=State.CANCELLED, ended_at=now)
    warehouse.release(order_number=bare.order_number, trail=Trail(shop=SHOP), by=CLERK)
    Order.objects.exclude(pk__in=[late.order_number, leaked.order_number]).update(expires_at=now)
    assert {(found.order_number, found.fault) for found in queries.audit()} == {
        (odd.order_number, "shares_do_not_add_up"),
        (leaked.order_number, "held_without_order"),
        (late.order_number, "time_is_over"),
        (bare.order_number, "order_without_hold"),
    }


@pytest.mark.django_db(transaction=True)
def test_paying_and_expiring_at_once_end_in_exactly_one_of_them(wait: Wait) -> None:
    a_shop()
    a_product("CUP", units=12)
    placed = [an_order() for _ in range(12)]
    wait(timedelta(minutes=31))

    def act(turn: int) -> object:
        one = placed[turn // 2]
        if turn % 2:
            return actions.expire(order_number=one.order_number)
        return payments.settle(shop=SHOP, provider="sandbox", message=a_message(one, amount=7190)).outcome

    outcomes = at_once(act, 24)
    for number, one in enumerate(placed):
        paid, expired = outcomes[2 * number : 2 * number + 2]
        assert (paid, expired) in {(Outcome.PAID, False), (Outcome.QUARANTINED, True)}
        assert state_of(one) is (State.EXPIRED if expired else State.PAID)
        told = names(facts_of(one.order_number))
        assert ("shop.payment_settled" in told) is ("supply.stock_released" not in told)
    still_held = sum(outcome is Outcome.PAID for outcome in outcomes)
    assert stock.level("CUP").held_units == still_held
    assert queries.audit() == stock.audit() == money.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_calling_off_and_expiring_many_times_at_once_puts_the_stock_back_once(wait: Wait) -> None:
    a_shop()
    a_product("CUP", units=5)
    placed = an_order({"CUP": 5})
    wait(timedelta(minutes=31))

    def act(turn: int) -> object:
        number = placed.order_number
        if turn % 2:
            return actions.expire(order_number=number)
        return actions.cancel(order_number=number, reason="now", trail=Trail(shop=SHOP), by=CLERK)

    outcomes = at_once(act, 12)
    assert sum(outcome is None or outcome is True for outcome in outcomes) == 1
    assert all(isinstance(outcome, TransitionRefused) for outcome in outcomes if isinstance(outcome, Refused))
    assert (stock.level("CUP").on_hand_units, stock.level("CUP").held_units) == (5, 0)
    assert names(facts_of(placed.order_number)).count("supply.stock_released") == 1
