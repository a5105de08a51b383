"""Money at the console: found, explained, decided, and only by those who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from tests.shop.made import SHOP, a_cart, a_product, a_shop, cny, place, statements
from tests.shop.payments.bank import (
    Bank,
    a_paid_order,
    a_shopper,
    an_order_at_the_bank,
    from_wallet,
    give_back,
    notice,
)
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions, models, ports, queries
from zhanggui.shop.payments.rules import Decision, RefundAnswer, RefundNotice, RefundState, Source

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch, lake_folder: object) -> Bank:
    a_shop()
    a_product("CUP", price=5990, units=50)
    made = Bank()
    monkeypatch.setitem(ports.providers, "bank", made)
    return made


def opens(client: Client, address: str, status: int = 200) -> str:
    response = client.get(f"/console/payments/{address}{'&' if '?' in address else '?'}shop={SHOP}")
    assert response.status_code == status
    return response.content.decode()


def sends(client: Client, address: str, **said: str) -> str:
    response = client.post(f"/console/payments/{address}?shop={SHOP}", said, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def odd_money(amount: int = 7189) -> int:
    payment = queries.payment(an_order_at_the_bank().payment_id)
    told = replace(notice(payment), amount=cny(amount))
    actions.hear(shop=SHOP, provider="bank", notice=told, source=Source.TOLD)
    return queries.quarantined(SHOP)[0].id


def test_a_payment_is_found_by_its_order_and_by_the_provider_s_id(bank: Bank, signed_in: SignIn) -> None:
    placed, other = a_paid_order(), a_paid_order()
    clerk, payment = signed_in(Role.CLERK), queries.payment(placed.payment_id)
    for find in (placed.order_number.lower(), payment.transaction_id, payment.id):
        page = opens(clerk, f"?find={find}")
        assert placed.order_number in page
        assert other.order_number not in page
    assert "No payment fits." in opens(clerk, "?find=nothing")
    assert other.order_number in opens(clerk, "?state=settled")
    assert other.order_number not in opens(clerk, "?state=failed")


def test_the_list_says_what_was_paid_and_by_what(bank: Bank, signed_in: SignIn) -> None:
    walk, customer = a_shopper(9000)
    whole = place(a_cart(walk=walk), provider="bank", tenders=(from_wallet(customer, 7190),))
    part = a_paid_order(tenders=(from_wallet(customer, 1000),), walk=walk)
    client = signed_in(Role.CLERK)
    rows = client.get(f"/console/payments/?shop={SHOP}").context["rows"]
    said = {row.payment.order_number: (row.total, row.parts) for row in rows}
    assert said[whole.order_number] == (cny(7190), (("Wallet", cny(7190)),))
    assert said[part.order_number] == (cny(7190), (("bank", cny(6190)), ("Wallet", cny(1000))))
    assert "CN¥0.00" not in opens(client, "?state=settled")
    assert "CN¥71.90 · Wallet" in opens(client, f"{whole.payment_id}/")


def test_one_payment_shows_its_messages_tenders_refunds_and_postings(bank: Bank, signed_in: SignIn) -> None:
    walk, customer = a_shopper(3000)
    placed = a_paid_order(tenders=(from_wallet(customer, 3000),), walk=walk)
    give_back(placed, 1000)
    page = opens(signed_in(Role.CLERK), f"{placed.payment_id}/")
    for said in (
        "CN¥71.90 · bank CN¥41.90 + Wallet CN¥30.00",
        "the provider told us",
        "Wallet · CN¥30.00 · paid with",
        "To be told to the provider",
        "Sales given back",
        "CN¥59.90",
    ):
        assert said in page, said
    assert opens(signed_in(Role.CLERK), "nonsense/", 404)


def test_money_that_does_not_fit_is_sent_back_or_dismissed_with_a_reason(bank: Bank, signed_in: SignIn) -> None:
    first, second = odd_money(), odd_money(1)
    manager = signed_in(Role.MANAGER)
    assert "It is another amount than was asked for." in opens(manager, "odd/")
    assert "needs a reason" in sends(manager, f"decide/message/{second}/dismiss/", note="")
    assert "on its way back" in sends(manager, f"decide/message/{first}/give-back/", note="too little")
    assert "Dismissed" in sends(manager, f"decide/message/{second}/dismiss/", note="a test of theirs")
    assert "Somebody decided this before" in sends(manager, f"decide/message/{first}/dismiss/", note="late")
    assert [one.decision for one in queries.quarantined(SHOP)] == [Decision.DISMISSED, Decision.GIVEN_BACK]
    assert "All money fits." in opens(manager, "odd/")


def test_a_clerk_looks_but_does_not_decide(bank: Bank, signed_in: SignIn) -> None:
    odd, clerk = odd_money(), signed_in(Role.CLERK)
    assert "A manager decides." in opens(clerk, "odd/")
    assert clerk.post(f"/console/payments/decide/message/{odd}/give-back/?shop={SHOP}").status_code == 403
    assert clerk.post(f"/console/payments/cards/?shop={SHOP}", {"value": "10"}).status_code == 403
    assert signed_in(Role.ANALYST).get(f"/console/payments/?shop={SHOP}").status_code == 403
    assert queries.quarantined(SHOP)[0].decision is Decision.OPEN
    assert not models.GiftCard.objects.exists()


def test_a_refused_refund_is_tried_again_or_goes_to_the_wallet(bank: Bank, signed_in: SignIn) -> None:
    manager = signed_in(Role.MANAGER)
    placed = a_paid_order()
    refund_id = give_back(placed, 7190, {1: 1})
    bank.answers = [RefundNotice(state=RefundAnswer.REFUSED, reason="ACCOUNT_CLOSED")] * 2
    actions.pay_back(refund_id=refund_id)
    assert "ACCOUNT_CLOSED" in opens(manager, "refunds/")
    sends(manager, f"decide/refund/{refund_id}/again/")
    actions.pay_back(refund_id=refund_id)
    assert queries.refund(refund_id).state is RefundState.REFUSED
    assert "in the shopper&#x27;s wallet" in sends(manager, f"decide/refund/{refund_id}/wallet/", note="asked")
    customer = str(orders.order_by_number(placed.order_number).customer_id)
    assert queries.wallet(SHOP, customer) == cny(7190)
    assert placed.order_number in opens(manager, "refunds/?view=over")
    page = opens(manager, f"wallets/{customer}/")
    assert "CN¥71.90" in page
    assert placed.order_number in page


def test_the_provider_is_asked_from_the_page(bank: Bank, signed_in: SignIn) -> None:
    placed, clerk = an_order_at_the_bank(), signed_in(Role.CLERK)
    assert "nothing was paid yet" in sends(clerk, f"{placed.payment_id}/ask/")
    bank.is_down = True
    assert "cannot be reached" in sends(clerk, f"{placed.payment_id}/ask/")
    bank.is_down = False
    bank.paid[placed.payment_id] = notice(queries.payment(placed.payment_id))
    assert "accepted" in sends(clerk, f"{placed.payment_id}/ask/")
    assert orders.order_by_number(placed.order_number).state is OrderState.PAID


def test_cards_are_issued_shown_once_and_blocked(bank: Bank, signed_in: SignIn) -> None:
    manager = signed_in(Role.MANAGER)
    said = {"value": "200.00", "count": "2", "lasts": "365", "note": "New year"}
    page = sends(manager, "cards/", **said)
    cards = queries.all_cards(SHOP)
    assert [card.value for card in cards] == [cny(20000)] * 2
    assert page.count(f"-{cards[0].ending}</code>") == 1
    assert f"-{cards[0].ending}</code>" not in opens(manager, "cards/")
    sends(manager, f"cards/{cards[0].id}/block/", is_blocked="1")
    assert [card.is_blocked for card in queries.cards(SHOP, [cards[0].id]).values()] == [True]
    for wrong in ({"value": "x"}, {"value": "0"}, {"value": "1.234"}, {"count": "501"}, {"count": "0"}, {"lasts": "9"}):
        assert manager.post(f"/console/payments/cards/?shop={SHOP}", said | wrong).status_code == 422
    assert len(queries.all_cards(SHOP)) == 2


def test_a_form_that_is_sent_again_issues_no_further_cards(bank: Bank, signed_in: SignIn) -> None:
    manager = signed_in(Role.MANAGER)
    said = {"value": "200.00", "count": "2", "lasts": "365", "key": "k1"}
    assert "Copy these codes now" in sends(manager, "cards/", **said)
    again = manager.post(f"/console/payments/cards/?shop={SHOP}", said)
    assert (again.status_code, len(queries.all_cards(SHOP))) == (422, 2)
    assert "Copy these codes now" not in again.content.decode()
    assert "Copy these codes now" in sends(manager, "cards/", **(said | {"key": "k2"}))
    assert len(queries.all_cards(SHOP)) == 4


def test_staff_fill_a_wallet_once_per_form(bank: Bank, signed_in: SignIn) -> None:
    _, customer = a_shopper()
    manager = signed_in(Role.MANAGER)
    for _n in range(2):
        sends(manager, f"wallets/{customer}/credit/", amount="12.34", reason="late parcel", key="k1")
    assert "open it anew" in sends(manager, f"wallets/{customer}/credit/", amount="20", reason="late parcel", key="k1")
    assert queries.wallet(SHOP, customer) == cny(1234)
    assert "too small" in sends(manager, f"wallets/{customer}/credit/", amount="-20", reason="error", key="k2")
    assert "needed" in sends(manager, f"wallets/{customer}/credit/", amount="5", reason=" ", key="k3")
    assert "late parcel" in opens(manager, f"wallets/{customer}/")
    assert opens(manager, "wallets/nonsense/", 404)
    assert queries.wallet(SHOP, customer) == cny(1234)


@pytest.mark.parametrize("count", [2, 12])
def test_the_pages_ask_the_database_as_often_for_many_as_for_few(bank: Bank, signed_in: SignIn, count: int) -> None:
    clerk = signed_in(Role.CLERK)
    for _n in range(count):
        give_back(a_paid_order(), 100)
        odd_money()
    opens(clerk, "")
    asked = {}
    for address in ("", "odd/", "refunds/", "bills/", "cards/"):
        with statements() as sent:
            opens(clerk, address)
        asked[address] = len(sent)
    assert max(asked.values()) <= 12, asked
