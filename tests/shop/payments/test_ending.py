"""An order is given up only after its charge is closed; money that came first wins, later money goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.shop.made import CLERK, SHOP, a_product, a_shop, a_walk, at_once, by, facts_of, names
from tests.shop.payments.bank import Bank, all_is_right, an_order_at_the_bank, held_by, notice, pay
from zhanggui.base import clock
from zhanggui.base.jobs.queries import counts
from zhanggui.base.ledger.rules import Account
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder, TransitionRefused
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions, models, queries
from zhanggui.shop.payments.errors import NotPayable, ProviderUnreachable
from zhanggui.shop.payments.rules import Decision, Outcome, RefundState, Settled, Source, State
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

Wait = Callable[[timedelta], datetime]
TOTAL = 7190


def state_of(number: str) -> OrderState:
    return orders.order_by_number(number).state


def give_up(number: str, walk: Trail) -> None:
    actions.give_up(order_number=number, reason="changed_mind", trail=walk, by=by(walk))


@pytest.mark.usefixtures("cups")
def test_calling_off_closes_the_charge_first(bank: Bank) -> None:
    walk = a_walk()
    placed = an_order_at_the_bank(walk=walk)
    seen: list[OrderState] = []
    bank.on_close = lambda: seen.append(state_of(placed.order_number))
    with pytest.raises(NoSuchOrder):
        give_up(placed.order_number, a_walk())
    assert bank.closed == []
    give_up(placed.order_number, walk)
    assert (seen, bank.closed) == ([OrderState.AWAITING_PAYMENT], [placed.payment_id])
    assert state_of(placed.order_number) is OrderState.CANCELLED
    assert [payment.state for payment in queries.payments_of(placed.order_number)] == [State.FAILED]
    assert stock.free(["CUP"]) == {"CUP": 200}
    assert {"shop.order_cancelled", "shop.payment_failed"} <= set(names(facts_of(placed.order_number)))
    with pytest.raises(TransitionRefused):
        give_up(placed.order_number, walk)
    assert all_is_right()


@pytest.mark.usefixtures("cups")
@pytest.mark.parametrize("way", ["cancel", "expire"])
def test_already_paid_means_paid(bank: Bank, way: str, wait: Wait) -> None:
    wait(timedelta(0))
    walk = a_walk()
    placed = an_order_at_the_bank(walk=walk)
    bank.paid[placed.payment_id] = notice(queries.payment(placed.payment_id))
    wait(timedelta(minutes=31))
    if way == "cancel":
        with pytest.raises(TransitionRefused):
            give_up(placed.order_number, walk)
    else:
        assert not actions.expire(order_number=placed.order_number)
    assert state_of(placed.order_number) is OrderState.PAID
    assert held_by(Account.CASH, "bank") == TOTAL
    (heard,) = queries.heard_of(placed.payment_id)
    assert (heard.source, heard.outcome) == (Source.CLOSED, Outcome.PAID)
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_nothing_is_called_off_while_the_provider_cannot_be_reached(bank: Bank, wait: Wait) -> None:
    wait(timedelta(0))
    walk = a_walk()
    placed = an_order_at_the_bank(walk=walk)
    bank.is_down = True
    with pytest.raises(ProviderUnreachable):
        give_up(placed.order_number, walk)
    wait(timedelta(minutes=31))
    with pytest.raises(ProviderUnreachable):
        actions.expire_in_time(order_number=placed.order_number)
    with pytest.raises(ProviderUnreachable):
        actions.expire_overdue()
    assert state_of(placed.order_number) is OrderState.AWAITING_PAYMENT
    bank.is_down = False
    assert actions.expire_overdue() == 1
    assert state_of(placed.order_number) is OrderState.EXPIRED
    assert all_is_right()


@pytest.mark.usefixtures("cups", "bank")
def test_the_end_of_an_order_is_queued_once_when_its_time_is_over_and_not_before(wait: Wait) -> None:
    wait(timedelta(0))
    an_order_at_the_bank()
    assert (counts().waiting, actions.queue_overdue()) == (0, 0)
    wait(timedelta(minutes=31))
    assert (actions.queue_overdue(), actions.queue_overdue(), counts().waiting) == (1, 1, 1)


@pytest.mark.usefixtures("cups")
def test_an_order_does_not_expire_before_its_time(bank: Bank, wait: Wait) -> None:
    wait(timedelta(0))
    placed = an_order_at_the_bank()
    wait(timedelta(minutes=29))
    assert not actions.expire(order_number=placed.order_number)
    assert (bank.closed, state_of(placed.order_number)) == ([], OrderState.AWAITING_PAYMENT)


@pytest.mark.usefixtures("cups")
def test_an_attempt_that_was_opened_meanwhile_is_closed_too(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Bank()
    monkeypatch.setitem(queries.providers, "other", other)
    walk = a_walk()
    placed = an_order_at_the_bank(walk=walk)

    def change_provider() -> None:
        bank.on_close = lambda: None
        actions.pay_again(order_number=placed.order_number, provider="other", trail=walk, by=by(walk))

    bank.on_close = change_provider
    give_up(placed.order_number, walk)
    assert (len(bank.closed), len(other.closed)) == (1, 1)
    assert state_of(placed.order_number) is OrderState.CANCELLED
    with pytest.raises(NotPayable):
        actions.pay_again(order_number=placed.order_number, provider="bank", trail=walk, by=by(walk))
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_money_that_comes_after_the_end_goes_back_by_itself(bank: Bank) -> None:
    walk = a_walk()
    placed = an_order_at_the_bank(walk=walk)
    give_up(placed.order_number, walk)
    assert pay(placed, transaction="tx-late").outcome is Outcome.QUARANTINED
    (kept,) = queries.quarantined(SHOP)
    assert kept.decision is Decision.GIVEN_BACK
    (refund,) = queries.refunds_of(placed.order_number)
    assert (refund.is_stray, refund.transaction_id, refund.reason) == (True, "tx-late", "order_cancelled")
    assert all_is_right()
    actions.pay_back(refund_id=refund.id)
    assert [(one.id, one.amount.minor) for one in bank.refunded] == [(refund.id, TOTAL)]
    assert queries.refund(refund.id).state is RefundState.DONE
    assert held_by(Account.CASH, "bank") == held_by(Account.REFUNDS_DUE, placed.order_number) == 0
    assert "shop.refund_settled" not in names(facts_of(placed.order_number)), "it was never paid"
    assert all_is_right()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["cancel", "expire"])
def test_paying_and_ending_at_once_leaves_a_paid_order_or_money_that_goes_back(
    bank: Bank, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_shop()
    a_product("CUP", units=100)
    walks = [a_walk() for _ in range(6)]
    placed = [an_order_at_the_bank(walk=walk) for walk in walks]
    if way == "expire":
        later = clock.now() + timedelta(minutes=31)
        monkeypatch.setattr(clock, "now", lambda: later)

    def work(n: int) -> Settled | bool | None:
        one = placed[n // 2]
        if n % 2:
            return pay(one, transaction=f"tx-{one.payment_id}")
        if way == "cancel":
            return give_up(one.order_number, walks[n // 2])
        return actions.expire(order_number=one.order_number)

    at_once(work, 12)
    for one in placed:
        strays = [refund for refund in queries.refunds_of(one.order_number) if refund.is_stray]
        assert len(strays) == (0 if state_of(one.order_number) is OrderState.PAID else 1)
    paid = sum(state_of(one.order_number) is OrderState.PAID for one in placed)
    assert stock.free(["CUP"]) == {"CUP": 100 - paid}
    assert held_by(Account.CASH, "bank") == 6 * TOTAL
    assert all_is_right()
    assert models.Message.objects.count() == 6


@pytest.mark.usefixtures("cups")
def test_staff_of_another_shop_cannot_call_an_order_off(bank: Bank) -> None:
    placed = an_order_at_the_bank()
    with pytest.raises(NoSuchOrder):
        actions.give_up(order_number=placed.order_number, reason="staff", trail=Trail(shop="other"), by=CLERK)
    assert state_of(placed.order_number) is OrderState.AWAITING_PAYMENT
