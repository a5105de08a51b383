"""A presale from the deposit to the order, to the forfeit, and to the money that comes back."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from tests.growth.presale.made import (
    HOUR,
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
    said,
    state,
    terms,
)
from tests.shop.made import CLERK, SHOP, a_cart, by, cny, facts_of, names, only, place
from zhanggui.base import clock
from zhanggui.base.ledger.rules import Account
from zhanggui.growth.presale import actions, models, queries
from zhanggui.growth.presale.errors import (
    AlreadyStarted,
    BalanceNotWhole,
    LawNotConfirmed,
    LimitReached,
    NotOpen,
    PresaleNotAllowed,
    SoldOut,
    StateNotAllowed,
    TermsMoved,
)
from zhanggui.growth.presale.rules import State, held_as
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import TransitionRefused
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.orders.rules import portion
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import queries as money
from zhanggui.shop.returns import actions as returns
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.usefixtures("shop")


def test_a_deposit_is_an_order_of_its_own_and_its_pieces_lie_aside() -> None:
    presale, walk = a_presale(), a_shopper()
    reserved = reserve(presale, walk, units=2)
    order = orders.order_by_number(reserved.order_number)
    assert (order.total, [line.sku for line in order.lines]) == (cny(10000), ["presale-deposit"])
    assert (state(reserved.reservation_id), held(reserved.reservation_id)) == (State.DEPOSIT_DUE, 2)
    assert stock.free(["CUP"]) == {"CUP": 8}
    pay(reserved.order_number, reserved.payment_id)
    assert state(reserved.reservation_id) is State.DEPOSIT_PAID
    holder = held_as(UUID(reserved.reservation_id))
    assert in_books(Account.DEPOSITS, holder=holder) == 10000
    assert in_books(Account.SALES) == 0
    told = only(facts_of(reserved.order_number), "growth.deposit_paid")
    assert said(told)["amount_minor"] == 10000
    assert all_fits()


def test_what_is_paid_beyond_a_fifth_is_a_prepayment_of_its_own_line_and_account() -> None:
    presale, walk = a_presale(first=cny(10000), credit=cny(15000)), a_shopper()
    id = a_deposit(presale, walk)
    row = models.Reservation.objects.get(pk=id)
    order = orders.order_by_number(row.deposit_order)
    assert [(line.sku, line.amount.minor) for line in order.lines] == [
        ("presale-deposit", 9000),
        ("presale-prepayment", 1000),
    ]
    assert [line.title_zh for line in order.lines] == ["定金 · 白瓷杯", "订金 · 白瓷杯"]
    assert (in_books(Account.DEPOSITS), in_books(Account.PREPAYMENTS)) == (9000, 1000)
    assert all_fits()


def test_a_deposit_that_is_not_paid_gives_pieces_and_places_back() -> None:
    presale, walk = a_presale(), a_shopper()
    reserved = reserve(presale, walk, units=2)
    payments.give_up(order_number=reserved.order_number, reason="changed_mind", trail=walk, by=by(walk))
    actions.follow_order(order_number=reserved.order_number)
    assert (state(reserved.reservation_id), stock.free(["CUP"])) == (State.LAPSED, {"CUP": 10})
    assert (queries.presale(SHOP, presale).left_units, queries.taken(presale, walk.person)) == (20, 0)
    assert reserve(presale, walk, units=2)
    assert all_fits()


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"has_agreed": False}, LawNotConfirmed),
        ({"first_seen": cny(4900)}, TermsMoved),
        ({"units": 3}, LimitReached),
    ],
)
def test_a_deposit_is_refused_and_nothing_is_written(asked: dict[str, object], refusal: type[Exception]) -> None:
    presale, walk = a_presale(), a_shopper()
    with pytest.raises(refusal):
        reserve(presale, walk, **asked)
    assert (models.Reservation.objects.count(), stock.free(["CUP"])) == (0, {"CUP": 10})
    assert queries.presale(SHOP, presale).reserved_units == 0


def test_deposits_are_taken_in_their_window_only() -> None:
    walk = a_shopper()
    now = clock.now()
    soon = a_presale(deposit_from=now + HOUR)
    with pytest.raises(NotOpen):
        reserve(soon, walk)
    balances_are_open(soon)
    with pytest.raises(NotOpen):
        reserve(soon, walk)


def test_the_quota_ends_where_it_ends() -> None:
    presale = a_presale(quantity=3, per_person=2)
    reserve(presale, a_shopper(1), units=2)
    with pytest.raises(SoldOut) as refused:
        reserve(presale, a_shopper(2), units=2)
    assert refused.value.data == {"left_units": 1}
    reserve(presale, a_shopper(2), units=1)
    with pytest.raises(SoldOut):
        reserve(presale, a_shopper(3), units=1)


def test_the_balance_is_an_ordinary_order_at_the_agreed_price() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk, units=2)
    balances_are_open(presale)
    placed = a_balance(walk, units=2)
    order = orders.order_by_number(placed.order_number)
    assert (order.goods, order.discount) == (cny(80000), cny(-20000))
    assert [(share.reason, share.source) for share in order.lines[0].shares if share.amount.minor < 0] == [
        ("presale", f"presale:{id}")
    ]
    assert (state(id), held(id), stock.free(["CUP"])) == (State.BALANCE_OPEN, 0, {"CUP": 8})
    pay(placed.order_number, placed.payment_id)
    assert state(id) is State.BALANCE_PAID
    assert (in_books(Account.DEPOSITS), in_books(Account.SALES)) == (0, 90000)
    assert names(facts_of(placed.order_number)).count("growth.balance_paid") == 1
    assert all_fits()


def test_the_balance_can_be_paid_though_the_shelf_is_empty() -> None:
    presale, walk = a_presale(), a_shopper()
    a_deposit(presale, walk, units=2)
    other = a_cart({"CUP": 8})
    place(other)
    assert stock.free(["CUP"]) == {"CUP": 0}
    balances_are_open(presale)
    seen = counters.counter(SHOP, a_cart({"CUP": 2}, walk=walk).person, at=clock.now())
    assert seen.can_be_ordered
    assert place(walk)
    assert all_fits()


def test_a_price_is_for_those_who_reserved_and_only_in_the_window() -> None:
    presale, walk, other = a_presale(), a_shopper(1), a_shopper(2)
    a_deposit(presale, walk)
    assert queries.prices(SHOP, walk.person, ["CUP"], at=clock.now()) == {}
    balances_are_open(presale)
    assert list(queries.prices(SHOP, walk.person, ["CUP"], at=clock.now())) == ["CUP"]
    assert queries.prices(SHOP, other.person, ["CUP"], at=clock.now()) == {}


def test_pieces_beyond_the_reserved_ones_cost_the_list_price() -> None:
    presale, walk = a_presale(), a_shopper()
    a_deposit(presale, walk)
    balances_are_open(presale)
    order = orders.order_by_number(a_balance(walk, units=3).order_number)
    assert order.goods == cny(40000 + 2 * 50000)


def test_a_part_of_a_balance_is_refused() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk, units=2)
    balances_are_open(presale)
    with pytest.raises(BalanceNotWhole):
        a_balance(walk, units=1)
    assert (state(id), held(id)) == (State.BALANCE_OPEN, 2)


def test_a_balance_that_is_not_paid_is_open_again_with_its_pieces() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk, units=2)
    place(a_cart({"CUP": 8}))
    balances_are_open(presale)
    for _ in range(2):
        placed = a_balance(walk, units=2)
        payments.give_up(order_number=placed.order_number, reason="changed_mind", trail=walk, by=by(walk))
        assert (state(id), held(id), stock.free(["CUP"])) == (State.BALANCE_OPEN, 2, {"CUP": 0})
        assert all_fits()
    placed = a_balance(walk, units=2)
    pay(placed.order_number, placed.payment_id)
    assert state(id) is State.BALANCE_PAID
    assert all_fits()


def test_a_balance_that_is_not_paid_after_the_window_is_over_is_forfeited() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    placed = a_balance(walk)
    balances_are_over(presale)
    actions.every_minute()
    assert state(id) is State.BALANCE_OPEN
    payments.give_up(order_number=placed.order_number, reason="changed_mind", trail=walk, by=by(walk))
    assert (state(id), stock.free(["CUP"])) == (State.BALANCE_EXPIRED, {"CUP": 10})
    actions.every_minute()
    assert state(id) is State.FORFEITED
    assert all_fits()


def test_who_does_not_pay_the_balance_loses_the_deposit_but_not_the_prepayment() -> None:
    presale, walk = a_presale(first=cny(10000), credit=cny(15000)), a_shopper()
    id = a_deposit(presale, walk)
    row = models.Reservation.objects.get(pk=id)
    balances_are_over(presale)
    for _ in range(2):
        actions.every_minute()
    assert (state(id), held(id), stock.free(["CUP"])) == (State.FORFEITED, 0, {"CUP": 10})
    order = orders.order_by_number(row.deposit_order)
    assert order.refunded == cny(1000)
    assert (in_books(Account.DEPOSITS), in_books(Account.PREPAYMENTS)) == (0, 0)
    assert in_books(Account.SALES) - in_books(Account.REFUNDS) == 9000
    assert names(facts_of(row.deposit_order)).count("growth.deposit_forfeited") == 1
    assert all_fits()


def test_a_shop_that_calls_off_gives_the_deposit_back_twice() -> None:
    presale, walk = a_presale(first=cny(10000), credit=cny(15000)), a_shopper()
    id = a_deposit(presale, walk)
    row = models.Reservation.objects.get(pk=id)
    assert actions.call_off(id=str(presale), how=State.SELLER_CANCELLED, trail=ROUND, by=CLERK) == 1
    for _ in range(2):
        actions.end_one(reservation_id=str(id), how="seller_cancelled")
    assert state(id) is State.SELLER_CANCELLED
    assert orders.order_by_number(row.deposit_order).refunded == cny(10000)
    assert money.wallet(SHOP, str(row.customer_id), currency="CNY") == cny(9000)
    assert (in_books(Account.GOODWILL), in_books(Account.DEPOSITS), stock.free(["CUP"])) == (9000, 0, {"CUP": 10})
    told = only(facts_of(row.deposit_order), "growth.deposit_returned")
    assert (said(told)["amount_minor"], said(told)["doubled_minor"]) == (10000, 9000)
    with pytest.raises(NotOpen):
        reserve(presale, walk)
    assert all_fits()


def test_force_majeure_gives_back_what_was_paid() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    row = models.Reservation.objects.get(pk=id)
    actions.call_off(id=str(presale), how=State.FORCE_MAJEURE, trail=ROUND, by=CLERK)
    actions.end_one(reservation_id=str(id), how="force_majeure")
    assert orders.order_by_number(row.deposit_order).refunded == cny(5000)
    assert money.wallet(SHOP, str(row.customer_id), currency="CNY") == cny(0)
    assert state(id) is State.FORCE_MAJEURE
    assert all_fits()


def test_calling_off_closes_a_balance_that_waits_for_its_money_first() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    balances_are_open(presale)
    placed = a_balance(walk)
    actions.call_off(id=str(presale), how=State.SELLER_CANCELLED, trail=ROUND, by=CLERK)
    with pytest.raises(StateNotAllowed, match="being paid"):
        actions.end(reservation_id=id, how=State.SELLER_CANCELLED, trail=ROUND, by=CLERK)
    actions.end_one(reservation_id=str(id), how="seller_cancelled")
    assert orders.order_by_number(placed.order_number).state is OrderState.CANCELLED
    assert (state(id), stock.free(["CUP"])) == (State.SELLER_CANCELLED, {"CUP": 10})
    assert all_fits()


def test_a_deposit_that_is_paid_after_the_presale_was_called_off_goes_back() -> None:
    presale, walk = a_presale(), a_shopper()
    reserved = reserve(presale, walk)
    actions.call_off(id=str(presale), how=State.FORCE_MAJEURE, trail=ROUND, by=CLERK)
    pay(reserved.order_number, reserved.payment_id)
    actions.end_one(reservation_id=reserved.reservation_id, how="force_majeure")
    assert state(reserved.reservation_id) is State.FORCE_MAJEURE
    assert orders.order_by_number(reserved.order_number).refunded == cny(5000)
    assert all_fits()


def test_a_finished_order_that_comes_back_gives_back_deposit_and_balance() -> None:
    presale, walk = a_presale(first=cny(10000), credit=cny(15000)), a_shopper()
    id = a_deposit(presale, walk, units=2)
    balances_are_open(presale)
    placed = a_balance(walk, units=2)
    pay(placed.order_number, placed.payment_id)
    row = models.Reservation.objects.get(pk=id)
    order = orders.order_by_number(placed.order_number)
    for nth in (1, 2):
        line = orders.order_by_number(placed.order_number).line(1)
        payments.refund(
            order_number=placed.order_number,
            amount=portion(line, units=1).total,
            units={1: 1},
            reason="changed_mind",
            reference=f"return-{nth}",
            trail=ROUND,
            by=CLERK,
        )
        for _ in range(2):
            actions.follow_order(order_number=placed.order_number)
        assert orders.order_by_number(row.deposit_order).refunded == cny(10000 * nth)
    assert orders.order_by_number(placed.order_number).refunded == order.goods + order.shipping
    assert in_books(Account.SALES) - in_books(Account.REFUNDS) == 0
    assert all_fits()


def test_a_deposit_that_was_given_back_by_hand_is_not_given_back_again() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    row = models.Reservation.objects.get(pk=id)
    payments.refund(
        order_number=row.deposit_order,
        amount=cny(5000),
        units={1: 1},
        reason="x",
        reference="by-hand",
        trail=ROUND,
        by=CLERK,
    )
    actions.end(reservation_id=id, how=State.FORCE_MAJEURE, trail=ROUND, by=CLERK)
    assert orders.order_by_number(row.deposit_order).refunded == cny(5000)
    assert all_fits()


def test_a_shopper_cannot_call_off_a_deposit_in_the_moment_after_it_was_paid() -> None:
    presale, walk = a_presale(), a_shopper()
    reserved = reserve(presale, walk)
    pay(reserved.order_number, reserved.payment_id)
    with pytest.raises(TransitionRefused):
        returns.call_off_paid(order_number=reserved.order_number, reason="changed_mind", trail=walk, by=by(walk))
    assert state(reserved.reservation_id) is State.DEPOSIT_PAID


def test_a_deposit_whose_order_staff_call_off_lapses() -> None:
    presale, walk = a_presale(), a_shopper()
    id = a_deposit(presale, walk)
    number = models.Reservation.objects.get(pk=id).deposit_order
    returns.call_off_paid(order_number=number, reason="called_off_by_shop", trail=ROUND, by=CLERK)
    actions.follow_order(order_number=number)
    assert (state(id), in_books(Account.DEPOSITS), stock.free(["CUP"])) == (State.LAPSED, 0, {"CUP": 10})
    assert all_fits()


def test_terms_stay_once_somebody_has_reserved() -> None:
    presale = a_presale()
    actions.change(id=str(presale), terms=terms(quantity=5), trail=ROUND, by=CLERK)
    assert queries.presale(SHOP, presale).left_units == 5
    reserve(presale, a_shopper())
    with pytest.raises(AlreadyStarted):
        actions.change(id=str(presale), terms=terms(), trail=ROUND, by=CLERK)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sku": "NONE"}, "sku"),
        ({"price": cny(0)}, "price"),
        ({"credit": cny(4000)}, "credit"),
        ({"credit": cny(50000)}, "credit"),
        ({"per_person": 21}, "per_person"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(PresaleNotAllowed) as refused:
        a_presale(**wrong)
    assert refused.value.data == {"field": field}


def test_how_a_presale_went() -> None:
    presale = a_presale()
    walks = [a_shopper(number) for number in range(4)]
    for walk in walks[:3]:
        a_deposit(presale, walk)
    reserve(presale, walks[3])
    balances_are_open(presale)
    placed = a_balance(walks[0])
    pay(placed.order_number, placed.payment_id)
    shown = queries.presale(SHOP, presale)
    figures = queries.figures([shown])[presale]
    assert (figures.due, figures.deposits, figures.balances, figures.open) == (1, 3, 1, 2)
    assert (figures.deposit_money, figures.balance_money) == (cny(15000), cny(40000))
    assert figures.paid_rate == Decimal(1) / 3
    assert not figures.is_above_baseline
