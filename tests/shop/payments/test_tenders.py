"""Wallets and gift cards pay like money, are held while an order waits, and never pay more than they hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from tests.shop.made import CLERK, SHOP, a_product, a_shop, at_once, by, cny, facts_of, names, only, told_about
from tests.shop.payments.bank import (
    Bank,
    a_card,
    a_paid_order,
    a_shopper,
    all_is_right,
    an_order_at_the_bank,
    from_card,
    from_wallet,
    held_by,
    pay,
)
from zhanggui.base import ids
from zhanggui.base.ledger.rules import Account
from zhanggui.base.money import Money
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions, models, queries
from zhanggui.shop.payments.actions import tendering
from zhanggui.shop.payments.errors import (
    AmountNotAllowed,
    GiftCardEnded,
    NoSuchGiftCard,
    NotEnough,
    TenderNotAllowed,
)
from zhanggui.shop.payments.rules import BALANCE, Outcome, State, Tender, TenderState
from zhanggui.spine.log.rules import Trail

Wait = Callable[[timedelta], datetime]
TOTAL = 7190
pytestmark = pytest.mark.usefixtures("bank")


def state_of(number: str) -> OrderState:
    return orders.order_by_number(number).state


@pytest.mark.usefixtures("cups")
def test_wallet_card_and_provider_pay_an_order_together() -> None:
    walk, customer = a_shopper(3000)
    card, _ = a_card(2000)
    placed = an_order_at_the_bank(tenders=(from_wallet(customer, 3000), from_card(card, 2000)), walk=walk)
    assert (held_by(Account.WALLET, customer), held_by(Account.GIFT_CARDS, card)) == (0, 0)
    assert held_by(Account.HELD, placed.order_number) == 5000
    assert queries.payment(placed.payment_id).amount == cny(2190)
    assert all_is_right()
    assert pay(placed).outcome is Outcome.PAID
    assert state_of(placed.order_number).value == "paid"
    settled = only(facts_of(placed.order_number), "shop.payment_settled")
    assert (settled.amount_minor, json.loads(settled.body)["provider"]) == (TOTAL, "bank")
    assert (held_by(Account.HELD, placed.order_number), held_by(Account.CASH, "bank")) == (0, 2190)
    assert (held_by(Account.SALES), held_by(Account.SHIPPING_INCOME)) == (5990, 1200)
    assert {held.state for held in queries.tenders_of(placed.order_number)} == {TenderState.TAKEN}
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_an_order_that_the_wallet_pays_whole_is_paid_at_once() -> None:
    walk, customer = a_shopper(10000)
    placed = an_order_at_the_bank(tenders=(from_wallet(customer, TOTAL),), walk=walk)
    assert state_of(placed.order_number) is OrderState.PAID
    (payment,) = queries.payments_of(placed.order_number)
    assert (payment.provider, payment.amount, payment.state) == (BALANCE, cny(0), State.SETTLED)
    told = names(facts_of(placed.order_number))
    assert told == ["shop.order_placed", "shop.payment_settled", "shop.payment_started", "supply.stock_held"]
    assert queries.wallet(SHOP, customer) == cny(10000 - TOTAL)
    assert all_is_right()


@pytest.mark.usefixtures("cups")
@pytest.mark.parametrize("way", ["cancel", "expire"])
def test_what_was_held_goes_back_when_the_order_ends_unpaid(way: str, wait: Wait) -> None:
    wait(timedelta(0))
    walk, customer = a_shopper(3000)
    card, _ = a_card(2000, lasts=timedelta(minutes=10))
    placed = an_order_at_the_bank(tenders=(from_wallet(customer, 3000), from_card(card, 2000)), walk=walk)
    wait(timedelta(minutes=31))
    if way == "cancel":
        actions.give_up(order_number=placed.order_number, reason="changed_mind", trail=walk, by=by(walk))
    else:
        assert actions.expire(order_number=placed.order_number)
        assert not actions.expire(order_number=placed.order_number)
    assert state_of(placed.order_number) == {"cancel": "cancelled", "expire": "expired"}[way]
    assert (held_by(Account.WALLET, customer), held_by(Account.GIFT_CARDS, card)) == (3000, 2000)
    assert queries.tenders_of(placed.order_number) == ()
    (found,) = queries.cards(SHOP, [card]).values()
    assert found.is_good(at=wait(timedelta(days=89))), "money that came back can be spent, whatever the card's date"
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_paying_again_asks_only_for_what_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(queries.providers, "other", Bank())
    walk, customer = a_shopper(3000)
    placed = an_order_at_the_bank(tenders=(from_wallet(customer, 3000),), walk=walk)
    again = actions.pay_again(order_number=placed.order_number, provider="other", trail=walk, by=by(walk))
    assert queries.payment(again).amount == cny(TOTAL - 3000)
    assert held_by(Account.HELD, placed.order_number) == 3000
    assert pay(replace(placed, payment_id=again)).outcome is Outcome.PAID
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_tenders_that_cannot_pay_are_refused_and_nothing_is_written() -> None:
    walk, customer = a_shopper(3000)
    _, other = a_shopper(3000)
    card, _ = a_card(2000)
    blocked, _ = a_card(2000)
    actions.block_card(card_id=blocked, is_blocked=True, trail=Trail(shop=SHOP), by=CLERK)
    usd = replace(from_wallet(customer, 1), amount=Money(1, "USD"))
    cases: list[tuple[tuple[Tender, ...], type[Exception]]] = [
        ((from_wallet(customer, 3001),), NotEnough),
        ((from_card(card, 2001),), NotEnough),
        ((from_wallet(other, 100),), TenderNotAllowed),
        ((from_wallet(customer, 100), from_wallet(customer, 100)), TenderNotAllowed),
        ((from_wallet(customer, 0),), TenderNotAllowed),
        ((from_wallet(customer, -5),), TenderNotAllowed),
        ((from_wallet(customer, TOTAL + 1),), TenderNotAllowed),
        ((usd,), TenderNotAllowed),
        ((from_card(str(ids.uuid7()), 100),), NoSuchGiftCard),
        ((from_card("no id", 100),), NoSuchGiftCard),
        ((from_card(blocked, 100),), GiftCardEnded),
    ]
    placed = an_order_at_the_bank(walk=walk)
    number = placed.order_number
    for tenders, refusal in cases:
        with pytest.raises(refusal):
            actions.start(
                order_number=number, due=cny(TOTAL), provider="bank", tenders=tenders, trail=walk, by=by(walk)
            )
    assert queries.tenders_of(number) == ()
    assert (held_by(Account.WALLET, customer), held_by(Account.GIFT_CARDS, card)) == (3000, 2000)
    assert len(queries.payments_of(number)) == 1
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_a_card_is_shown_once_and_read_however_it_is_typed(wait: Wait) -> None:
    card, code = a_card(2000, lasts=timedelta(days=30))
    row = models.GiftCard.objects.get(pk=card)
    assert code not in str(vars(row)) and code.replace("-", "") not in str(vars(row))
    typed = f" {code.lower().replace('0', 'o').replace('1', 'l')} "
    found = queries.gift_card(SHOP, typed)
    assert found is not None
    assert (found.id, found.balance, found.ending) == (card, cny(2000), code[-4:])
    assert queries.gift_card("other", code) is None
    assert queries.gift_card(SHOP, "0000-0000-0000-0000") is None
    assert queries.gift_card(SHOP, "'; drop table") is None
    assert [one.id for one in queries.all_cards(SHOP, ending=code[-4:])] == [card]


@pytest.mark.usefixtures("cups")
def test_a_card_fills_a_wallet_once(wait: Wait) -> None:
    wait(timedelta(0))
    walk, customer = a_shopper()
    card, code = a_card(2000)
    assert actions.redeem(code=code, customer_id=customer, trail=walk, by=by(walk)) == cny(2000)
    assert (queries.wallet(SHOP, customer), held_by(Account.GIFT_CARDS, card)) == (cny(2000), 0)
    fact = only(told_about(walk.person), "shop.wallet_credited")
    assert (fact.amount_minor, json.loads(fact.body)["reason"]) == (2000, "gift_card")
    with pytest.raises(NotEnough):
        actions.redeem(code=code, customer_id=customer, trail=walk, by=by(walk))
    with pytest.raises(NoSuchGiftCard):
        actions.redeem(code="ABCD", customer_id=customer, trail=walk, by=by(walk))
    _, ended = a_card(500, lasts=timedelta(minutes=1))
    wait(timedelta(minutes=1))
    with pytest.raises(GiftCardEnded):
        actions.redeem(code=ended, customer_id=customer, trail=walk, by=by(walk))
    assert queries.wallet(SHOP, customer) == cny(2000)


@pytest.mark.usefixtures("cups")
def test_staff_fill_a_wallet_with_a_reason_and_take_out_no_more_than_it_holds() -> None:
    walk, customer = a_shopper(3000)
    key = str(ids.uuid7())

    def credit(minor: int, key: str) -> Money:
        return actions.credit_wallet(
            customer_id=customer, amount=cny(minor), reason="late parcel", idempotency_key=key, trail=walk, by=CLERK
        )

    assert [credit(500, key).minor for _ in range(3)] == [3500] * 3
    assert credit(-1000, str(ids.uuid7())) == cny(2500)
    for minor, refusal in ((-2501, NotEnough), (0, AmountNotAllowed), (10_000_001, AmountNotAllowed)):
        with pytest.raises(refusal):
            credit(minor, str(ids.uuid7()))
    moves = queries.wallet_statement(SHOP, customer)
    assert [(move.kind, move.amount.minor, move.words) for move in moves] == [
        ("goodwill", -1000, "late parcel"),
        ("goodwill", 500, "late parcel"),
        ("goodwill", 3000, "for the test"),
    ]
    assert queries.wallet(SHOP, customer) == cny(2500)


@pytest.mark.usefixtures("cups")
def test_a_statement_names_the_orders_behind_it() -> None:
    walk, customer = a_shopper(10000)
    placed = a_paid_order(tenders=(from_wallet(customer, TOTAL),), walk=walk)
    moves = queries.wallet_statement(SHOP, customer)
    assert [(m.kind, m.order_number, m.amount.minor) for m in moves] == [
        ("hold", placed.order_number, -TOTAL),
        ("goodwill", "", 10000),
    ]


@pytest.mark.django_db(transaction=True)
def test_twelve_orders_at_once_spend_a_wallet_and_a_card_only_once() -> None:
    a_shop()
    a_product("CUP", units=100)
    walk, customer = a_shopper(500)
    card, _ = a_card(300)
    placed = [an_order_at_the_bank(walk=walk) for _ in range(12)]

    def hold(n: int) -> int:
        tender = from_wallet(customer, 100) if n % 2 else from_card(card, 100)
        with transaction.atomic():
            held = tendering.hold(
                shop=SHOP,
                order_number=placed[n].order_number,
                due=cny(TOTAL),
                tenders=(tender,),
                reference=placed[n].payment_id,
                by=by(walk),
            )
        return len(held)

    outcomes = at_once(hold, 12)
    assert [outcomes[1::2].count(1), outcomes[0::2].count(1)] == [5, 3]
    assert [one for one in outcomes if one != 1 and not isinstance(one, NotEnough)] == []
    assert held_by(Account.WALLET, customer) == held_by(Account.GIFT_CARDS, card) == 0
    assert models.Tender.objects.count() == 8
    assert all_is_right()


@pytest.mark.django_db(transaction=True)
def test_one_card_redeemed_by_eight_at_once_fills_one_wallet() -> None:
    a_shop()
    a_product("CUP", units=100)
    walk, customer = a_shopper()
    _, code = a_card(2000)
    outcomes = at_once(lambda _: actions.redeem(code=code, customer_id=customer, trail=walk, by=by(walk)), 8)
    assert sorted(str(type(one).__name__) for one in outcomes) == ["Money"] + ["NotEnough"] * 7
    assert queries.wallet(SHOP, customer) == cny(2000)
    assert all_is_right()


@pytest.mark.usefixtures("cups")
def test_what_is_held_for_an_order_that_ended_otherwise_is_found_and_given_back() -> None:
    walk, customer = a_shopper(3000)
    placed = an_order_at_the_bank(tenders=(from_wallet(customer, 3000),), walk=walk)
    order_actions.cancel(order_number=placed.order_number, reason="staff", trail=walk, by=CLERK)
    assert [(d.subject, d.fault) for d in queries.audit()] == [(placed.order_number, "held_for_ended_order")]
    assert actions.return_strays() == 1
    assert queries.wallet(SHOP, customer) == cny(3000)
    assert all_is_right()
