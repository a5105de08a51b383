"""The tables of payments."""

from zhanggui.shop.payments.models.attempts import Incident, Message, Payment
from zhanggui.shop.payments.models.bills import Bill, BillRow, Difference
from zhanggui.shop.payments.models.purses import GiftCard, Tender, WalletNote
from zhanggui.shop.payments.models.refunds import Refund, RefundLine

__all__ = [
    "Bill",
    "BillRow",
    "Difference",
    "GiftCard",
    "Incident",
    "Message",
    "Payment",
    "Refund",
    "RefundLine",
    "Tender",
    "WalletNote",
]
