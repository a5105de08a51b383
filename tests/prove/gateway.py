"""A payment provider that lives in the test: it keeps its own book, and behaves as badly as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from zhanggui.base import ids
from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import ProviderUnreachable, Unreadable
from zhanggui.shop.payments.rules import (
    BillRow,
    Doorway,
    Intent,
    Limits,
    Message,
    Notice,
    Payment,
    Refund,
    RefundAnswer,
    RefundNotice,
    Settled,
    Way,
)


@dataclass(slots=True)
class Charge:
    """What a shopper was asked to pay, as the provider knows it."""

    payment_id: str
    order_number: str
    amount: Money
    is_closed: bool = False
    paid: list[str] = field(default_factory=list)
    refunds: dict[str, Money] = field(default_factory=dict)

    @property
    def kept(self) -> Money:
        """What the provider took from the shopper and did not give back."""
        taken = self.amount * len(self.paid)
        return taken - Money.total(self.refunds.values(), self.amount.currency)


class Gateway:
    """Fills the port of a payment provider. Its book is the shopper's bank account: the truth about who paid."""

    merchant = "zhanggui"
    kind = Way.REDIRECT
    limits = Limits()

    def __init__(self, *, seed: int = 0, failing: float = 0.0) -> None:
        self.charges: dict[str, Charge] = {}
        self._lock = threading.Lock()
        self._rng = Random(seed)
        self.failing = failing

    def shopper_pays(self, payment_id: str, order_number: str, amount: Money, *, times: int = 1) -> list[Message]:
        """A shopper pays at the provider, perhaps twice; what the provider will say, if anybody hears it."""
        with self._lock:
            charge = self._charge(payment_id, order_number, amount)
            if charge.is_closed:
                return []
            new = [f"tx-{ids.uuid7()}" for _ in range(times)]
            charge.paid += new
            return [self._message(charge, transaction) for transaction in new]

    def all_it_has_to_say(self, orders: Collection[str]) -> list[Message]:
        """Every payment of some orders once more: a provider tells again until it is heard, or its bill does."""
        with self._lock:
            told = [charge for charge in self.charges.values() if charge.order_number in orders]
            return [self._message(charge, paid) for charge in told for paid in charge.paid]

    def begin(self, intent: Intent) -> Doorway:
        """Open a charge."""
        self._perhaps_fail()
        with self._lock:
            self._charge(intent.payment_id, intent.order_number, intent.amount)
        return Doorway(address="http://127.0.0.1/pay")

    def read(self, message: Message, *, at: datetime) -> Notice:
        """What one of our own messages says."""
        try:
            said = json.loads(message.body)
        except ValueError as wrong:
            raise Unreadable(provider="sandbox", reason=str(wrong)) from wrong
        return Notice(**{**said, "amount": Money(*said["amount"])})

    def ask(self, payment: Payment) -> Notice | None:
        """How a charge stands."""
        self._perhaps_fail()
        with self._lock:
            charge = self.charges.get(payment.id)
            return self._notice(charge, charge.paid[0]) if charge and charge.paid else None

    def close(self, payment: Payment) -> Notice | None:
        """Take no money any more; or say that it came."""
        self._perhaps_fail()
        with self._lock:
            charge = self._charge(payment.id, payment.order_number, payment.amount)
            if charge.paid:
                return self._notice(charge, charge.paid[0])
            charge.is_closed = True
            return None

    def refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """Give money back, once per refund."""
        self._perhaps_fail()
        with self._lock:
            charge = self._charge(payment.id, payment.order_number, payment.amount)
            charge.refunds[refund.id] = refund.amount
        self._perhaps_fail()  # the money has gone back, and nobody heard of it
        return RefundNotice(state=RefundAnswer.DONE)

    def ask_refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """How a refund stands."""
        return self.refund(refund, payment=payment)

    def bill(self, day: date) -> tuple[BillRow, ...]:
        """No bill: the proof adds up by itself."""
        return ()

    def answer(self, settled: Settled | None) -> tuple[int, bytes, str]:
        """Short and clear."""
        return (200, b"success", "text/plain") if settled else (400, b"refused", "text/plain")

    def _charge(self, payment_id: str, order_number: str, amount: Money) -> Charge:
        fresh = Charge(payment_id=payment_id, order_number=order_number, amount=amount)
        return self.charges.setdefault(payment_id, fresh)

    def _perhaps_fail(self) -> None:
        if self.failing and self._rng.random() < self.failing:
            raise ProviderUnreachable(provider="sandbox", reason="time-out")

    def _notice(self, charge: Charge, transaction: str) -> Notice:
        return Notice(
            event_id=f"ev-{transaction}",
            transaction_id=transaction,
            merchant=self.merchant,
            payment_id=charge.payment_id,
            order_number=charge.order_number,
            amount=charge.amount,
            is_paid=True,
        )

    def _message(self, charge: Charge, transaction: str) -> Message:
        said = {
            "event_id": f"ev-{transaction}",
            "transaction_id": transaction,
            "merchant": self.merchant,
            "payment_id": charge.payment_id,
            "order_number": charge.order_number,
            "amount": [charge.amount.minor, charge.amount.currency],
            "is_paid": True,
        }
        return Message(body=json.dumps(said).encode())
