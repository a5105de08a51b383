"""What a detector finds, and what the inbox keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.insight.segments.rules import Source

# A signal that was not found on so many days looked at in a row is over.
CLOSES_AFTER: Final = timedelta(days=7)


class Move(StrEnum):
    """The kinds of plays that a signal proposes; CHECK means that somebody has to look, and nobody is treated."""

    COUPON = "coupon"
    MESSAGE = "message"
    PROMOTION = "promotion"
    PAGE = "page"
    PRICE = "price"
    DELIST = "delist"
    RESTOCK = "restock"
    CHECK = "check"


class State(StrEnum):
    """How far a signal has come: closed is what was not found again for some days."""

    OPEN = "open"
    DECIDED = "decided"
    DISMISSED = "dismissed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Money at stake, or to be won, in minor units: 0 <= low <= expected <= high."""

    low_minor: int
    expected_minor: int
    high_minor: int
    currency: str

    def __add__(self, other: Size) -> Size:
        """Both together; the interval is the widest that the two allow."""
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} have no sum")
        return Size(
            low_minor=self.low_minor + other.low_minor,
            expected_minor=self.expected_minor + other.expected_minor,
            high_minor=self.high_minor + other.high_minor,
            currency=self.currency,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was seen, as numbers; a door has the words.

    what     key of the sentence, such as step_fell
    numbers  what the sentence says: whole numbers (minor units, counts, basis points) and names of cells
    page     the console's route of what is behind it
    query    the query of that page's address
    """

    what: str
    numbers: Mapping[str, str | int]
    page: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The one play that is proposed.

    metric    what it is meant to move
    audience  whom it treats; None where nobody is treated, or everybody is
    """

    move: Move
    metric: str
    audience: Source | None = None
    sku: str = ""
    channel: str = ""
    region: str = ""
    device: str = ""
    discount_bp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one detector found on one day of a shop.

    kind        what is the matter, such as funnel_break
    subject     with what, such as device:tablet; empty for the whole shop
    confidence  0 to 1: how sure it is that this is no chance, after correction for all that was looked at
    evidence    the first one is worded as the finding's sentence
    cause       the fact that shows it, such as a deviation or a missed goal
    tests       how many numbers were looked at to find it
    adds_up     whether the size is of this day alone, so that days add up; else the newest day's size stands
    """

    kind: str
    subject: str
    day: date
    size: Size
    confidence: float
    evidence: tuple[Evidence, ...]
    proposal: Proposal
    cause: UUID | None = None
    tests: int = 1
    adds_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What is going wrong or could be won, as the inbox keeps it.

    detector   who finds it
    fact       id of steer.signal_raised: the cause of what is done about it
    first_day  the day on which it was found first
    last_day   the last day on which it was found
    days       on how many days it was
    words      why it is not useful, or what was said
    play_id    the play that was made of it
    """

    id: UUID
    shop: str
    detector: str
    kind: str
    subject: str
    state: State
    first_day: date
    last_day: date
    days: int
    size: Size
    confidence: float
    evidence: tuple[Evidence, ...]
    proposal: Proposal
    tests: int
    cause: UUID | None
    fact: UUID
    raised_at: datetime
    snoozed_until: date | None = None
    is_useful: bool | None = None
    words: str = ""
    play_id: UUID | None = None

    @property
    def closes_on(self) -> date:
        """The day on which it is over, unless it is found again before."""
        return self.last_day + CLOSES_AFTER

    @property
    def weight(self) -> float:
        """What the inbox is ordered by: money x confidence."""
        return self.size.expected_minor * self.confidence
