"""Who carries messages, by channel; `config/wiring.py` fills it.

A sender is given a message and returns when it was taken. It raises `errors.NotTaken` when the world fails, so that a
job tries again, and `errors.TurnedDown` when it will never be taken. It is called outside any transaction.
"""

from __future__ import annotations

from collections.abc import Callable

from zhanggui.base.outbox.rules import Channel, Message

Sender = Callable[[Message], None]
senders: dict[Channel, Sender] = {}
