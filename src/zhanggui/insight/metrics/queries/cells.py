"""The cells of an answer, and the days that they are counted from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import NamedTuple

from zhanggui.base import clock
from zhanggui.insight.metrics.rules import answers as rules
from zhanggui.insight.metrics.rules.answers import Question
from zhanggui.insight.metrics.rules.periods import Period
from zhanggui.insight.metrics.rules.sources import Base

Key = date | datetime | str | None


class Span(IntEnum):
    """Which days are counted.

    COMPARED_CELLS  all of the other period, where COMPARED has only as much of it as the period has had yet
    """

    PERIOD = 0
    COMPARED = 1
    COMPARED_CELLS = 2


class Cell(NamedTuple):
    """A cell of an answer; None stands for all cells of a cut. Tens of thousands are made and looked up, so a tuple."""

    span: Span
    key: Key = None
    then: Key = None


# A cell's counted measures: measure -> number.
Counted = dict[Cell, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The days of a span, and how much of them counts.

    last_day  of this day only what was before `until_us`, and of later days nothing; None if all counts
    until_us  None if nothing of it counts
    """

    span: Span
    period: Period
    last_day: date | None = None
    until_us: int | None = None


def stretches(question: Question, base: Base) -> Iterator[Stretch]:
    """The spans that a question is counted over."""
    yield Stretch(span=Span.PERIOD, period=question.period)
    if question.compare is None:
        return
    today = clock.day_of(question.at, question.zone)
    short = rules.day_and_rest(question, today)
    if short is None:
        yield Stretch(span=Span.COMPARED, period=question.compare)
        return
    day, is_partial = short
    until_us = None
    if is_partial and base.moment:
        passed = question.at - clock.span_of(today, question.zone)[0]
        until_us = clock.micros(clock.span_of(day, question.zone)[0] + passed)
    yield Stretch(span=Span.COMPARED, period=question.compare, last_day=day, until_us=until_us)
    if question.by and question.by.step:
        yield Stretch(span=Span.COMPARED_CELLS, period=question.compare)
