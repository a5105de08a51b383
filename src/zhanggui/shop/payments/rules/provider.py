"""What a payment provider's adapter must do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from zhanggui.shop.payments.rules.attempts import Payment, Settled
from zhanggui.shop.payments.rules.port import BillRow, Doorway, Intent, Limits, Message, Notice, RefundNotice, Way
from zhanggui.shop.payments.rules.refunds import Refund


class Provider(Protocol):
    """A port: one payment provider. What goes over the network raises ProviderUnreachable when the world fails."""

    @property
    def merchant(self) -> str:
        """Our number at the provider, which its messages must carry."""
        ...

    @property
    def kind(self) -> Way:
        """How shoppers get there."""
        ...

    @property
    def limits(self) -> Limits:
        """What it allows of refunds."""
        ...

    def begin(self, intent: Intent) -> Doorway:
        """Open an attempt at the provider; the same payment id gives the same attempt. May use the network."""
        ...

    def read(self, message: Message, *, at: datetime) -> Notice:
        """What a message says. Without the network.

        refuses  Forged, Stale, Unreadable
        """
        ...

    def ask(self, payment: Payment) -> Notice | None:
        """How an attempt stands at the provider; None if nothing has been paid yet. Over the network."""
        ...

    def close(self, payment: Payment) -> Notice | None:
        """End an attempt there so that no money can come any more, or hear that it came already. Over the network.

        Returns the notice of the money if it was paid; None if it is closed. One that is unknown there is closed.
        """
        ...

    def refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """Tell the provider to give `refund.amount` of a payment back; the same refund id once. Over the network.

        payment  what it paid; `payment.transaction_id` is the money that goes back
        """
        ...

    def ask_refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """How a refund stands that the provider accepted. Over the network."""
        ...

    def bill(self, day: date) -> tuple[BillRow, ...]:
        """All that moved on a day of the provider's own calendar. Over the network."""
        ...

    def answer(self, settled: Settled | None) -> tuple[int, bytes, str]:
        """What the provider wants to hear about its message: status, body, content type; None if it was refused."""
        ...
