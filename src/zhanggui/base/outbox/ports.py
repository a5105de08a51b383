"""Who carries messages, by channel; `config/wiring.py` fills it.

A sender is given a message and returns when it was taken, with the carrier's number where there is one. It raises
`errors.NotTaken` when the world fails, so that a job tries again, `errors.NoAnswer` when the message may have been
taken and must not be sent again, and `errors.TurnedDown` when it will never be taken. It is called outside any
transaction.

A carrier also says what became of the messages that it took: it calls us (`hear`), and is asked (`pull`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from zhanggui.base.outbox.rules import Channel, Message, Receipt, Taken

Sender = Callable[[Message], Taken | None]


class Carrier(Protocol):
    """Somebody who carries messages and says what became of them.

    name, key        stand in the address at which it calls us; the key only it is told
    needs_templates  whether it sends only words that it has approved and that a person notes down
    """

    name: str
    needs_templates: bool

    @property
    def key(self) -> str:
        """What stands in the address, so that nobody else calls."""
        ...

    def send(self, message: Message) -> Taken | None:
        """Take a message; see `Sender`."""
        ...

    def hear(self, *, key: str, body: bytes) -> Sequence[Receipt]:
        """Read what the carrier's server has called with.

        key      from the address that was called
        refuses  Forged, Unreadable
        """
        ...

    def pull(self) -> Sequence[Receipt]:
        """Ask what became of messages, as far as it was not asked before; raises NotTaken if it cannot be asked."""
        ...


senders: dict[Channel, Sender] = {}
carriers: dict[Channel, Carrier] = {}
