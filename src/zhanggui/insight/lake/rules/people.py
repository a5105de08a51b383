"""Whose rows those of an id are, and the numbers that people are counted by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

# The file that says so stands in the manifest beside those of daily tables, under a day that none of them has.
PEOPLE: Final = "people"
# The files that give everybody a whole number from 1 on, one for each time that somebody new came.
NUMBERS: Final = "numbers"
# Nobody.
NOBODY: Final = 0
NO_DAY: Final = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """Under an id walked a person; until a moment, from which on somebody else may have.

    until_us  microseconds since 1970, UTC; for good if none
    """

    person: str
    until_us: int | None = None
