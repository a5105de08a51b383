"""Refusals about what buyers are worth."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class CellUnclear(Refused):
    """No cell of the table of buyers is described like that."""

    kind: str
    scores: str


class MarginUnlikely(Refused):
    """A margin lies between nothing and all of the revenue."""

    said: str
