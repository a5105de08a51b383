"""Refusals of the log."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NotInTransaction(Refused):
    """A fact was told outside a transaction; it could stand without what made it true."""

    name: str
