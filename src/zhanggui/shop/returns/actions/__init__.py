"""The verbs of returns. A state changes only by `update ... where state in ...`: of two at once, one finds no row.

request, approve, refuse, withdraw       whether goods may come back
book_pickup, book_drop_off, note_sent    how they travel
receive, inspect, finish                 what they are when they are here, and the money
send_replacement                         the exchange
refund_instead, exchange_instead         the one instead of the other
pay_difference                           what an exchange costs more
note_sent_back                           what was rejected goes back to the shopper
call_off_paid, give_lost, give_goodwill  money without goods
keep_picture                             a picture, before the return that shows it
finish_in_time, watch, lapse, even_out   jobs
Mind  locks are taken in one order: the order's returns, the return, then stock, orders and payments as they go.
"""

from __future__ import annotations

from zhanggui.shop.returns.actions.asking import approve, refuse, request, withdraw
from zhanggui.shop.returns.actions.differing import Asked, lapse, pay_difference
from zhanggui.shop.returns.actions.evening import even_out
from zhanggui.shop.returns.actions.giving import call_off_paid, give_goodwill, give_lost
from zhanggui.shop.returns.actions.inspecting import finish, finish_in_time, inspect
from zhanggui.shop.returns.actions.pictures import keep_picture
from zhanggui.shop.returns.actions.replacing import (
    exchange_instead,
    note_sent_back,
    refund_instead,
    send_replacement,
)
from zhanggui.shop.returns.actions.travelling import book_drop_off, book_pickup, note_sent, receive
from zhanggui.shop.returns.actions.watching import escalate, watch

__all__ = [
    "Asked",
    "approve",
    "book_drop_off",
    "book_pickup",
    "call_off_paid",
    "escalate",
    "even_out",
    "exchange_instead",
    "finish",
    "finish_in_time",
    "give_goodwill",
    "give_lost",
    "inspect",
    "keep_picture",
    "lapse",
    "note_sent",
    "note_sent_back",
    "pay_difference",
    "receive",
    "refund_instead",
    "refuse",
    "request",
    "send_replacement",
    "watch",
    "withdraw",
]
