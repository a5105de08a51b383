"""Refusals of signals and of the risk register."""

from __future__ import annotations

from datetime import date

from zhanggui.base.errors import Refused


class NoSuchSignal(Refused):
    """No signal has that id."""

    id: str


class SignalSettled(Refused):
    """Somebody has decided on the signal already, or it has closed by itself."""

    id: str
    state: str


class SnoozeUnfit(Refused):
    """A signal is put off to a day to come, at most a quarter of a year away."""

    until: date


class WordsMissing(Refused):
    """Whoever calls a signal not useful says why, in a few words."""

    most: int


class NoSuchRisk(Refused):
    """The shop keeps no risk of that id."""

    id: str


class RiskUnfit(Refused):
    """A risk has a name, an owner, a playbook and a trigger that a day's number can pull."""

    field: str


class RiskChanged(Refused):
    """Somebody else changed the risk since the page was opened."""

    version: int


class RiskKnown(Refused):
    """The shop keeps a risk of that name already."""

    name: str
