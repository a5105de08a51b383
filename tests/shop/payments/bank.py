"""A payment provider that lives in the test, and short ways to pay, hold and refund."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.shop.made import CLERK, SHOP, a_cart, a_walk, by, cny, place
from zhanggui.base import clock, ids
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.base.money import Money
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions, queries
from zhanggui.shop.payments.errors import ProviderUnreachable
from zhanggui.shop.payments.rules import (
    BillRow,
    Doorway,
    Intent,
    Limits,
    Message,
    Notice,
    NoticeKind,
    Payment,
    Refund,
    RefundAnswer,
    RefundNotice,
    Settled,
    Source,
    Tender,
    TenderKind,
    Way,
)
from zhanggui.spine.log.rules import Trail


@dataclass(kw_only=True)
class Bank:
    """A provider whose answers a test decides. What it was told is kept.

    paid     notices by payment id: what `ask` and `close` find
    on_close called before it answers: what happens while the network is slow
    """

    merchant: str = "zhanggui"
    kind: Way = Way.QR
    limits: Limits = field(default_factory=Limits)
    paid: dict[str, Notice] = field(default_factory=dict)
    answers: list[RefundNotice] = field(default_factory=list)
    rows: tuple[BillRow, ...] = ()
    is_down: bool = False
    closed: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    refunded: list[Refund] = field(default_factory=list)
    asked_refunds: list[str] = field(default_factory=list)
    on_close: Callable[[], None] = lambda: None

    def begin(self, intent: Intent) -> Doorway:
        self._answer()
        self.begun.append(intent.payment_id)
        return Doorway(address="", qr=f"bank://{intent.payment_id}", reference=f"ref-{intent.payment_id}")

    def read(self, message: Message, *, at: datetime) -> Notice:
        raise NotImplementedError

    def ask(self, payment: Payment) -> Notice | None:
        self._answer()
        return self.paid.get(payment.id)

    def close(self, payment: Payment) -> Notice | None:
        self.on_close()
        self._answer()
        self.closed.append(payment.id)
        return self.paid.get(payment.id)

    def refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        self._answer()
        self.refunded.append(refund)
        return self.answers.pop(0) if self.answers else RefundNotice(state=RefundAnswer.DONE)

    def ask_refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        self._answer()
        self.asked_refunds.append(refund.id)
        return self.answers.pop(0) if self.answers else RefundNotice(state=RefundAnswer.DONE)

    def bill(self, day: date) -> tuple[BillRow, ...]:
        self._answer()
        return self.rows

    def answer(self, settled: Settled | None) -> tuple[int, bytes, str]:
        return (200, b"", "text/plain") if settled else (400, b"", "text/plain")

    def _answer(self) -> None:
        if self.is_down:
            raise ProviderUnreachable(provider="bank", reason="down")


def notice(payment: Payment, *, transaction: str = "", event: str = "", amount: Money | None = None) -> Notice:
    """The bank's word that an attempt was paid."""
    transaction = transaction or f"tx-{ids.uuid7()}"
    return Notice(
        event_id=event or f"ev-{transaction}",
        transaction_id=transaction,
        merchant="zhanggui",
        payment_id=payment.id,
        order_number=payment.order_number,
        amount=amount or payment.amount,
        is_paid=True,
    )


def refund_notice(refund: Refund, *, is_paid: bool = True, amount: Money | None = None) -> Notice:
    """The bank's word about a refund, of its own accord."""
    return Notice(
        event_id=f"ev-{ids.uuid7()}",
        transaction_id=refund.transaction_id,
        merchant="zhanggui",
        payment_id=refund.payment_id,
        order_number=refund.order_number,
        amount=amount or refund.by_provider,
        is_paid=is_paid,
        kind=NoticeKind.REFUND,
        refund_id=refund.id,
    )


def pay(placed: Placed, *, transaction: str = "") -> Settled:
    """Money for the open attempt of an order comes in at the bank."""
    payment = queries.payment(placed.payment_id)
    told = notice(payment, transaction=transaction)
    return actions.hear(shop=SHOP, provider=payment.provider, notice=told, source=Source.TOLD)


def a_paid_order(units: int = 1, *, tenders: tuple[Tender, ...] = (), walk: Trail | None = None) -> Placed:
    """An order that is paid at the bank, but for what wallet and cards pay."""
    placed = an_order_at_the_bank(units, tenders=tenders, walk=walk)
    if queries.open_attempts(placed.order_number):
        pay(placed)
    return placed


def an_order_at_the_bank(units: int = 1, *, tenders: tuple[Tender, ...] = (), walk: Trail | None = None) -> Placed:
    walk = walk or a_walk()
    a_cart({"CUP": units}, walk=walk)
    return place(walk, provider="bank", tenders=tenders)


def a_shopper(balance: int = 0) -> tuple[Trail, str]:
    """A shopper who has ordered before, with money in the wallet; the walk and the customer's id."""
    walk = a_walk()
    placed = an_order_at_the_bank(walk=walk)
    customer_id = str(orders.order_by_number(placed.order_number).customer_id)
    actions.give_up(order_number=placed.order_number, reason="changed_mind", trail=walk, by=by(walk))
    if balance:
        fill(customer_id, balance)
    return walk, customer_id


def fill(customer_id: str, minor: int) -> None:
    actions.credit_wallet(
        customer_id=customer_id,
        amount=cny(minor),
        reason="for the test",
        idempotency_key=str(ids.uuid7()),
        trail=Trail(shop=SHOP),
        by=CLERK,
    )


def a_card(minor: int, *, lasts: timedelta = timedelta(days=365)) -> tuple[str, str]:
    """A gift card; its id and its code."""
    (card,) = actions.issue_cards(
        count=1,
        value=cny(minor),
        expires_at=clock.now() + lasts,
        is_sold=False,
        note="",
        trail=Trail(shop=SHOP),
        by=CLERK,
    )
    return card.id, card.code


def from_wallet(customer_id: str, minor: int) -> Tender:
    return Tender(kind=TenderKind.WALLET, holder=customer_id, amount=cny(minor))


def from_card(card_id: str, minor: int) -> Tender:
    return Tender(kind=TenderKind.GIFT_CARD, holder=card_id, amount=cny(minor))


def give_back(placed: Placed, amount: int, units: dict[int, int] | None = None, *, reference: str = "r-1") -> str:
    return actions.refund(
        order_number=placed.order_number,
        amount=cny(amount),
        units=units or {},
        reason="changed_mind",
        reference=reference,
        trail=Trail(shop=SHOP),
        by=CLERK,
    )


def held_by(account: Account, holder: str = "") -> int:
    """What an account holds, in fen."""
    return ledger.balance(shop=SHOP, account=account, currency="CNY", holder=holder).minor


def all_is_right() -> bool:
    return queries.audit() == orders.audit() == ledger.audit() == ()
