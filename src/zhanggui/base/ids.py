"""Ids that sort by time (UUID version 7, RFC 9562 § 5.7)."""

from __future__ import annotations

import hashlib
import random
import threading
from datetime import datetime
from uuid import UUID

from zhanggui.base import clock

# The microsecond and the random bits of the last id of this process.
_last = [0, 0]
_turn = threading.Lock()
# The system's own randomness; a test draws from its own.
_drawn = random.SystemRandom().getrandbits


def uuid7() -> UUID:
    """A new id: 48 bits of Unix milliseconds, 12 bits of the fraction of that millisecond, then 62 random bits.

    The fraction (RFC 9562 § 6.2, method 3) orders what is made in one millisecond, to the microsecond; within one
    microsecond a process counts on from its last id (method 2). So what one process makes sorts by when it was made.
    """
    at = clock.micros(clock.now())
    noise = _drawn(61)
    with _turn:
        if at == _last[0]:
            noise = _last[1] + 1
        _last[:] = at, noise
    millis, micros = divmod(at, 1000)
    return _build(millis, (micros << 12) // 1000 << 68 | noise)


def uuid7_of(at: datetime, natural_key: str) -> UUID:
    """The id that a moment and a natural key always give, so that the same thing told twice is one thing.

    natural_key  what names the thing for good, such as "acme/orders/536365/placed"
    """
    digest = hashlib.blake2b(natural_key.encode(), digest_size=10).digest()
    return _build(clock.micros(at) // 1000, int.from_bytes(digest, "big"))


def at_of(id: UUID) -> datetime:
    """The moment an id was made, to the millisecond."""
    return clock.from_micros((id.int >> 80) * 1000)


def _build(millis: int, noise: int) -> UUID:
    bits = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | (noise >> 68 & 0xFFF) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    return UUID(int=bits)
