"""Many at once on a real database: never a piece too many, a balance twice, or a deposit both kept and used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
from django.db import connections

from tests.growth.presale.made import (
    ROUND,
    a_balance,
    a_deposit,
    a_presale,
    a_shopper,
    all_fits,
    balances_are_open,
    balances_are_over,
    held,
    in_books,
    pay,
    reserve,
    state,
)
from tests.shop.made import CLERK, SHOP, a_cart, at_once, by, cny, facts_of, names, place
from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.ledger.rules import Account
from zhanggui.growth.presale import actions, models, queries
from zhanggui.growth.presale.errors import LimitReached, SoldOut
from zhanggui.growth.presale.rules import State
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions as payments
from zhanggui.supply.stock import queries as stock

pytestmark = [pytest.mark.usefixtures("busy_shop"), pytest.mark.django_db(transaction=True)]


def together(*works: Callable[[], object]) -> list[object]:
    """Do different things at the same moment; refusals come back."""
    start = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        start.wait()
        try:
            return work()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_a_hundred_deposits_for_twenty_pieces_reserve_twenty() -> None:
    presale = a_presale(quantity=20, per_person=1)
    walks = [a_shopper(number) for number in range(100)]
    done = at_once(lambda number: reserve(presale, walks[number]), 100, threads=16)
    won = [one for one in done if not isinstance(one, Refused)]
    assert len(won) == 20
    assert all(isinstance(one, SoldOut) for one in done if isinstance(one, Refused))
    assert (queries.presale(SHOP, presale).left_units, stock.free(["CUP"])) == (0, {"CUP": 180})
    assert Order.objects.count() == 20
    assert all_fits()


def test_one_person_in_many_windows_reserves_no_more_than_one_may() -> None:
    presale, walk = a_presale(quantity=20, per_person=2), a_shopper()
    done = at_once(lambda _: reserve(presale, walk), 12)
    assert len([one for one in done if isinstance(one, LimitReached)]) == 10
    assert (queries.taken(presale, walk.person), models.Reservation.objects.count()) == (2, 2)
    assert all_fits()


def test_a_balance_is_placed_once_from_many_windows() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    a_cart(walk=walk)
    done = at_once(lambda _: place(walk), 8, threads=8)
    (won,) = [one for one in done if not isinstance(one, Refused)]
    assert models.Reservation.objects.get(pk=id).balance_order == won.order_number
    assert all_fits()


def test_two_orders_that_count_on_one_balance_never_both_stand() -> None:
    """Two carts seen at the balance's price: whoever comes second is refused and nothing of it is written."""
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    quote = counters.counter(SHOP, a_cart(walk=walk).person, at=clock.now()).quote
    assert quote is not None

    def use(number: int) -> None:
        actions.claim(
            quote=quote,
            order_number=f"order-{number}",
            customer_id=UUID(int=number),
            trail=walk,
            by=by(walk),
        )

    done = at_once(use, 8, threads=8)
    assert len([one for one in done if one is None]) == 1
    assert held(id) == 0
    assert queries.audit() == ()


def test_a_balance_that_is_paid_from_two_windows_is_paid_once() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    placed = a_balance(walk)
    at_once(lambda _: pay(placed.order_number, placed.payment_id), 4, threads=4)
    assert state(id) is State.BALANCE_PAID
    assert names(facts_of(placed.order_number)).count("growth.balance_paid") == 1
    assert (in_books(Account.DEPOSITS), in_books(Account.SALES)) == (0, 45000)
    assert all_fits()


@pytest.mark.parametrize("nth", range(4))
def test_the_end_of_the_time_and_the_payment_of_a_balance_never_both_win(nth: int) -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    seen = counters.counter(SHOP, a_cart(walk=walk).person, at=clock.now()).quote
    assert seen is not None

    def over() -> None:
        balances_are_over(presale)
        actions.every_minute()

    placed, _ = together(lambda: place(walk, total=seen.total), over)
    row = models.Reservation.objects.get(pk=id)
    if not isinstance(placed, Placed):
        assert row.state == State.FORFEITED
    else:
        assert row.balance_order == placed.order_number
        pay(placed.order_number, placed.payment_id)
        actions.every_minute()
        assert state(id) is State.BALANCE_PAID
    assert (in_books(Account.DEPOSITS), held(id)) == (0, 0)
    assert all_fits()


@pytest.mark.parametrize("nth", range(4))
def test_calling_off_and_paying_the_balance_never_both_win(nth: int) -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    placed = a_balance(walk)

    def call_off() -> None:
        actions.call_off(id=str(presale), how=State.SELLER_CANCELLED, trail=ROUND, by=CLERK)
        actions.end_one(reservation_id=str(id), how="seller_cancelled")

    together(call_off, lambda: pay(placed.order_number, placed.payment_id))
    actions.follow_order(order_number=placed.order_number)
    actions.end_one(reservation_id=str(id), how="seller_cancelled")
    order = orders.order_by_number(placed.order_number)
    if order.state is OrderState.PAID:
        assert state(id) is State.BALANCE_PAID
        assert in_books(Account.GOODWILL) == 0
    else:
        assert state(id) is State.SELLER_CANCELLED
        assert in_books(Account.GOODWILL) == 5000
    assert in_books(Account.DEPOSITS) == 0
    assert all_fits()


def test_a_deposit_is_given_back_once_however_many_do_it() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    done = at_once(
        lambda _: actions.end(reservation_id=id, how=State.SELLER_CANCELLED, trail=ROUND, by=CLERK), 8, threads=8
    )
    assert len([one for one in done if one is None]) == 1
    row = models.Reservation.objects.get(pk=id)
    assert orders.order_by_number(row.deposit_order).refunded == cny(5000)
    assert in_books(Account.GOODWILL) == 5000
    assert all_fits()


@pytest.mark.parametrize("nth", range(3))
def test_nobody_else_gets_the_pieces_of_a_balance_that_is_given_up(nth: int) -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    for _ in range(2):
        place(a_cart({"CUP": 99}))
    placed = a_balance(walk)
    hunters = [a_cart({"CUP": 2}) for _ in range(6)]

    def give_up() -> None:
        payments.give_up(order_number=placed.order_number, reason="changed_mind", trail=walk, by=by(walk))

    together(give_up, *(partial(place, hunter) for hunter in hunters))
    assert (state(id), held(id)) == (State.BALANCE_OPEN, 1)
    assert stock.free(["CUP"]) == {"CUP": 1}
    assert all_fits()
