"""What trials refuse."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class TrialNotAllowed(Refused):
    """A trial cannot be like this; the field says where."""

    field: str


class NoSuchTrial(Refused):
    """There is no such trial."""

    id: str


class TrialClosed(Refused):
    """The trial takes nobody in any more."""

    id: str


class MetricNotSummed(Refused):
    """The days of this metric do not add up, so it cannot be said how much more there was of it."""

    metric: str
