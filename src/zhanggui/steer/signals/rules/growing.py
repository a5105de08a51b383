"""How a finding meets the signal of its like, and when a signal ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals.errors import SnoozeUnfit, WordsMissing
from zhanggui.steer.signals.rules.values import CLOSES_AFTER, Finding, Signal, Size

# So far back days are still compared with: what has been so for sixteen weeks is how the shop is.
LOOKED_BACK: Final = timedelta(days=112)
# What was dismissed comes back when it has grown so many times over.
COMES_BACK_AT: Final = 2
LONGEST_SNOOZE: Final = timedelta(days=92)
LONGEST_WORDS: Final = 300


def grown(signal: Signal, finding: Finding) -> Size:
    """How big a signal is after one more finding: days add up where each has its own money, else the newest stands."""
    is_later = finding.day > signal.last_day
    if is_later and finding.adds_up:
        return signal.size + finding.size
    return finding.size if is_later else signal.size


def comes_back(dismissed_minor: int, now: Size) -> bool:
    """Whether what was dismissed has become another matter: twice as much money as when it was put away."""
    return now.expected_minor >= COMES_BACK_AT * max(dismissed_minor, 1)


def is_over(last_day: date, *, on: date) -> bool:
    """Whether a signal that was found last on that day closes by itself."""
    return on - last_day >= CLOSES_AFTER


def undisturbed(day: date, troubles: Iterable[Period], *, days: int) -> date:
    """The latest day, at most the given one, before which so many days in a row lie that no trouble touched.

    That is what a day is held against. Trouble that has lasted for LOOKED_BACK less those days is how the shop is.

    source  our own; 28 days before 1 June, trouble from 20 May on -> 20 May
    """
    end = day
    for span in sorted(troubles, key=lambda one: one.start, reverse=True):
        if span.start < end and span.end > end - timedelta(days=days):
            end = span.start
    return max(end, day - LOOKED_BACK + timedelta(days=days))


def snooze_of(until: date, *, today: date) -> date:
    """A day to which a signal may be put off.

    refuses  SnoozeUnfit
    """
    if not today < until <= today + LONGEST_SNOOZE:
        raise SnoozeUnfit(until=until)
    return until


def words_of(said: str, *, is_useful: bool) -> str:
    """What was said about a signal, blanks folded; whoever calls it not useful says why.

    refuses  WordsMissing
    """
    words = " ".join(said.split())
    if len(words) > LONGEST_WORDS or not (words or is_useful):
        raise WordsMissing(most=LONGEST_WORDS)
    return words
