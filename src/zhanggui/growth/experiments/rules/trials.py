"""A trial, and what becomes of people who are to be in it, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from zhanggui.growth.experiments.errors import TrialNotAllowed
from zhanggui.growth.experiments.rules.assigning import WHOLE_BP
from zhanggui.insight.metrics.rules import ANSWERED_ELSEWHERE, METRICS

MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Some people are treated and some are held out, to see what the treatment brings.

    metric       what it is to move: nobody is held out twice of one metric at a time
    held_out_bp  so many of 10,000 are held out
    starts_on    its first day; ends_on: the day after its last
    closed_on    the day on which it was closed, its last at the latest; None while it takes people in
    """

    id: UUID
    shop: str
    name: str
    metric: str
    held_out_bp: int
    starts_on: date
    ends_on: date
    opened_at: datetime
    closed_on: date | None = None

    @property
    def salt(self) -> str:
        """What the hash of its people is keyed by."""
        return str(self.id)

    @property
    def is_open(self) -> bool:
        """Whether it still takes people in."""
        return self.closed_on is None

    @property
    def end(self) -> date:
        """The day after the last one that counts."""
        return min(self.closed_on or self.ends_on, self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """On which sides people are who were to be in a trial, each list sorted.

    elsewhere  they are held out of the same metric by another open trial, and are on no side of this one
    """

    treated: tuple[str, ...]
    held_out: tuple[str, ...]
    elsewhere: tuple[str, ...]


def check_trial(*, name: str, metric: str, held_out_bp: int, starts_on: date, ends_on: date) -> None:
    """Refuse a trial that cannot be.

    refuses  TrialNotAllowed with the field: an empty name, no metric of the dictionary, nobody or everybody held out,
             an end that is not after the start or more than MOST_DAYS away
    """
    wrong = {
        "name": not name.strip(),
        "metric": metric not in METRICS and metric not in ANSWERED_ELSEWHERE,
        "held_out_bp": not 0 < held_out_bp < WHOLE_BP,
        "ends_on": not 0 < (ends_on - starts_on).days <= MOST_DAYS,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise TrialNotAllowed(field=field)
