"""Who is treated and who is held out: decided by a hash, so that everybody who asks gets the same answer. Pure."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final

WHOLE_BP: Final = 10_000
_BYTES: Final = 8


class Arm(StrEnum):
    """On which side of a trial somebody is."""

    TREATED = "treated"
    HELD_OUT = "held_out"


def arm_of(*, salt: str, person: str, held_out_bp: int) -> Arm:
    """On which side of a trial somebody is, the same every time, and with nothing to do with any other salt.

    held_out_bp  so many of 10,000 are held out, 0 to 10,000; raising it moves people to the held-out side only
    source       64 bits of BLAKE2b (RFC 7693) of the person, keyed by the salt, scaled to 0..9,999; of 2 ** 64 values
                 no share is off by more than 10,000
    """
    digest = hashlib.blake2b(person.encode(), digest_size=_BYTES, key=_key(salt)).digest()
    place = int.from_bytes(digest, "big") * WHOLE_BP >> 8 * _BYTES
    return Arm.HELD_OUT if place < held_out_bp else Arm.TREATED


def _key(salt: str) -> bytes:
    """The salt as a key, which may be at most 64 bytes long."""
    return hashlib.blake2b(salt.encode(), digest_size=32).digest()
