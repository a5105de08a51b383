"""Refusals about briefings."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchBriefing(Refused):
    """No briefing has that id."""

    id: str


class NothingKnown(Refused):
    """Nothing happened in the shop in the days that the briefing would be about."""

    shop: str
    first: str
    last: str


class PeriodUnfit(Refused):
    """A briefing of that kind is about a whole day, week, month or year."""

    kind: str
    first: str


class AlreadyPublished(Refused):
    """A published briefing stays as it is; a new one of the same days can be written beside it."""

    id: str


class WrittenMeanwhile(Refused):
    """The draft was written anew while somebody was about to publish what stood in it before."""

    id: str


class NoSuchFinding(Refused):
    """The document has no such finding."""

    key: str


class NoSuchDecision(Refused):
    """The document proposes nothing of that name."""

    key: str


class AlreadyCarriedOut(Refused):
    """It has become a goal or a play already; that is where it is changed now."""

    key: str


class WordsUnfit(Refused):
    """Words in place of a sentence have at most so many characters."""

    most: int


class TargetUnfit(Refused):
    """A target is a number above zero."""

    key: str
