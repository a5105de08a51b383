"""What a funnel asks, and what comes of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.insight.funnels.errors import FunnelUnfit
from zhanggui.insight.metrics.rules import EVERYTHING, Cut, Filters
from zhanggui.insight.metrics.rules.intervals import USUAL, Interval, Share, each_of, newcombe, wilson

FEWEST_STEPS: Final = 2
MOST_STEPS: Final = 8
LONGEST_WINDOW_MINUTES: Final = 90 * 24 * 60
# By what steps can be filtered.
OF_STEPS: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.DEVICE, Cut.CATEGORY, Cut.SKU})


class Kind(StrEnum):
    """In which order the steps have to come.

    ORDERED    one after the other, whatever else happens in between
    STRICT     one right after the other: nothing that is a step of the funnel happens in between
    UNORDERED  in any order; the first bar is whoever did any of them, the second whoever did two, and so on
    """

    ORDERED = "ordered"
    STRICT = "strict"
    UNORDERED = "unordered"


class Unit(StrEnum):
    """What has to go all the way."""

    PEOPLE = "people"
    SESSIONS = "sessions"


class Split(StrEnum):
    """By what a funnel is told apart: as it was at the step with which a passage began.

    BUYER  returning if a paid order lies on an earlier day, else new
    """

    CHANNEL = "channel"
    DEVICE = "device"
    REGION = "region"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens: an event and, where they are given, what it is about; an empty tuple lets all through.

    pages  paths; one that ends in * stands for all that begin like it
    """

    event: str
    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Steps, and what it means to go through them.

    A passage begins with its first step within the period and ends before the window is over, the moment of its
    end not included; later steps may lie after the period. An event is one step only. What happens in the same
    microsecond stands in the order of the funnel, and the same step twice in one microsecond is once. In an unordered
    funnel an event counts for the first step that it fits.

    window_minutes  from the first step on
    refuses         FunnelUnfit
    """

    steps: tuple[Step, ...]
    kind: Kind = Kind.ORDERED
    unit: Unit = Unit.PEOPLE
    window_minutes: int = 7 * 24 * 60

    def __post_init__(self) -> None:
        if not FEWEST_STEPS <= len(self.steps) <= MOST_STEPS:
            raise FunnelUnfit(reason="steps")
        if not all(step.event for step in self.steps):
            raise FunnelUnfit(reason="event")
        if not 1 <= self.window_minutes <= LONGEST_WINDOW_MINUTES:
            raise FunnelUnfit(reason="window")

    @property
    def window(self) -> timedelta:
        """From the first step on, half open."""
        return timedelta(minutes=self.window_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A funnel asked of days.

    start, end  business days, half open, in which a passage begins
    where       what the first step has to be like
    """

    funnel: Funnel
    start: date
    end: date
    where: Filters = EVERYTHING
    by: Split | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """People, or the people of sessions, by how far they came; the terms of a segment.

    place       1 is the first step
    is_dropped  those who came as far as the step before and no further; else all who came so far
    value       of the split, None for all
    """

    question: Question
    place: int
    is_dropped: bool = False
    value: str | None = None

    def __post_init__(self) -> None:
        least = 2 if self.is_dropped else 1
        if not least <= self.place <= len(self.question.funnel.steps):
            raise FunnelUnfit(reason="steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long a step took those who took it, exact in microseconds.

    Of somebody who came as far as a step, the passage is looked at that reaches its furthest step first, each step of
    it the last one before the next.

    twice_median_us  the median doubled, so that one between two whole microseconds stays whole
    p90_us           nine in ten took no longer
    source           6000 s, 2 h (signup -> paid: 1 h, 2 h, 2 h)
    """

    count: int
    sum_us: int
    twice_median_us: int
    p90_us: int

    @property
    def mean(self) -> timedelta:
        """The mean, down to the microsecond."""
        return timedelta(microseconds=self.sum_us // self.count)

    @property
    def median(self) -> timedelta:
        """The median, down to the microsecond."""
        return timedelta(microseconds=self.twice_median_us // 2)

    @property
    def p90(self) -> timedelta:
        """What nine in ten did not exceed."""
        return timedelta(microseconds=self.p90_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A step and who came so far.

    place  1 is the first step
    count  people or sessions;  before how many came to the step before, all of them at the first
    times  from the step before; None for the first one and where nobody came so far
    """

    place: int
    count: int
    before: int
    times: Times | None

    @property
    def bounds(self) -> Interval:
        """Between which shares of the step before the true one lies with 95 %, by Wilson."""
        return wilson((self.count, self.before))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A value of the split, and who of it came how far."""

    value: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A value of the split at a step, against all others: who took it of those that came to the step before.

    own, others  so many of so many
    difference   between which bounds the own share less that of the others lies
    """

    value: str
    place: int
    own: Share
    others: Share
    difference: Interval

    @property
    def is_apart(self) -> bool:
        """Whether it is another share beyond chance."""
        return not self.difference.holds(0.0)

    @property
    def missed(self) -> float:
        """How many more, or fewer if negative, would have taken the step at the others' share."""
        return self.own[1] * self.others[0] / self.others[1] - self.own[0] if self.others[1] else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a funnel.

    whole        from the first step to the last
    parts        by the split, those that began most often first; none without a split
    is_complete  False while somebody's window is still open
    """

    question: Question
    bars: tuple[Bar, ...]
    whole: Times | None
    parts: tuple[Part, ...]
    is_complete: bool


def answer_of(
    question: Question,
    reached: Mapping[tuple[str, int], int],
    times: Mapping[int, Times],
    *,
    is_complete: bool,
) -> Answer:
    """The answer that counts make.

    reached  by value of the split and furthest step: how many came exactly so far
    times    by step; 0 is the whole way
    """
    places = range(1, len(question.funnel.steps) + 1)
    by_value = {value: _at_least(reached, value, len(places)) for value, _ in sorted(reached)}
    counts = tuple(sum(part[place - 1] for part in by_value.values()) for place in places)
    parts = [Part(value=value, counts=counts) for value, counts in by_value.items()] if question.by else []
    return Answer(
        question=question,
        bars=tuple(
            Bar(
                place=place,
                count=counts[place - 1],
                before=counts[max(place - 2, 0)],
                times=times.get(place),
            )
            for place in places
        ),
        whole=times.get(0),
        parts=tuple(sorted(parts, key=lambda part: ([-count for count in part.counts], part.value))),
        is_complete=is_complete,
    )


def contrasts(answer: Answer, *, confidence: float = USUAL) -> tuple[Contrast, ...]:
    """Every value of the split at every step but the first, those by whom most was missed first.

    confidence  that all the bounds hold together: the more there are, the wider each is
    source      Newcombe (1998) with Bonferroni, as in metrics.rules.intervals; one step, two values, 56 of 70 and 48 of
                80 -> 0.2, between 0.0307 and 0.3517, and the same with the other sign
    """
    places = range(2, len(answer.bars) + 1)
    sure = each_of(len(answer.parts) * len(places), confidence=confidence)
    found = [_contrast(answer, part, place, confidence=sure) for part in answer.parts for place in places]
    return tuple(sorted(found, key=lambda one: (-one.missed, one.place, one.value)))


def _contrast(answer: Answer, part: Part, place: int, *, confidence: float) -> Contrast:
    bar = answer.bars[place - 1]
    own = part.counts[place - 1], part.counts[place - 2]
    others = bar.count - own[0], bar.before - own[1]
    return Contrast(
        value=part.value,
        place=place,
        own=own,
        others=others,
        difference=newcombe(own, others, confidence=confidence),
    )


def _at_least(reached: Mapping[tuple[str, int], int], value: str, most: int) -> tuple[int, ...]:
    exactly = [reached.get((value, place), 0) for place in range(1, most + 1)]
    return tuple(sum(exactly[place:]) for place in range(most))
