"""A published figure, ours beside it, and whether they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class Why(StrEnum):
    """Why a published figure is not checked here."""

    ROWS = "rows"
    NOT_BUILT = "not_built"
    NOT_AGREED = "not_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What somebody else found out.

    key        by which our own figure is found
    source     who published it, and where
    figures    one, or a row of them in order
    tolerance  agreeing means to differ by no more; 0 for what is counted
    """

    key: str
    name_zh: str
    name_en: str
    source: str
    figures: tuple[Decimal, ...]
    tolerance: Decimal = Decimal(0)

    def name(self, language: str) -> str:
        """Its name in a language of the house."""
        return self.name_en if language == "en" else self.name_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """Published figures that are not checked."""

    name_zh: str
    name_en: str
    source: str
    why: Why

    def name(self, language: str) -> str:
        """Its name in a language of the house."""
        return self.name_en if language == "en" else self.name_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A published figure and ours.

    ours  as many figures as were published; none where our code did not say
    """

    published: Published
    ours: tuple[Decimal, ...]

    @property
    def difference(self) -> Decimal | None:
        """The largest difference of the row, without a sign; None where there is nothing to compare."""
        if len(self.ours) != len(self.published.figures):
            return None
        return max(abs(ours - theirs) for ours, theirs in zip(self.ours, self.published.figures, strict=True))

    @property
    def is_agreed(self) -> bool:
        """Whether ours is the published one, as near as was asked for."""
        return self.difference is not None and self.difference <= self.published.tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a self-check found.

    made_at, took  when it began and how long it was worked out
    """

    checks: tuple[Check, ...]
    unchecked: tuple[Unchecked, ...]
    made_at: datetime
    took: timedelta

    @property
    def agreed(self) -> int:
        """How many agree."""
        return sum(one.is_agreed for one in self.checks)

    @property
    def is_agreed(self) -> bool:
        """Whether all do."""
        return self.agreed == len(self.checks)


def check(published: Published, ours: Sequence[float | int | Decimal]) -> Check:
    """Hold our figures against published ones.

    source   1.2263 against 1.226 to 0.001 -> agreed, 0.0003 apart; against 1.228 -> not agreed
    """
    return Check(published=published, ours=tuple(Decimal(str(one)) for one in ours))
