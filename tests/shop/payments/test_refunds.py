"""Money goes back the way it came, once, and never more than came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shop.made import CLERK, SHOP, a_product, a_shop, at_once, cny, facts_of, names, only
from tests.shop.payments.bank import (
    Bank,
    a_card,
    a_paid_order,
    a_shopper,
    all_is_right,
    from_card,
    from_wallet,
    give_back,
    held_by,
    refund_notice,
)
from zhanggui.base.ledger.rules import Account
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import MoreThanBought, MoreThanPaid
from zhanggui.shop.payments import actions, models, queries
from zhanggui.shop.payments.errors import NoSuchRefund, NothingToDecide, RefundDiffers
from zhanggui.shop.payments.rules import (
    Fault,
    Limits,
    Outcome,
    RefundAnswer,
    RefundNotice,
    RefundState,
    Source,
)
from zhanggui.spine.envelope import Line
from zhanggui.spine.log.rules import Trail

Wait = Callable[[timedelta], datetime]
TOTAL = 7190
MINUTE = timedelta(minutes=1)


def state_of(refund_id: str) -> RefundState:
    return queries.refund(refund_id).state


@pytest.mark.usefixtures("cups")
def test_a_refund_gives_each_tender_its_share_and_the_provider_is_told_by_a_job(bank: Bank) -> None:
    walk, customer = a_shopper(3000)
    card, _ = a_card(2000)
    placed = a_paid_order(tenders=(from_wallet(customer, 3000), from_card(card, 2000)), walk=walk)
    refund_id = give_back(placed, 5990, {1: 1})
    refund = queries.refund(refund_id)
    assert (refund.amount, refund.by_provider, refund.state) == (cny(5990), cny(1825), RefundState.DUE)
    assert (held_by(Account.WALLET, customer), held_by(Account.GIFT_CARDS, card)) == (2499, 1666)
    assert held_by(Account.REFUNDS_DUE, placed.order_number) == 1825
    assert (held_by(Account.REFUNDS), held_by(Account.SHIPPING_INCOME)) == (5990, 1200)
    started = only(facts_of(placed.order_number), "shop.refund_started")
    assert (started.amount_minor, started.lines) == (
        5990,
        (Line(sku="CUP", category="cups", quantity=1, amount_minor=5990),),
    )
    assert bank.refunded == []
    assert all_is_right()

    actions.pay_back(refund_id=refund_id)

    (told,) = bank.refunded
    assert (told.id, told.amount) == (refund_id, cny(1825)), "the provider is told its own part"
    assert state_of(refund_id) is RefundState.DONE
    settled = only(facts_of(placed.order_number), "shop.refund_settled")
    assert (settled.amount_minor, settled.cause, settled.lines) == (5990, started.id, started.lines)
    assert (held_by(Account.REFUNDS_DUE, placed.order_number), held_by(Account.CASH, "bank")) == (0, 2190 - 1825)
    assert all_is_right()
    actions.pay_back(refund_id=refund_id)
    assert len(bank.refunded) == 1


@pytest.mark.usefixtures("cups", "bank")
def test_what_only_wallet_and_cards_paid_is_back_at_once() -> None:
    walk, customer = a_shopper(TOTAL)
    placed = a_paid_order(tenders=(from_wallet(customer, TOTAL),), walk=walk)
    refund_id = give_back(placed, TOTAL, {1: 1})
    assert state_of(refund_id) is RefundState.DONE
    assert queries.wallet(SHOP, customer) == cny(TOTAL)
    assert names(facts_of(placed.order_number)).count("shop.refund_settled") == 1
    assert (held_by(Account.SALES) - held_by(Account.REFUNDS), held_by(Account.SHIPPING_INCOME)) == (0, 0)
    assert next((m.kind, m.order_number) for m in queries.wallet_statement(SHOP, customer)) == (
        "refund",
        placed.order_number,
    )
    assert all_is_right()


@pytest.mark.usefixtures("cups", "bank")
def test_the_same_reference_is_the_same_refund() -> None:
    placed = a_paid_order(2)
    first = give_back(placed, 5990, {1: 1})
    assert give_back(placed, 5990, {1: 1}) == first
    for amount, units in ((5991, {1: 1}), (5990, {}), (5990, {1: 2})):
        with pytest.raises(RefundDiffers):
            give_back(placed, amount, units)
    order = orders.order_by_number(placed.order_number)
    assert (order.refunded, order.line(1).returned_units) == (cny(5990), 1)
    assert models.Refund.objects.count() == 1
    assert all_is_right()


@pytest.mark.usefixtures("cups", "bank")
def test_no_more_goes_back_than_was_paid_or_bought() -> None:
    placed = a_paid_order(2)
    with pytest.raises(MoreThanPaid):
        give_back(placed, 13181)
    with pytest.raises(MoreThanPaid):
        give_back(placed, 0)
    for units in ({1: 3}, {2: 1}, {1: 0}, {1: -1}):
        with pytest.raises(MoreThanBought):
            give_back(placed, 100, units)
    assert queries.refunds_of(placed.order_number) == ()
    assert orders.order_by_number(placed.order_number).refunded == cny(0)
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_a_provider_that_cannot_be_reached_is_told_again_later(bank: Bank, wait: Wait) -> None:
    wait(timedelta(0))
    placed = a_paid_order()
    refund_id = give_back(placed, TOTAL, {1: 1})
    bank.is_down = True
    actions.pay_back(refund_id=refund_id)
    assert state_of(refund_id) is RefundState.ASKED
    bank.is_down = False
    actions.pay_back(refund_id=refund_id)
    assert bank.refunded == [], "not before its turn"
    assert actions.queue_refunds() == 0
    wait(MINUTE)
    assert actions.queue_refunds() == 1
    actions.pay_back(refund_id=refund_id)
    assert [refund.id for refund in bank.refunded] == [refund_id]
    assert state_of(refund_id) is RefundState.DONE


@pytest.mark.usefixtures("cups")
def test_accepted_is_not_yet_done(bank: Bank, wait: Wait) -> None:
    wait(timedelta(0))
    placed = a_paid_order()
    refund_id = give_back(placed, TOTAL, {1: 1})
    bank.answers = [RefundNotice(state=RefundAnswer.ACCEPTED)] * 2
    actions.pay_back(refund_id=refund_id)
    assert state_of(refund_id) is RefundState.ACCEPTED
    assert "shop.refund_settled" not in names(facts_of(placed.order_number))
    assert held_by(Account.REFUNDS_DUE, placed.order_number) == TOTAL
    for minutes in (1, 2):
        wait(timedelta(minutes=minutes))
        actions.pay_back(refund_id=refund_id)
    assert (len(bank.refunded), len(bank.asked_refunds)) == (1, 2), "told once, then asked"
    assert state_of(refund_id) is RefundState.DONE
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_parts_of_one_payment_are_a_minute_apart_at_wechat(bank: Bank, wait: Wait) -> None:
    wait(timedelta(0))
    bank.limits = Limits(apart=MINUTE, parts=2, within=timedelta(days=365))
    placed = a_paid_order(3)
    first, second, third = (give_back(placed, 100, reference=f"r-{n}") for n in range(3))
    for refund_id in (first, second):
        actions.pay_back(refund_id=refund_id)
    assert (state_of(first), state_of(second)) == (RefundState.DONE, RefundState.DUE)
    wait(MINUTE)
    actions.pay_back(refund_id=second)
    assert state_of(second) is RefundState.DONE
    actions.pay_back(refund_id=third)
    assert (state_of(third), queries.refund(third).refusal) == (RefundState.REFUSED, "past_limits")
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_after_a_year_the_provider_is_not_even_asked(bank: Bank, wait: Wait) -> None:
    wait(timedelta(0))
    placed = a_paid_order()
    wait(timedelta(days=365))
    refund_id = give_back(placed, TOTAL, {1: 1})
    actions.pay_back(refund_id=refund_id)
    assert (state_of(refund_id), bank.refunded) == (RefundState.REFUSED, [])


@pytest.mark.usefixtures("cups")
@pytest.mark.parametrize("way", ["again", "wallet", "by_hand"])
def test_a_person_decides_about_a_refund_that_the_provider_refused(bank: Bank, way: str) -> None:
    placed = a_paid_order()
    customer = str(orders.order_by_number(placed.order_number).customer_id)
    refund_id = give_back(placed, TOTAL, {1: 1})
    bank.answers = [RefundNotice(state=RefundAnswer.REFUSED, reason="ACCOUNT_CLOSED")]
    with pytest.raises(NothingToDecide):
        actions.try_again(refund_id=refund_id)
    actions.pay_back(refund_id=refund_id)
    assert queries.refund(refund_id).refusal == "ACCOUNT_CLOSED"
    assert "shop.refund_settled" not in names(facts_of(placed.order_number))
    assert all_is_right()
    if way == "again":
        actions.try_again(refund_id=refund_id)
        actions.pay_back(refund_id=refund_id)
    elif way == "wallet":
        actions.give_to_wallet(refund_id=refund_id, note="asked for it", by=CLERK)
    else:
        actions.paid_by_hand(refund_id=refund_id, note="transfer 7", by=CLERK)
    assert state_of(refund_id) is RefundState.DONE
    assert names(facts_of(placed.order_number)).count("shop.refund_settled") == 1
    in_wallet = TOTAL if way == "wallet" else 0
    assert (queries.wallet(SHOP, customer).minor, held_by(Account.CASH, "bank")) == (in_wallet, in_wallet)
    assert all_is_right()
    with pytest.raises(NothingToDecide):
        actions.give_to_wallet(refund_id=refund_id, note="", by=CLERK)
    with pytest.raises(NoSuchRefund):
        actions.try_again(refund_id="nonsense")


@pytest.mark.usefixtures("cups")
def test_a_provider_may_tell_of_a_refund_by_itself(bank: Bank) -> None:
    placed = a_paid_order()
    refund_id = give_back(placed, TOTAL, {1: 1})
    refund = queries.refund(refund_id)

    def hear(**changes: object) -> Outcome:
        told = refund_notice(refund, **changes)  # type: ignore[arg-type]
        return actions.hear(shop=SHOP, provider="bank", notice=told, source=Source.TOLD).outcome

    assert hear(amount=cny(TOTAL - 1)) is Outcome.QUARANTINED
    assert state_of(refund_id) is RefundState.DUE
    assert [hear(), hear()] == [Outcome.REFUNDED] * 2
    assert state_of(refund_id) is RefundState.DONE
    actions.pay_back(refund_id=refund_id)
    assert bank.refunded == []
    assert all_is_right()


@pytest.mark.usefixtures("cups", "bank")
def test_a_refund_that_comes_back_after_it_was_paid_out_waits_for_a_person() -> None:
    placed = a_paid_order()
    refund = queries.refund(give_back(placed, 5990, {1: 1}))
    actions.pay_back(refund_id=refund.id)
    heard = actions.hear(shop=SHOP, provider="bank", notice=refund_notice(refund, is_paid=False), source=Source.TOLD)
    assert (heard.outcome, state_of(refund.id)) == (Outcome.QUARANTINED, RefundState.DONE)
    (odd,) = queries.quarantined(SHOP, is_open=True)
    assert (odd.reason, odd.order_number, odd.amount) == (Fault.REFUND_RETURNED, placed.order_number, cny(5990))
    assert only(facts_of(placed.order_number), "shop.payment_quarantined").amount_minor == 5990
    with pytest.raises(NothingToDecide):
        actions.give_back_quarantined(shop=SHOP, message_id=odd.id, note="", by=CLERK)
    actions.dismiss_quarantined(shop=SHOP, message_id=odd.id, note="by transfer", by=CLERK)
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_a_refusal_that_is_told_again_after_a_person_decided_changes_nothing(bank: Bank) -> None:
    bank.answers.append(RefundNotice(state=RefundAnswer.REFUSED, reason="closed"))
    refund = queries.refund(give_back(a_paid_order(), 5990, {1: 1}))
    actions.pay_back(refund_id=refund.id)
    actions.paid_by_hand(refund_id=refund.id, note="by transfer", by=CLERK)
    heard = actions.hear(shop=SHOP, provider="bank", notice=refund_notice(refund, is_paid=False), source=Source.TOLD)
    assert (heard.outcome, queries.quarantined(SHOP)) == (Outcome.REFUNDED, ())


@pytest.mark.usefixtures("cups", "bank")
def test_a_called_off_order_whose_money_stays_is_found() -> None:
    walk, customer = a_shopper(3000)
    placed = a_paid_order(tenders=(from_wallet(customer, 3000),), walk=walk)
    order_actions.cancel_paid(order_number=placed.order_number, reason="staff", trail=Trail(shop=SHOP), by=CLERK)
    give_back(placed, 7000)
    assert [(d.subject, d.fault) for d in queries.audit()] == [(placed.order_number, "called_off_without_refund")]
    give_back(placed, 190, reference="r-2")
    assert queries.audit() == ()


@pytest.mark.django_db(transaction=True)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wallet=st.integers(1, 8000),
    card=st.integers(1, 8000),
    parts=st.lists(st.tuples(st.integers(1, 9000), st.integers(0, 2)), max_size=5),
)
def test_refunding_everything_in_any_parts_gives_each_tender_exactly_what_it_paid(
    bank: Bank, wallet: int, card: int, parts: list[tuple[int, int]]
) -> None:
    if not models.GiftCard.objects.exists():
        a_shop()
        a_product("CUP", units=200)
    walk, customer = a_shopper(wallet)
    card_id, _ = a_card(card)
    paid = a_paid_order(3, tenders=(from_wallet(customer, wallet), from_card(card_id, card)), walk=walk)
    total = orders.order_by_number(paid.order_number).total.minor
    left, pieces = total, 3
    for n, (amount, units) in enumerate([*parts, (total, 3)]):
        amount, units = min(amount, left), min(units, pieces)
        if amount:
            give_back(paid, amount, {1: units} if units else {}, reference=f"r-{n}")
            left, pieces = left - amount, pieces - units
        given = (held_by(Account.WALLET, customer), held_by(Account.GIFT_CARDS, card_id))
        assert given <= (wallet, card) and given[1] <= card
    assert (held_by(Account.WALLET, customer), held_by(Account.GIFT_CARDS, card_id)) == (wallet, card)
    assert held_by(Account.REFUNDS_DUE, paid.order_number) == total - wallet - card
    assert queries.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_the_same_refund_asked_for_by_eight_at_once_is_one(bank: Bank) -> None:
    a_shop()
    a_product("CUP", units=30)
    placed = a_paid_order(2)
    assert len(set(at_once(lambda _: give_back(placed, 5990, {1: 1}), 8))) == 1
    outcomes = at_once(lambda n: give_back(placed, 1000, reference=f"other-{n}"), 12)
    refused = [one for one in outcomes if isinstance(one, MoreThanPaid)]
    assert (len(outcomes) - len(refused), len(refused)) == (7, 5), "71.90 are left: seven times 10.00"
    at_once(lambda n: actions.pay_back(refund_id=str(queries.refunds_of(placed.order_number)[0].id)), 6)
    assert len(bank.refunded) == 1
    assert all_is_right()
