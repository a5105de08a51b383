"""The line before the door of a sale: whose turn it is stands on the ticket, so that waiting costs nothing.

A sale that lets in r shoppers a second keeps one number, the moment of its next free place. Whoever comes takes that
place and moves the number on by 1/r of a second, but never behind the clock. Places are given out as whole seconds, so
that up to r shoppers go in together. The ticket carries the moment under our seal; asking whether it has come reads
nothing. That the bearer may buy is a row of the table, so a ticket that was copied opens nothing for anybody else.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from zhanggui.base import clock

# How long one may buy once it is one's turn.
ENTRY_FOR: Final = timedelta(minutes=5)
# How long before the sale one can stand in line.
LINE_OPENS_BEFORE: Final = timedelta(minutes=10)
_SOONEST_S, _LATEST_S = 2, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A place in the line of a sale.

    opens_at, expires_at  from when until when the bearer may buy
    """

    sale_id: str
    person: str
    opens_at: datetime
    expires_at: datetime

    def is_open(self, at: datetime) -> bool:
        """Whether it is the bearer's turn."""
        return self.opens_at <= at < self.expires_at

    def is_waiting(self, at: datetime) -> bool:
        """Whether the bearer's turn is still to come."""
        return at < self.opens_at


def sealed(ticket: Ticket, key: bytes) -> str:
    """The ticket as its bearer carries it: what it says, and our seal on it."""
    moments = f"{clock.micros(ticket.opens_at)}.{clock.micros(ticket.expires_at)}"
    said = f"{ticket.sale_id}.{_written(ticket.person.encode())}.{moments}"
    return f"{said}.{_seal(said, key)}"


def opened(token: str, key: bytes) -> Ticket | None:
    """What a token says; None if it is not ours, which is nobody's fault but theirs who made it."""
    said, _, seal = token.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(said, key).encode()):
        return None
    sale_id, person, opens, expires = said.split(".")
    try:
        return Ticket(
            sale_id=sale_id,
            person=urlsafe_b64decode(person + "=" * (-len(person) % 4)).decode(),
            opens_at=clock.from_micros(int(opens)),
            expires_at=clock.from_micros(int(expires)),
        )
    except (NotBase64, ValueError):
        return None


def pause_s(ticket: Ticket, *, at: datetime) -> int:
    """Seconds after which a waiting page asks again: half of what is left, within 2 and 20, and soon when it is near.

    source  100 s left -> 20, 30 s -> 15, 3 s -> 2
    """
    left_s = (ticket.opens_at - at).total_seconds()
    return min(max(_SOONEST_S, int(left_s / 2)), _LATEST_S)


def _seal(said: str, key: bytes) -> str:
    return _written(hmac.new(key, said.encode(), hashlib.sha256).digest())


def _written(said: bytes) -> str:
    return urlsafe_b64encode(said).rstrip(b"=").decode()
