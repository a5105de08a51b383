"""The verbs of presales.

put_up, change, call_off                 a presale
reserve                                  a deposit, with its order, stock and payment
claim, take_over                         the balance, inside the checkout and the end of an order
follow_order                             what orders of deposits and balances came to
open_balances, expire, forfeit, end      what the clock and people decide
remind                                   whom we tell of the balance
"""

from zhanggui.growth.presale.actions.ending import end, end_one, every_minute, expire, forfeit, open_balances
from zhanggui.growth.presale.actions.following import follow_order
from zhanggui.growth.presale.actions.paying import claim, take_over
from zhanggui.growth.presale.actions.reminding import remind, remind_all
from zhanggui.growth.presale.actions.reserving import Reserved, reserve
from zhanggui.growth.presale.actions.terms import call_off, change, put_up

jobs = (end_one, every_minute, remind_all)

__all__ = [
    "Reserved",
    "call_off",
    "change",
    "claim",
    "end",
    "end_one",
    "every_minute",
    "expire",
    "follow_order",
    "forfeit",
    "jobs",
    "open_balances",
    "put_up",
    "remind",
    "remind_all",
    "reserve",
    "take_over",
]
