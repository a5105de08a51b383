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


class PageUnfit(Refused):
    """A second version of a page cannot be like this; the field says where."""

    field: str


class PageTaken(Refused):
    """Another second version of these very pages is being tried out."""

    id: str


class NoSuchPage(Refused):
    """There is no such second version of a page."""

    id: str
