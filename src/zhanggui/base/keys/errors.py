"""Refusals about keys."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class KeyNotAllowed(Refused):
    """A key has a name of its own in its shop, at least one right that its maker has too, and an end in the future.

    field  name, rights or expires_at
    """

    field: str


class NoSuchKey(Refused):
    """The shop has no key of that id, or it was revoked."""

    key_id: str
