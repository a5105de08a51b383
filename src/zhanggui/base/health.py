"""What a check of the house finds: good, worth a look, or bad, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a checked thing stands."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a check found.

    said  what is the case, with its number and unit, in the reader's language
    mend  what to do about it; empty when all is good
    """

    state: State
    said: str
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that `zhanggui doctor` looks at.

    name  short and stable, for scripts, such as `lake_folder`
    look  finds the outcome and changes nothing; may raise Refused or Unreachable, which count as bad
    """

    name: str
    look: Callable[[], Outcome]


def good(said: str) -> Outcome:
    """Nothing to do."""
    return Outcome(state=State.GOOD, said=said)


def watch(said: str, *, mend: str) -> Outcome:
    """It works, but somebody should look at it."""
    return Outcome(state=State.WATCH, said=said, mend=mend)


def bad(said: str, *, mend: str) -> Outcome:
    """It does not work until it is mended."""
    return Outcome(state=State.BAD, said=said, mend=mend)
