"""Refusals about rates."""

from __future__ import annotations

from datetime import date

from zhanggui.base.errors import Refused


class NoRate(Refused):
    """Nobody said what one currency is worth in the other on that day or before."""

    base: str
    quote: str
    on: date


class RateNotAllowed(Refused):
    """A rate is above nothing and lies between two currencies."""

    base: str
    quote: str
