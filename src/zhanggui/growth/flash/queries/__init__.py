"""Reading flash sales: what is on, what a person may still have, the line, the books."""

from zhanggui.growth.flash.queries.books import (
    Disagreement,
    Minute,
    Numbers,
    audit,
    numbers,
    overdue,
    sale,
    sales_of,
    unstarted,
)
from zhanggui.growth.flash.queries.live import (
    Standing,
    forget,
    item_of,
    left_for,
    prices,
    public_prices,
    sale_of,
    set_aside,
    shown,
    specials,
)
from zhanggui.growth.flash.queries.waiting import ticket_of, token_of

__all__ = [
    "Disagreement",
    "Minute",
    "Numbers",
    "Standing",
    "audit",
    "forget",
    "item_of",
    "left_for",
    "numbers",
    "overdue",
    "prices",
    "public_prices",
    "sale",
    "sale_of",
    "sales_of",
    "set_aside",
    "shown",
    "specials",
    "ticket_of",
    "token_of",
    "unstarted",
]
