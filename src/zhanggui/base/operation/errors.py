"""Refusals of the operation itself."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class KeyReused(Refused):
    """An idempotency key came back with other arguments than the first time."""

    operation: str
    key: str
