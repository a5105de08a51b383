"""Refusals of questions about why."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class ComparisonMissing(Refused):
    """Nothing to hold the period against was named, so nothing moved."""

    shop: str
