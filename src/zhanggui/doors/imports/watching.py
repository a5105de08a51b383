"""Who wants to see how far an import is."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Step(StrEnum):
    """The parts of an import, in their order."""

    READING = "reading"
    SORTING = "sorting"
    TAKING_IN = "taking in"
    ROLLING = "rolling"


class Watch(Protocol):
    """Is told of every step; must not hold the import up."""

    def begin(self, step: Step, *, title: str, total: int, done: int = 0) -> None:
        """A step begins; total 0 means nobody knows how much there is."""

    def move(self, done: int) -> None:
        """So much of the step is done by now."""


class Silent:
    """Nobody watches."""

    def begin(self, step: Step, *, title: str, total: int, done: int = 0) -> None:
        """Nobody is told."""

    def move(self, done: int) -> None:
        """Nobody is told."""
