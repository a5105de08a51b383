"""What plays refuse."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base.errors import Refused


class NoSuchPlay(Refused):
    """The shop has no play with this id."""

    id: str


class PlanUnfit(Refused):
    """A field of a plan is missing, cannot be right, or contradicts another."""

    field: str


class MoveNotAllowed(Refused):
    """A play cannot go from the state it is in to the one that was asked for.

    guard  why not, as `rules.Guard` has it
    """

    state: str
    wanted: str
    guard: str


class SignalTaken(Refused):
    """Somebody made a play of this signal already, and it is still open."""

    play_id: UUID


class ChangedMeanwhile(Refused):
    """Somebody else changed the plan since the page was opened."""

    version: int
