"""Refusals of questions about metrics."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchMetric(Refused):
    """The dictionary has no metric of that key."""

    key: str


class CutRefused(Refused):
    """A metric cannot be split or filtered that way, because nothing it is counted from is kept so."""

    metric: str
    cut: str
    reason: str


class PeriodEmpty(Refused):
    """A period ends no later than it starts."""

    start: str
    end: str
