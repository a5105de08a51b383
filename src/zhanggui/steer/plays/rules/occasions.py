"""Occasions on which somebody is written to, without a signal: whom each means, as the question of a live segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from zhanggui.insight.segments.rules import Source, question_of
from zhanggui.steer.plays.errors import PlanUnfit


class Occasion(StrEnum):
    """What has happened to those who are meant; each is a kind of segment.

    LEFT_CART     a cart with something in it was not touched for so many hours, and its shopper has ordered nothing
                  since; they have an account, and touched it in the last LEFT_FOR_DAYS days
    BIRTHDAY      a member's birthday is today or in so many days at most
    ASLEEP        a buyer has bought nothing for so many days, and for no more than ASLEEP_FOR_DAYS longer: after that
                  they are lost and not asleep
    BALANCE_OPEN  somebody reserved in a presale, its balance can be paid now, and they have not
    """

    LEFT_CART = "left_cart"
    BIRTHDAY = "birthday"
    ASLEEP = "asleep"
    BALANCE_OPEN = "balance_open"


LEFT_FOR_DAYS: Final = 30
ASLEEP_FOR_DAYS: Final = 60
# The least, the usual and the most of what an occasion is asked by: hours, days ahead, days.
BOUNDS: Final[Mapping[Occasion, tuple[int, int, int]]] = {
    Occasion.LEFT_CART: (1, 4, 24 * 7),
    Occasion.BIRTHDAY: (0, 3, 30),
    Occasion.ASLEEP: (7, 60, 365),
    Occasion.BALANCE_OPEN: (0, 0, 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionAsked:
    """The terms of a segment that is an occasion.

    n  hours of a cart, days ahead of a birthday, days of a buyer; 0 where nothing is asked
    """

    n: int = 0


def occasion_of(source: Source | None) -> Occasion | None:
    """The occasion that a question is about; None of another question, or of none."""
    return Occasion(source.kind) if source is not None and source.kind in set(Occasion) else None


def source_of(occasion: Occasion, n: int | None = None) -> Source:
    """The question of an occasion, by the usual number if none is said.

    refuses  PlanUnfit with occasion for one that is out of its bounds
    """
    least, usual, most = BOUNDS[occasion]
    wanted = usual if n is None else n
    if not least <= wanted <= most:
        raise PlanUnfit(field="occasion")
    return Source(kind=occasion, terms={"n": wanted})


def number_of(occasion: Occasion, terms: Mapping[str, Any]) -> int:
    """By which number an occasion is asked.

    refuses  TermsUnfit
    """
    return question_of(occasion, terms, OccasionAsked).n
