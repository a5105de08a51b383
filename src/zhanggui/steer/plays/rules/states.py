"""How far a play may come, by which steps, and what each step asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from zhanggui.steer.plays.errors import MoveNotAllowed


class State(StrEnum):
    """How far a play has come."""

    DRAFT = "draft"
    WAITING = "waiting"  # for somebody who may approve it
    APPROVED = "approved"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"
    MEASURED = "measured"


class Guard(StrEnum):
    """Why a step is not taken."""

    NO_SUCH_STEP = "no_such_step"
    ABOVE_LIMIT = "above_limit"
    SECOND_PERSON = "second_person"
    OVER = "over"
    NOBODY = "nobody"
    TOO_DEAR = "too_dear"
    TOO_SOON = "too_soon"
    NEVER_STARTED = "never_started"
    STILL_RUNNING = "still_running"


class Ending(StrEnum):
    """Why a play is no longer going on."""

    DROPPED = "dropped"  # it never started
    BY_HAND = "by_hand"
    LOSS = "loss"
    REFUSALS = "refusals"
    COST_CAP = "cost_cap"
    BUDGET = "budget"
    RETURNS = "returns"  # of what the treated bought more goes back
    BOUNCES = "bounces"  # more of the treated leave the page at once
    UNEVEN = "uneven"  # the two groups are not as large as the draw would make them
    ITS_DAY = "its_day"


# A play that is one of these is what became of its signal; a signal has at most one.
OPEN: Final = frozenset({State.DRAFT, State.WAITING, State.APPROVED, State.RUNNING})

# From where to where a play may go, and what is asked there, in that order; nothing else is allowed.
EDGES: Final[Mapping[tuple[State, State], tuple[Guard, ...]]] = {
    (State.DRAFT, State.APPROVED): (Guard.ABOVE_LIMIT,),
    (State.DRAFT, State.WAITING): (),
    (State.DRAFT, State.STOPPED): (),
    (State.WAITING, State.APPROVED): (Guard.SECOND_PERSON,),
    (State.WAITING, State.DRAFT): (),
    (State.WAITING, State.STOPPED): (),
    (State.APPROVED, State.RUNNING): (Guard.OVER, Guard.NOBODY, Guard.TOO_DEAR),
    (State.APPROVED, State.DRAFT): (),
    (State.APPROVED, State.STOPPED): (),
    (State.RUNNING, State.STOPPED): (),
    (State.RUNNING, State.ENDED): (Guard.TOO_SOON,),
    (State.STOPPED, State.MEASURED): (Guard.NEVER_STARTED, Guard.TOO_SOON),
    (State.ENDED, State.MEASURED): (Guard.TOO_SOON,),
}


def check(state: State, wanted: State, *, failing: Collection[Guard] = ()) -> None:
    """Let a play go from one state to another.

    failing  the guards that do not hold now; those that the step does not ask are of no account
    refuses  MoveNotAllowed with the first guard that fails, or with no_such_step
    """
    asked = EDGES.get((state, wanted))
    if asked is None:
        raise MoveNotAllowed(state=state, wanted=wanted, guard=Guard.NO_SUCH_STEP)
    for guard in asked:
        if guard in failing:
            raise MoveNotAllowed(state=state, wanted=wanted, guard=guard)
