"""Refusals about what promotions brought."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchOffer(Refused):
    """Nobody knows an offer of that kind and id, and no order used it."""

    kind: str
    id: str
