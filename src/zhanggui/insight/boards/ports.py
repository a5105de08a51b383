"""Who writes a board as a letter; `config/wiring.py` fills it with one."""

from __future__ import annotations

from typing import Protocol

from zhanggui.base.outbox.rules import Message
from zhanggui.insight.boards.rules import Posting


class Writer(Protocol):
    """A port: a board in words and figures, in the language of who gets it."""

    def __call__(self, posting: Posting) -> Message:
        """The mail; called outside any transaction, for it asks the lake."""
        ...


writers: list[Writer] = []
