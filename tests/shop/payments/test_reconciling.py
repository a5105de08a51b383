"""What nobody told is asked for, and a provider's daily bill is held against the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.shop.made import CLERK, SHOP, an_order, cny
from tests.shop.payments.bank import (
    Bank,
    a_paid_order,
    all_is_right,
    an_order_at_the_bank,
    give_back,
    held_by,
    notice,
    pay,
)
from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import Job
from zhanggui.base.ledger.rules import Account
from zhanggui.base.money import Money
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions, models, ports, queries
from zhanggui.shop.payments.errors import Forged, NothingToDecide, ProviderUnreachable
from zhanggui.shop.payments.rules import (
    BillKind,
    BillRow,
    Decision,
    Fault,
    Gap,
    GapState,
    Message,
    Notice,
    Outcome,
    Refund,
    Source,
    State,
)

Wait = Callable[[timedelta], datetime]
TOTAL = 7190
MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The attempts that were queued to be asked for."""
    found: list[str] = []

    def keep(what: Job, **args: str) -> None:
        found.append(args["payment_id"])

    monkeypatch.setattr("zhanggui.shop.payments.actions.asking.later", keep)
    return found


@pytest.mark.usefixtures("cups", "bank")
def test_an_open_attempt_is_asked_for_after_1_5_15_and_60_minutes(asked: list[str], wait: Wait) -> None:
    wait(timedelta(0))
    placed = an_order_at_the_bank()
    when = []
    for minute in range(1, 80):
        wait(MINUTE)
        if actions.queue_asks():
            when.append(minute)
    assert (when, set(asked)) == ([1, 5, 15, 60], {placed.payment_id})


@pytest.mark.usefixtures("cups", "bank")
def test_nobody_asks_for_what_has_ended(asked: list[str], wait: Wait) -> None:
    wait(timedelta(0))
    a_paid_order()
    wait(timedelta(hours=2))
    assert (actions.queue_asks(), asked) == (0, [])


@pytest.mark.usefixtures("cups")
def test_money_that_nobody_told_of_is_found_by_asking(bank: Bank) -> None:
    placed = an_order_at_the_bank()
    assert actions.ask(payment_id=placed.payment_id) is None
    bank.paid[placed.payment_id] = notice(queries.payment(placed.payment_id), transaction="tx-1")
    settled = actions.ask(payment_id=placed.payment_id)
    assert settled is not None
    assert settled.outcome is Outcome.PAID
    assert orders.order_by_number(placed.order_number).state is OrderState.PAID
    assert pay(placed, transaction="tx-1").outcome is Outcome.PAID, "the provider tells in the end"
    assert held_by(Account.CASH, "bank") == TOTAL
    assert all_is_right()
    bank.is_down = True
    with pytest.raises(ProviderUnreachable):
        actions.ask_one(payment_id=placed.payment_id)


