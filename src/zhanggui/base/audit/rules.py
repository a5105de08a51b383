"""How the books stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# The clock starts them every night; one night that was missed is noticed before the next.
GOOD_FOR: Final = timedelta(hours=36)
MOST_EXAMPLES: Final = 20


class Standing(StrEnum):
    """Whether books agree, the worst last."""

    AGREES = "agrees"
    OLD = "old"
    NEVER = "never"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Some books, and how they stood when they were added up last.

    ended_at  None if they never were
    found     how much did not agree
    examples  the first of it
    """

    name: str
    standing: Standing
    ended_at: datetime | None = None
    took: timedelta = timedelta()
    found: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All books together."""

    every: tuple[Book, ...]

    @property
    def standing(self) -> Standing:
        """That of the worst of them; books that nobody keeps agree."""
        order = list(Standing)
        return max((one.standing for one in self.every), key=order.index, default=Standing.AGREES)

    @property
    def wrong(self) -> tuple[Book, ...]:
        """Those that do not agree."""
        return tuple(one for one in self.every if one.standing is Standing.DIFFERS)

    @property
    def oldest_at(self) -> datetime | None:
        """When the one that waits longest was added up; None if one never was, or there are none."""
        ends = [one.ended_at for one in self.every]
        return None if None in ends else min((end for end in ends if end), default=None)


def standing_of(*, ended_at: datetime | None, found: int, at: datetime) -> Standing:
    """How some books stand: what differed when it was last looked at differs, however long ago that was.

    source   added up 35 hours ago, nothing found -> agrees; 37 hours ago -> old
    """
    if ended_at is None:
        return Standing.NEVER
    if found:
        return Standing.DIFFERS
    return Standing.AGREES if at - ended_at <= GOOD_FOR else Standing.OLD


def said(found: Sequence[object]) -> list[str]:
    """The first disagreements, in words."""
    return [str(one)[:400] for one in found[:MOST_EXAMPLES]]
