"""The verbs of orders.

open_order                                              what is agreed
mark_paid, cancel, cancel_paid, expire                  whether it is paid
note_shipped, note_delivered, complete                  how far it has come
give_back                                               what of it goes back
add_note, issue_invoice                                 what is written about it
"""

from zhanggui.shop.orders.actions.giving import give_back
from zhanggui.shop.orders.actions.moving import (
    cancel,
    cancel_paid,
    complete,
    expire,
    mark_paid,
    note_delivered,
    note_shipped,
)
from zhanggui.shop.orders.actions.opening import open_order
from zhanggui.shop.orders.actions.papers import add_note, issue_invoice

__all__ = [
    "add_note",
    "cancel",
    "cancel_paid",
    "complete",
    "expire",
    "give_back",
    "issue_invoice",
    "mark_paid",
    "note_delivered",
    "note_shipped",
    "open_order",
]
