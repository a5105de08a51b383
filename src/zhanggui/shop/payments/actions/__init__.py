"""The verbs of payments."""

from zhanggui.shop.payments.actions.asking import (
    ask,
    ask_one,
    expire_overdue,
    queue_asks,
    queue_overdue,
    queue_refunds,
    return_strays,
)
from zhanggui.shop.payments.actions.bills import close_difference, compare_all, compare_bill, compare_one
from zhanggui.shop.payments.actions.cards import (
    MOST_VALUE_MAJOR,
    Issued,
    block_card,
    credit_wallet,
    issue_cards,
    redeem,
)
from zhanggui.shop.payments.actions.deciding import dismiss_quarantined, give_back_quarantined
from zhanggui.shop.payments.actions.ending import close_at_provider, expire, expire_in_time, give_up
from zhanggui.shop.payments.actions.paying_back import give_to_wallet, paid_by_hand, pay_back, try_again
from zhanggui.shop.payments.actions.refunding import refund
from zhanggui.shop.payments.actions.settling import hear, settle
from zhanggui.shop.payments.actions.starting import enter, pay_again, start

__all__ = [
    "MOST_VALUE_MAJOR",
    "Issued",
    "ask",
    "ask_one",
    "block_card",
    "close_at_provider",
    "close_difference",
    "compare_all",
    "compare_bill",
    "compare_one",
    "credit_wallet",
    "dismiss_quarantined",
    "enter",
    "expire",
    "expire_in_time",
    "expire_overdue",
    "give_back_quarantined",
    "give_to_wallet",
    "give_up",
    "hear",
    "issue_cards",
    "paid_by_hand",
    "pay_again",
    "pay_back",
    "queue_asks",
    "queue_overdue",
    "queue_refunds",
    "redeem",
    "refund",
    "return_strays",
    "settle",
    "start",
    "try_again",
]
