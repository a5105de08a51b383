"""The verbs about boards, their tiles and their mail.

make, duplicate, describe, forget, start_with   boards
add, move, remove, call                         tiles
order_mail, stop_mail, queue_due, write         mail
"""

from zhanggui.insight.boards.actions.making import describe, duplicate, forget, make, start_with
from zhanggui.insight.boards.actions.posting import order_mail, queue_due, stop_mail, write
from zhanggui.insight.boards.actions.tiles import add, call, move, remove

__all__ = [
    "add",
    "call",
    "describe",
    "duplicate",
    "forget",
    "make",
    "move",
    "order_mail",
    "queue_due",
    "remove",
    "start_with",
    "stop_mail",
    "write",
]
