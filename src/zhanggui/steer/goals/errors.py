"""Refusals of goals."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class GoalIncomplete(Refused):
    """A goal lacks something without which it is a wish.

    missing  which of metric, baseline, target, period and owner
    """

    missing: tuple[str, ...]


class GoalUnfit(Refused):
    """Something about a goal cannot be so.

    field   metric, baseline, target, period, owner, where, parts, period_of_part or words
    reason  a key that doors have words for
    """

    field: str
    reason: str


class NoSuchGoal(Refused):
    """The shop has no goal of that id, or it was dropped."""

    id: str


class PartsDoNotAddUp(Refused):
    """The targets of the parts are not the target of the whole.

    left_units  how much of the whole is in no part; below zero if the parts are more
    """

    metric: str
    left_units: int


class DoesNotAddUp(Refused):
    """Parts of a rate, an average or a number of people do not sum to the whole, so nothing can be shared out.

    Each part takes a target of its own.
    """

    metric: str


class NothingToBalance(Refused):
    """A part was changed and no sibling is free to make up for it.

    left_units  what nobody can take; below zero if somebody would have to give
    """

    left_units: int


class PartOfWhole(Refused):
    """A part of a sum cannot be dropped alone: the others would not add up any more."""

    id: str


class AlreadySplit(Refused):
    """A goal has parts already; they are dropped together first."""

    id: str


class TeamUnfit(Refused):
    """A team's name is missing, too long or taken, or an objective has no words."""

    field: str


class NoSuchTeam(Refused):
    """The shop has no team of that name."""

    name: str


class NoSuchObjective(Refused):
    """The shop has no objective of that id."""

    id: str


class BaselineKnown(Refused):
    """A goal has a baseline already: where it started from is not changed afterwards."""

    id: str


class NotReady(Refused):
    """A goal that comes with the product cannot be adopted; `lack` says what is missing, empty if there is none."""

    key: str
    lack: str
