"""What a segment asks for, and a segment, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

import msgspec

from zhanggui.base.errors import Refused
from zhanggui.insight.metrics.errors import PeriodEmpty
from zhanggui.insight.metrics.rules import Period, Preset
from zhanggui.insight.segments.errors import NameUnfit, TermsUnfit

LONGEST_NAME: Final = 80

Q = TypeVar("Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Which people are meant: the question that finds them.

    kind    which analysis is asked, such as funnel_step
    terms   its question as JSON: only what `terms_of` gives
    slides  the named period that the question's days are, counted back anew whenever it is asked, such as the last 30
            days; None for days that stay
    """

    kind: str
    terms: Mapping[str, Any]
    slides: Preset | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """People under a name.

    frozen_at  since when its people are a fixed list; None while it is live
    people     how many they are; None while it is live, since it has to be asked
    """

    id: str
    shop: str
    name: str
    source: Source
    made_at: datetime
    frozen_at: datetime | None = None
    people: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether its people are found anew each time."""
        return self.frozen_at is None


def days_of(terms: Mapping[str, Any]) -> Period | None:
    """The days that a question is asked of; None if it says none, or names a day of its own among them."""
    inner = terms.get("question", terms)
    if terms.get("cohort") is not None or not isinstance(inner, Mapping):
        return None
    try:
        return Period(date.fromisoformat(inner["start"]), date.fromisoformat(inner["end"]))
    except (KeyError, TypeError, ValueError, PeriodEmpty):
        return None


def on_days(terms: Mapping[str, Any], days: Period, *, today: date) -> dict[str, Any]:
    """The same question asked of other days, on another day."""
    said = {"start": days.start.isoformat(), "end": days.end.isoformat()}
    moved = dict(terms)
    if "question" in terms:
        moved["question"] = {**terms["question"], **said}
    else:
        moved |= said
    return moved | ({"today": today.isoformat()} if "today" in terms else {})


def name_of(typed: str) -> str:
    """A segment's name in the one spelling that is kept: blanks folded, none around.

    refuses  NameUnfit
    """
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise NameUnfit(name=name[:LONGEST_NAME])
    return name


def terms_of(question: object) -> dict[str, Any]:
    """A frozen question as JSON, for `Source.terms`."""
    built: dict[str, Any] = msgspec.to_builtins(question)
    return built


def question_of(kind: str, terms: Mapping[str, Any], wanted: type[Q]) -> Q:
    """The frozen question that JSON stands for.

    refuses  TermsUnfit if a part is missing, of another type, or refused by the question itself
    """
    try:
        return msgspec.convert(dict(terms), wanted)
    except msgspec.ValidationError as unfit:
        raise TermsUnfit(kind=kind, reason=str(unfit)) from unfit
    except Refused as refused:
        raise TermsUnfit(kind=kind, reason=str(refused)) from refused
