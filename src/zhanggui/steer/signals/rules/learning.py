"""What a finding needs to be raised, learnt from what people said of its like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zhanggui.steer.signals.rules.values import Finding

# Of the money of an ordinary day.
LEAST_SHARE: Final = 0.02
LEAST_CONFIDENCE: Final = 0.8
MOST_STEPS: Final = 6.0
_LEAST_STEPS: Final = -2.0
_MONEY_STEP: Final = 1.5
_DOUBT_STEP: Final = 0.75
# What was said of the same kind with another subject counts half.
_OTHERS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What people said of signals of one kind: of the same subject, and of others.

    A play made of a signal says useful.
    """

    useful: int = 0
    useless: int = 0
    useful_elsewhere: int = 0
    useless_elsewhere: int = 0

    @property
    def steps(self) -> float:
        """How far the bar was moved, upwards if positive."""
        same = self.useless - self.useful
        return min(
            max(same + _OTHERS * (self.useless_elsewhere - self.useful_elsewhere), _LEAST_STEPS),
            MOST_STEPS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The least that a finding has to be."""

    money_minor: int
    confidence: float

    def is_met_by(self, finding: Finding) -> bool:
        """Whether the finding is raised."""
        return finding.size.expected_minor >= self.money_minor and finding.confidence >= self.confidence


def need(verdicts: Verdicts, *, ordinary_day_minor: int) -> Need:
    """The least money and confidence of a kind and subject.

    To begin with 2 % of an ordinary day's money and a confidence of 80 %. Each step, a "not useful" more than
    "useful", asks half as much money again and leaves three quarters of the doubt; a "useful" takes a step back.

    ordinary_day_minor  the money of an ordinary day of the shop, minor units
    source              our own; a day of 10,000.00 -> 200.00 and 80 %, after two "not useful" 450.00 and 88.75 %
    """
    steps = verdicts.steps
    return Need(
        money_minor=round(max(ordinary_day_minor, 0) * LEAST_SHARE * _MONEY_STEP**steps),
        confidence=1 - (1 - LEAST_CONFIDENCE) * _DOUBT_STEP**steps,
    )


def verdicts(said: Iterable[tuple[str, bool, int]], *, subject: str) -> Verdicts:
    """What was said of one kind, counted for a subject.

    said  subject, whether useful, how often
    """
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for about, is_useful, times in said:
        counts[about == subject, is_useful] += times
    return Verdicts(
        useful=counts[True, True],
        useless=counts[True, False],
        useful_elsewhere=counts[False, True],
        useless_elsewhere=counts[False, False],
    )
