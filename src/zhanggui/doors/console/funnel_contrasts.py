"""Which values of a funnel's split lose more or fewer than the others beyond chance, as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.doors.console import funnel_words, words
from zhanggui.insight.funnels.rules import Answer, Contrast, contrasts

# Those that cost most; the table has the rest.
_MOST: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownContrast:
    """A value of the split at a step.

    own, others, low, high  as rates
    missed                  who would have taken the step at the others' share, more than did; negative if fewer
    """

    name: str
    step: str
    own: float
    others: float
    low: float
    high: float
    missed: int

    @property
    def is_worse(self) -> bool:
        """Whether fewer took the step than of the others."""
        return self.high < 0

    @property
    def won(self) -> int:
        """Who took the step, more than would have at the others' share."""
        return -self.missed

    @property
    def points(self) -> str:
        """The bounds of the difference, in points of a hundred."""
        low, high = (formats.number(100 * one, language=words.language(), decimals=1) for one in (self.low, self.high))
        return _("%(low)s to %(high)s points") % {"low": low, "high": high}


def apart(answer: Answer) -> tuple[ShownContrast, ...]:
    """The values that differ from the others beyond chance, the worst first; none without a split."""
    by = answer.question.by
    if by is None:
        return ()
    found = [one for one in contrasts(answer) if one.is_apart]
    return tuple(_shown(answer, one, funnel_words.part(by, one.value)) for one in _worst(found))


def _worst(found: Sequence[Contrast]) -> Sequence[Contrast]:
    return sorted(found, key=lambda one: -abs(one.missed))[:_MOST]


def _shown(answer: Answer, one: Contrast, name: str) -> ShownContrast:
    return ShownContrast(
        name=name,
        step=funnel_words.bar(answer.question, one.place),
        own=one.own[0] / one.own[1],
        others=one.others[0] / one.others[1],
        low=one.difference.low,
        high=one.difference.high,
        missed=round(one.missed),
    )
