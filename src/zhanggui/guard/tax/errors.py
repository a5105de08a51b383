"""Refusals about taxes."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class RateNotAllowed(Refused):
    """A tax rate lies between nothing and the whole price."""

    country: str
    rate: str
