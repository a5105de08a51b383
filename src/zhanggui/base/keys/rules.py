"""A key for a program, as a value."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from zhanggui.base.accounts.rules import Right

LONGEST_NAME: Final = 80
# How long a key opens unless it is said otherwise, and at most.
USUAL_DAYS: Final = 365
MOST_DAYS: Final = 3650
# A key's last use is known to the minute: more would write a row with every call.
USE_IS_NOTED_EVERY: Final = timedelta(minutes=1)
# What a program may be given; people and the house itself are the business of people.
GRANTABLE: Final = (Right.RUN_SHOP, Right.SEE_PEOPLE, Right.GIVE_FREELY)
_SECRET: Final = re.compile(r"^zg_[A-Za-z0-9_-]{43}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is kept of a key.

    ending        the last letters, to know it by
    made_by       the operator who made it, as an actor
    last_used_at  to the minute; None if never
    """

    id: str
    shop: str
    name: str
    rights: frozenset[Right]
    ending: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_good(self, *, at: datetime) -> bool:
        """Whether it opens anything at that moment."""
        return self.revoked_at is None and at < self.expires_at

    def may(self, right: Right) -> bool:
        """Whether it carries a right."""
        return right in self.rights


def secret_of(noise: str) -> str:
    """The key as a program sends it.

    noise  43 letters that carry 256 random bits
    """
    return f"zg_{noise}"


def is_secret(said: str) -> bool:
    """Whether a text could be a key; nothing else is looked up."""
    return _SECRET.match(said) is not None


def digest_of(secret: str) -> bytes:
    """What is kept of a key: 256 random bits need no salt, and nobody reads them back out of SHA-256."""
    return hashlib.sha256(secret.encode()).digest()
