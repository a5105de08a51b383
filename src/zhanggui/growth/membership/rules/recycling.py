"""Recycling for points (以旧换积分): what is taken back, how it is graded, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from zhanggui.shop.catalogue.rules import Words

MOST_PICTURES: Final = 4
LARGEST_PICTURE: Final = 6 * 1024 * 1024
LONGEST_WORDS: Final = 500


class Grade(StrEnum):
    """In what condition something is: A as good as new, B used, C worn but whole."""

    A = "A"
    B = "B"
    C = "C"


class Step(StrEnum):
    """How far something that was handed in is."""

    REQUESTED = "requested"
    RECEIVED = "received"
    GRADED = "graded"
    CREDITED = "credited"
    REFUSED = "refused"


FOLLOWS: Final[Mapping[Step, frozenset[Step]]] = MappingProxyType(
    {
        Step.REQUESTED: frozenset({Step.RECEIVED, Step.REFUSED}),
        Step.RECEIVED: frozenset({Step.GRADED, Step.REFUSED}),
        Step.GRADED: frozenset({Step.CREDITED, Step.REFUSED}),
        Step.CREDITED: frozenset(),
        Step.REFUSED: frozenset(),
    }
)
OPEN: Final = (Step.REQUESTED, Step.RECEIVED, Step.GRADED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recyclable:
    """A kind of thing that is taken back, with the points each grade of it brings."""

    key: str
    name: Words
    points: Mapping[Grade, int]
    is_taken: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of something handed in: its digest in the home folder, and what kind of picture it is."""

    digest: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that a member hands in.

    words    what the member says of it
    grade    None until it was looked at; points: what it brings, 0 until then
    answer   why it was refused, in a colleague's words
    """

    number: str
    shop: str
    person: str
    kind: str
    name: Words
    words: str
    pictures: tuple[Picture, ...]
    step: Step
    grade: Grade | None
    points: int
    answer: str
    at: datetime
    moved_at: datetime


def before(to: Step) -> tuple[Step, ...]:
    """The steps that another may follow on, for `update ... where step in`."""
    return tuple(step for step in Step if to in FOLLOWS[step])
