"""Payments: money comes true once, and what does not fit is never accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.shop.made import (
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
from zhanggui.base import clock, ids
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.base.money import Money
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders import queries as order_queries
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.models import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions, models, queries
from zhanggui.shop.payments.errors import Forged, NoSuchPayment, NoSuchProvider, NotPayable, Stale, Unreadable
from zhanggui.shop.payments.rules import Fault, Message, Outcome, Settled, State
from zhanggui.spine.envelope import Line
from zhanggui.spine.log.models import Entry

Wait = Callable[[timedelta], datetime]
TOTAL = 7190


@pytest.fixture
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", price=5990, units=30)


def settle(message: Message) -> Settled:
    return actions.settle(shop=SHOP, provider="sandbox", message=message)


def state_of(placed: Placed) -> OrderState:
    return order_queries.order_for_staff(SHOP, placed.order_number).state


def books(account: Account, holder: str = "") -> int:
    return ledger.balance(shop=SHOP, account=account, currency="CNY", holder=holder).minor


def all_is_right() -> bool:
    return queries.audit() == order_queries.audit() == ledger.audit() == ()


def nothing_moved(placed: Placed, *, owed: int = 0) -> None:
    """The order waits as before; `owed` came for nothing that we know and goes back."""
    assert state_of(placed) is OrderState.AWAITING_PAYMENT
    assert [payment.state for payment in queries.payments_of(placed.order_number)] == [State.STARTED]
    assert "shop.payment_settled" not in names(facts_of(placed.order_number))
    assert books(Account.CASH, "sandbox") == books(Account.REFUNDS_DUE, placed.order_number) == owed
    assert books(Account.SALES) == 0


@pytest.mark.usefixtures("shop")
def test_money_that_fits_pays_the_order_and_the_books_balance() -> None:
    walk = a_cart({"CUP": 2})
    placed = place(walk)
    settled = settle(a_message(placed, amount=13180, transaction="tx-1"))
    assert settled == Settled(outcome=Outcome.PAID, order_number=placed.order_number, payment_id=placed.payment_id)
    assert state_of(placed) is OrderState.PAID
    told = facts_of(placed.order_number)
    fact = only(told, "shop.payment_settled")
    assert fact.cause == only(told, "shop.payment_started").id
    assert (fact.amount_minor, fact.currency, fact.actor, fact.person) == (13180, "CNY", "partner:sandbox", walk.person)
    assert fact.lines == (Line(sku="CUP", category="cups", quantity=2, amount_minor=11980),)
    assert (fact.session, fact.channel, fact.device) == (walk.session, "search", "phone")
    assert books(Account.CASH, "sandbox") == 13180
    assert (books(Account.SALES), books(Account.SHIPPING_INCOME), books(Account.TAX_DUE)) == (11980, 1200, 0)
    assert all_is_right()


@pytest.mark.usefixtures("shop")
def test_a_replayed_message_is_answered_the_same_and_changes_nothing() -> None:
    placed = an_order()
    message = a_message(placed, amount=TOTAL)
    first = settle(message)
    assert [settle(message) for _ in range(3)] == [first] * 3
    assert names(facts_of(placed.order_number)).count("shop.payment_settled") == 1
    assert (models.Message.objects.count(), books(Account.CASH, "sandbox")) == (1, TOTAL)


@pytest.mark.usefixtures("shop")
def test_the_same_money_under_another_event_id_is_not_money_twice() -> None:
    placed = an_order()
    for event in ("ev-1", "ev-2"):
        message = a_message(placed, amount=TOTAL, event=event, transaction="tx-1")
        assert settle(message).outcome is Outcome.PAID
    assert names(facts_of(placed.order_number)).count("shop.payment_settled") == 1
    assert (models.Message.objects.count(), books(Account.CASH, "sandbox")) == (2, TOTAL)
    assert all_is_right()


@pytest.mark.usefixtures("shop")
def test_money_that_comes_twice_is_owed_back() -> None:
    placed = an_order()
    assert settle(a_message(placed, amount=TOTAL, transaction="tx-1")).outcome is Outcome.PAID
    assert settle(a_message(placed, amount=TOTAL, transaction="tx-2")).outcome is Outcome.QUARANTINED
    told = facts_of(placed.order_number)
    odd = only(told, "shop.payment_quarantined")
    assert (odd.cause, odd.amount_minor) == (only(told, "shop.payment_started").id, TOTAL)
    assert state_of(placed) is OrderState.PAID
    assert names(told).count("shop.payment_settled") == 1
    assert books(Account.REFUNDS_DUE, placed.order_number) == TOTAL
    assert (books(Account.CASH, "sandbox"), books(Account.SALES)) == (2 * TOTAL, 5990)
    assert [q.reason for q in queries.quarantined(SHOP)] == [Fault.ORDER_PAID]
    assert all_is_right()


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": TOTAL - 1}, Fault.OTHER_AMOUNT),
        ({"amount": 1}, Fault.OTHER_AMOUNT),
        ({"amount": TOTAL + 1}, Fault.OTHER_AMOUNT),
        ({"amount": TOTAL, "currency": "USD"}, Fault.OTHER_CURRENCY),
        ({"amount": TOTAL, "merchant": "somebody-else"}, Fault.OTHER_MERCHANT),
        ({"amount": TOTAL, "order_number": "261122-00000-00000"}, Fault.OTHER_ORDER),
        ({"amount": TOTAL, "payment_id": "0190f1f4-0000-7000-8000-000000000000"}, Fault.UNKNOWN_PAYMENT),
        ({"amount": TOTAL, "payment_id": "not an id"}, Fault.UNKNOWN_PAYMENT),
    ],
)
def test_money_that_does_not_fit_is_quarantined_and_never_accepted(changes: dict[str, object], reason: Fault) -> None:
    placed = an_order()
    message = a_message(placed, **changes)  # type: ignore[arg-type]
    before = Entry.objects.filter(name="shop.payment_quarantined").count()
    assert {settle(message).outcome for _ in range(2)} == {Outcome.QUARANTINED}
    nothing_moved(placed, owed=TOTAL if reason is Fault.UNKNOWN_PAYMENT else 0)
    (kept,) = queries.quarantined(SHOP)
    assert (kept.reason, kept.amount) == (
        reason,
        Money(changes["amount"], str(changes.get("currency", "CNY"))),  # type: ignore[arg-type]
    )
    assert Entry.objects.filter(name="shop.payment_quarantined").count() == before + 1
    assert all_is_right()
    assert settle(a_message(placed, amount=TOTAL)).outcome is Outcome.PAID


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"key": b"forged"}, Forged), ({"sent_at": 1_000_000_000}, Stale)],
)
def test_a_message_that_cannot_be_believed_leaves_no_trace(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    placed = an_order()
    message = a_message(placed, amount=TOTAL, **changes)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        settle(message)
    with pytest.raises(Unreadable):
        settle(Message(body=b"nonsense"))
    with pytest.raises(NoSuchProvider):
        actions.settle(shop=SHOP, provider="piggy_bank", message=message)
    nothing_moved(placed)
    assert not models.Message.objects.exists()


@pytest.mark.usefixtures("shop")
def test_a_payment_of_another_shop_is_unknown_here() -> None:
    placed = an_order()
    settled = actions.settle(shop="other", provider="sandbox", message=a_message(placed, amount=TOTAL))
    assert settled.outcome is Outcome.QUARANTINED
    nothing_moved(placed)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("end", ["expired", "cancelled"])
def test_late_money_does_not_wake_an_order_and_is_owed_back(end: str, wait: Wait) -> None:
    walk = a_cart()
    placed = place(walk)
    wait(timedelta(minutes=31))
    if end == "expired":
        orders.expire(order_number=placed.order_number)
    else:
        orders.cancel(order_number=placed.order_number, reason="changed_mind", trail=walk, by=by(walk))
    message = a_message(placed, amount=TOTAL, transaction="tx-late")
    again = a_message(placed, amount=TOTAL, transaction="tx-late", event="told again")
    assert [settle(m).outcome for m in (message, again, message)] == [Outcome.QUARANTINED] * 3
    assert state_of(placed) == end
    assert [payment.state for payment in queries.payments_of(placed.order_number)] == [State.REFUND_DUE]
    assert books(Account.REFUNDS_DUE, placed.order_number) == books(Account.CASH, "sandbox") == TOTAL
    told = names(facts_of(placed.order_number))
    assert (told.count("shop.payment_quarantined"), told.count("shop.payment_settled")) == (1, 0)
    assert {kept.reason for kept in queries.quarantined(SHOP)} == {Fault(f"order_{end}")}
    assert all_is_right()


@pytest.mark.usefixtures("shop")
def test_a_declined_payment_can_be_tried_again() -> None:
    walk = a_cart()
    placed = place(walk)
    assert settle(a_message(placed, amount=TOTAL, is_paid=False)).outcome is Outcome.DECLINED
    told = facts_of(placed.order_number)
    assert only(told, "shop.payment_failed").cause == only(told, "shop.payment_started").id
    assert state_of(placed) is OrderState.AWAITING_PAYMENT
    page = walk.after(ids.uuid7())
    again = [
        actions.pay_again(order_number=placed.order_number, provider="sandbox", trail=page, by=by(walk))
        for _ in range(2)
    ]
    assert again[0] == again[1] != placed.payment_id
    started = [f for f in facts_of(placed.order_number) if f.name == "shop.payment_started"]
    assert [f.cause for f in started[1:]] == [page.cause]
    assert settle(a_message(placed, amount=TOTAL, payment_id=again[0])).outcome is Outcome.PAID
    states = [payment.state for payment in queries.payments_of(placed.order_number)]
    assert states == [State.FAILED, State.SETTLED]
    assert all_is_right()


@pytest.mark.usefixtures("shop")
def test_messages_out_of_order_end_in_the_money() -> None:
    placed = an_order()
    declined, paid = a_message(placed, amount=TOTAL, is_paid=False), a_message(placed, amount=TOTAL)
    assert settle(declined).outcome is Outcome.DECLINED
    assert settle(paid).outcome is Outcome.PAID
    assert settle(a_message(placed, amount=TOTAL, is_paid=False)).outcome is Outcome.PAID
    assert state_of(placed) is OrderState.PAID
    assert names(facts_of(placed.order_number)).count("shop.payment_failed") == 1


@pytest.mark.usefixtures("shop")
def test_only_an_order_that_waits_can_be_paid_and_only_by_its_shopper(wait: Wait) -> None:
    walk, other = a_cart(), a_walk()
    placed = place(walk)
    way = {"return_to": "https://shop.example/back", "notify_to": "https://shop.example/notify", "language": "en"}
    doorway = actions.enter(payment_id=placed.payment_id, person=walk.person, **way)
    assert "/sandbox/open?" in doorway.address
    with pytest.raises(NoSuchOrder):
        actions.enter(payment_id=placed.payment_id, person=other.person, **way)
    with pytest.raises(NoSuchPayment):
        actions.enter(payment_id="nonsense", person=walk.person, **way)
    with pytest.raises(NoSuchOrder):
        actions.pay_again(order_number=placed.order_number, provider="sandbox", trail=other, by=by(other))
    wait(timedelta(minutes=30))
    with pytest.raises(NotPayable):
        actions.enter(payment_id=placed.payment_id, person=walk.person, **way)
    with pytest.raises(NotPayable):
        actions.pay_again(order_number=placed.order_number, provider="sandbox", trail=walk, by=by(walk))
    assert len(queries.payments_of(placed.order_number)) == 1


@pytest.mark.usefixtures("shop")
def test_choosing_another_provider_ends_the_attempt_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(queries.providers, "other", queries.providers["sandbox"])
    walk = a_cart()
    placed = place(walk)
    actions.pay_again(order_number=placed.order_number, provider="other", trail=walk, by=by(walk))
    attempts = queries.payments_of(placed.order_number)
    assert [(a.provider, a.state) for a in attempts] == [("sandbox", State.FAILED), ("other", State.STARTED)]
    told = facts_of(placed.order_number)
    assert only(told, "shop.payment_failed").cause == next(f.id for f in told if f.name == "shop.payment_started")


@pytest.mark.usefixtures("shop")
def test_the_audit_finds_money_orders_and_books_that_disagree() -> None:
    paid, unpaid = an_order(), an_order()
    settle(a_message(paid, amount=TOTAL))
    assert queries.audit() == ()
    now = clock.now()
    models.Payment.objects.filter(order_number=unpaid.order_number).update(state=State.SETTLED, ended_at=now)
    assert {(d.subject, d.fault) for d in queries.audit()} == {
        (unpaid.order_number, "settled_without_paid_order"),
        ("sandbox", "books_differ"),
    }
    models.Payment.objects.filter(order_number=unpaid.order_number).update(state=State.FAILED)
    Order.objects.filter(pk=unpaid.order_number).update(state=OrderState.PAID, ended_at=now, paid_at=now)
    assert [(d.subject, d.fault) for d in queries.audit()] == [(unpaid.order_number, "paid_order_without_settled")]


@pytest.mark.usefixtures("shop")
def test_settling_takes_few_statements() -> None:
    settle(a_message(an_order(), amount=TOTAL))
    message = a_message(an_order(), amount=TOTAL)
    with statements() as first:
        settle(message)
    with statements() as again:
        settle(message)
    assert (len(first), len(again)) == (9, 2)


@pytest.mark.django_db(transaction=True)
def test_the_return_and_the_notification_at_once_settle_once() -> None:
    a_shop()
    a_product("CUP", units=30)
    for _ in range(5):
        placed = an_order()
        message = a_message(placed, amount=TOTAL)
        outcomes = at_once(lambda _: settle(message).outcome, 4)  # noqa: B023
        assert outcomes == [Outcome.PAID] * 4
        assert names(facts_of(placed.order_number)).count("shop.payment_settled") == 1
    assert books(Account.CASH, "sandbox") == 5 * TOTAL
    assert all_is_right()


@pytest.mark.django_db(transaction=True)
def test_two_transactions_at_once_pay_once_and_owe_once() -> None:
    a_shop()
    a_product("CUP", units=30)
    placed = [an_order() for _ in range(6)]
    outcomes = at_once(lambda n: settle(a_message(placed[n // 2], amount=TOTAL)).outcome, 12)
    for number in range(6):
        assert sorted(outcomes[2 * number : 2 * number + 2]) == [Outcome.PAID, Outcome.QUARANTINED]  # type: ignore[type-var]
    assert books(Account.CASH, "sandbox") == 12 * TOTAL
    assert ledger.total(shop=SHOP, account=Account.REFUNDS_DUE, currency="CNY") == cny(6 * TOTAL)
    assert all_is_right()


@pytest.mark.django_db(transaction=True)
def test_trying_again_many_times_at_once_is_one_attempt() -> None:
    a_shop()
    a_product("CUP", units=30)
    walk = a_cart()
    placed = place(walk)
    settle(a_message(placed, amount=TOTAL, is_paid=False))

    def again(_: int) -> str:
        return actions.pay_again(order_number=placed.order_number, provider="sandbox", trail=walk, by=by(walk))

    assert len(set(at_once(again, 8))) == 1
    assert len(queries.payments_of(placed.order_number)) == 2
