"""What boards tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="insight.board_made")
class BoardMade:
    """An operator began a board, empty or as a copy of another.

    tiles     how many it began with
    Not told when it is renamed or its tiles are changed.
    """

    board_id: str
    tiles: int


@fact(name="insight.board_shared")
class BoardShared:
    """A board was opened to all operators of the shop.

    Not told when a board that all can see is described anew.
    """

    board_id: str


@fact(name="insight.board_closed")
class BoardClosed:
    """A board that all operators could see is its owner's alone again; what others had ordered of it is gone."""

    board_id: str


@fact(name="insight.board_forgotten")
class BoardForgotten:
    """A board was let go, with its tiles and whatever was ordered of it."""

    board_id: str


@fact(name="insight.board_mail_ordered")
class BoardMailOrdered:
    """An operator is to get a board by mail from now on, or at other times than before.

    operator_id  who gets it
    rhythm       daily, weekly or monthly
    """

    board_id: str
    operator_id: str
    rhythm: str


@fact(name="insight.board_mail_stopped")
class BoardMailStopped:
    """An operator gets a board by mail no longer, because somebody or the link in the mail said so.

    Not told when the board is let go or closed.
    """

    board_id: str
    operator_id: str


@fact(name="insight.board_mailed")
class BoardMailed:
    """A board was handed to the outbox for an operator, once for each day on which it is due.

    due_on   the day, in the shop's zone
    Not told when the mail arrives: the outbox knows whether it left.
    """

    board_id: str
    operator_id: str
    due_on: str
