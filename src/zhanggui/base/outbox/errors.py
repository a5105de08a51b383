"""What goes wrong with messages."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class NoSender(Refused):
    """Nobody is plugged in who sends such messages."""

    channel: str


class NotTaken(Unreachable):
    """Whoever carries the message cannot be reached; it is tried again."""

    channel: str


class TurnedDown(Refused):
    """Whoever carries the message will never take it: the number or address does not exist, or is barred."""

    channel: str
    reason: str
