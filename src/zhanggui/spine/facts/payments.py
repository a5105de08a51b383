"""What the shop tells about money that goes back, and about its wallets and gift cards."""

from __future__ import annotations

from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.registry import fact


@fact(name="shop.refund_started")
class RefundStarted:
    """Money of a paid order is on its way back. Lines and amounts are positive: what will be given back.

    Told once per refund, when it was decided; RefundSettled tells when the money is back. Not told for money that no
    order took, because it came too late or twice.
    """

    order_number: str
    refund_id: str
    lines: tuple[Line, ...]
    reason: str = ""
    amount_minor: int
    currency: str


@fact(name="shop.gift_card_issued")
class GiftCardIssued:
    """A gift card can be spent from now on. Told once per card; not told when it is spent."""

    card_id: str
    is_sold: bool
    amount_minor: int
    currency: str


@fact(name="shop.wallet_credited")
class WalletCredited:
    """Money came into a customer's wallet by a gift card or by staff; below zero if staff took it out again.

    Not told when an order is paid from it, nor when a refund goes back to it.
    """

    customer_id: str
    reason: str
    amount_minor: int
    currency: str