def a_row(one: Notice, **changes: object) -> BillRow:
    row = BillRow(
        transaction_id=one.transaction_id,
        payment_id=one.payment_id,
        refund_id="",
        amount=one.amount,
        kind=BillKind.PAID,
        at=clock.now(),
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def a_refund_row(refund: Refund) -> BillRow:
    return BillRow(
        transaction_id=refund.transaction_id,
        payment_id=refund.payment_id,
        refund_id=refund.id,
        amount=refund.by_provider,
        kind=BillKind.REFUNDED,
        at=clock.now(),
    )


@pytest.mark.usefixtures("cups")
def test_a_bill_that_agrees_has_no_differences(bank: Bank, wait: Wait) -> None:
    today = wait(timedelta(0)).date()
    placed = an_order_at_the_bank()
    told = notice(queries.payment(placed.payment_id), transaction="tx-1")
    pay(placed, transaction="tx-1")
    refund_id = give_back(placed, 1000)
    actions.pay_back(refund_id=refund_id)
    bank.rows = (a_row(told), a_refund_row(queries.refund(refund_id)))
    assert [actions.compare_bill(provider="bank", day=today) for _ in range(2)] == [0, 0]
    (bill,) = queries.bills()
    assert (bill.provider, bill.day, bill.rows, bill.differences) == ("bank", today, 2, 0)


@pytest.mark.usefixtures("cups")
def test_money_that_only_the_bill_knows_pays_its_order_or_goes_back(bank: Bank, wait: Wait) -> None:
    today = wait(timedelta(0)).date()
    waiting, ended = an_order_at_the_bank(), an_order_at_the_bank()
    late = notice(queries.payment(ended.payment_id), transaction="tx-late")
    wait(timedelta(minutes=31))
    bank.is_down = False
    actions.expire(order_number=ended.order_number)
    paid = notice(queries.payment(waiting.payment_id), transaction="tx-paid")
    unknown = replace(paid, transaction_id="tx-unknown", payment_id=str(ids.uuid7()))
    bank.rows = (a_row(paid), a_row(late), a_row(unknown, amount=cny(500)))
    assert actions.compare_bill(provider="bank", day=today) == 3
    assert orders.order_by_number(waiting.order_number).state is OrderState.PAID
    assert {one.transaction_id for one in queries.refunds(SHOP)} == {"tx-late", "tx-unknown"}
    assert queries.differences(SHOP) == ()
    assert {one.state for one in queries.differences(SHOP, is_open=False)} == {GapState.REPAIRED}
    assert all_is_right()
    assert actions.compare_bill(provider="bank", day=today) == 0
    assert models.Difference.objects.count() == 3


@pytest.mark.usefixtures("cups")
def test_what_cannot_be_mended_waits_for_a_person(bank: Bank, wait: Wait) -> None:
    paid_on = wait(timedelta(hours=4)).date()
    more, missing = a_paid_order(), a_paid_order()
    other = queries.payment(more.payment_id)
    wait(timedelta(hours=20))
    bank.rows = (a_row(notice(other, transaction=other.transaction_id), amount=cny(TOTAL + 1)),)
    assert actions.compare_bill(provider="bank", day=paid_on) == 2
    found = {one.gap: one for one in queries.differences(SHOP)}
    assert set(found) == {Gap.OTHER_AMOUNT, Gap.MISSING_THERE}
    assert (found[Gap.OTHER_AMOUNT].ours, found[Gap.OTHER_AMOUNT].theirs) == (cny(TOTAL), cny(TOTAL + 1))
    assert found[Gap.MISSING_THERE].order_number == missing.order_number
    for note, is_fine in (("  ", False), ("known at the bank", True), ("again", False)):
        if is_fine:
            actions.close_difference(difference_id=found[Gap.OTHER_AMOUNT].id, note=note, by=CLERK)
        else:
            with pytest.raises(NothingToDecide):
                actions.close_difference(difference_id=found[Gap.OTHER_AMOUNT].id, note=note, by=CLERK)
    assert [one.gap for one in queries.differences(SHOP)] == [Gap.MISSING_THERE]


@pytest.mark.usefixtures("cups")
def test_money_near_midnight_may_stand_on_either_bill(bank: Bank, wait: Wait) -> None:
    noon = wait(timedelta(hours=12))  # 16:00 in UTC, midnight in Shanghai
    placed = a_paid_order()
    payment = queries.payment(placed.payment_id)
    assert actions.compare_bill(provider="bank", day=noon.date()) == 0, "the next bill may have it"
    bank.rows = (a_row(notice(payment, transaction=payment.transaction_id)),)
    assert actions.compare_bill(provider="bank", day=noon.date() + timedelta(days=1)) == 0
    bank.rows = ()
    assert queries.differences(SHOP) == ()


@pytest.mark.usefixtures("cups")
def test_a_bill_that_cannot_be_fetched_is_fetched_the_next_time(
    bank: Bank, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in set(ports.providers) - {"bank"}:
        monkeypatch.delitem(ports.providers, name)
    today = wait(timedelta(0)).date()
    bank.is_down = True
    with pytest.raises(ProviderUnreachable):
        actions.compare_all(today=today)
    bank.is_down = False
    actions.compare_all(today=today)
    days = {bill.day for bill in queries.bills() if bill.provider == "bank"}
    assert days == {today - timedelta(days=back) for back in (1, 2, 3)}


@pytest.mark.usefixtures("cups")
def test_a_person_sends_money_back_that_does_not_fit_or_dismisses_it(bank: Bank) -> None:
    placed = an_order_at_the_bank()
    payment = queries.payment(placed.payment_id)

    def hear(transaction: str, **changes: object) -> None:
        told = replace(notice(payment, transaction=transaction), **changes)  # type: ignore[arg-type]
        actions.hear(shop=SHOP, provider="bank", notice=told, source=Source.TOLD)

    hear("tx-less", amount=cny(TOTAL - 1))
    hear("tx-usd", amount=Money(TOTAL, "USD"))
    hear("tx-theirs", merchant="thief")
    theirs, usd, less = queries.quarantined(SHOP, is_open=True)
    assert held_by(Account.CASH, "bank") == 0
    with pytest.raises(NothingToDecide):
        actions.give_back_quarantined(shop=SHOP, message_id=theirs.id, note="", by=CLERK)
    with pytest.raises(NothingToDecide):
        actions.give_back_quarantined(shop="other", message_id=less.id, note="", by=CLERK)
    actions.give_back_quarantined(shop=SHOP, message_id=less.id, note="paid too little", by=CLERK)
    actions.give_back_quarantined(shop=SHOP, message_id=usd.id, note="", by=CLERK)
    with pytest.raises(NothingToDecide):
        actions.dismiss_quarantined(shop=SHOP, message_id=theirs.id, note=" ", by=CLERK)
    actions.dismiss_quarantined(shop=SHOP, message_id=theirs.id, note="not ours", by=CLERK)
    for one in (less, theirs):
        with pytest.raises(NothingToDecide):
            actions.dismiss_quarantined(shop=SHOP, message_id=one.id, note="again", by=CLERK)
    assert queries.quarantined(SHOP, is_open=True) == ()
    assert all_is_right()
    for refund in queries.refunds(SHOP):
        actions.pay_back(refund_id=refund.id)
    assert {(one.transaction_id, one.amount) for one in bank.refunded} == {
        ("tx-less", cny(TOTAL - 1)),
        ("tx-usd", Money(TOTAL, "USD")),
    }
    assert (held_by(Account.CASH, "bank"), held_by(Account.REFUNDS_DUE, placed.order_number)) == (0, 0)
    assert pay(placed).outcome is Outcome.PAID
    assert all_is_right()


@pytest.mark.usefixtures("cups", "bank")
def test_money_for_another_shop_of_the_house_is_not_sent_back(bank: Bank) -> None:
    payment = queries.payment(an_order_at_the_bank().payment_id)
    actions.hear(shop="other", provider="bank", notice=notice(payment), source=Source.TOLD)
    (kept,) = queries.quarantined("other")
    assert (kept.reason, kept.decision) == (Fault.OTHER_SHOP, Decision.OPEN)
    assert queries.refunds("other") == ()
    assert queries.payment(payment.id).state is State.STARTED


@pytest.mark.usefixtures("cups")
def test_what_was_not_believed_is_kept_as_an_incident_and_a_flood_is_not() -> None:
    placed = an_order()
    for n in range(205):
        with pytest.raises(Forged):
            body = f"payment={placed.payment_id}&amount={n}&signature=0".encode()
            actions.settle(shop=SHOP, provider="sandbox", message=Message(body=body))
    incidents = queries.incidents(SHOP, limit=500)
    assert len(incidents) == 200
    assert (incidents[0].provider, incidents[0].fault) == ("sandbox", "forged")
    assert placed.payment_id.encode() in incidents[0].body
    assert queries.incidents("other") == ()
