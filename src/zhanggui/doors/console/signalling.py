"""What the pages of signals and risks show, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from zhanggui.base.money import Money
from zhanggui.doors.console import deviations, segment_words, signal_words
from zhanggui.doors.console.charts import Spec
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.alerts.rules import Place
from zhanggui.insight.metrics.rules import METRICS, Cut, Period, can_answer
from zhanggui.steer.signals.rules import Evidence, Risk, Signal, State, WasRisk

# So long before its last day a signal's number is shown.
_BEFORE: Final = timedelta(days=41)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A piece of evidence: its sentence, and where what is behind it stands."""

    says: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A signal as it stands in the inbox.

    sentence  what was found;  seen all that shows it, the sentence's own first
    move      what is proposed;  who whom it treats, empty if nobody
    """

    signal: Signal
    kind: str
    sentence: str
    low: Money
    expected: Money
    high: Money
    sure: str
    confidence: str
    seen: tuple[Seen, ...]
    move: Promise
    who: str
    state: Promise

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide on it."""
        return self.signal.state is State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A risk as it stands in the register.

    fired  the signal that its trigger raised and that still stands
    """

    risk: Risk
    trigger: str
    owner: str
    fired: Signal | None
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """What a risk was until somebody changed it or took it out."""

    name: str
    trigger: str
    owner: str
    playbook: str
    at: datetime
    by: str


def card(signal: Signal) -> Card:
    """A signal in words."""
    size, currency = signal.size, signal.size.currency
    source = signal.proposal.audience
    return Card(
        signal=signal,
        kind=signal_words.kind(signal),
        sentence=signal_words.sentence(signal.evidence[0], currency),
        low=Money(size.low_minor, currency),
        expected=Money(size.expected_minor, currency),
        high=Money(size.high_minor, currency),
        sure=signal_words.sure(signal.confidence),
        confidence=signal_words.rate(signal.confidence),
        seen=tuple(Seen(says=signal_words.sentence(one, currency), address=address(one)) for one in signal.evidence),
        move=signal_words.MOVES[signal.proposal.move],
        who=segment_words.says(source) if source is not None else "",
        state=signal_words.STATES[signal.state],
    )


def address(one: Evidence) -> str:
    """Where what is behind a piece of evidence stands; empty if it has no page of its own any more."""
    try:
        page = reverse(f"console:{one.page}")
    except NoReverseMatch:
        return ""
    return f"{page}?{one.query}"


def course(signal: Signal, scope: Scope) -> Spec | None:
    """What the number that is to be moved did in the six weeks before, in the band of what is normal for it.

    None if it cannot be counted by day where the signal was found, or no day is known.
    """
    key, place = signal.proposal.metric, _place(signal)
    if scope.days is None or key not in METRICS or not can_answer(key, by=Cut.DAY, where=place.where):
        return None
    days = Period(max(scope.days[0], signal.last_day - _BEFORE), signal.last_day + timedelta(days=1))
    if days.start >= days.end:
        return None
    numbers = alerts.judged(scope.shop.code, [key], days, place=place, at=scope.at)[key]
    return deviations.chart(key, numbers, scope, place) if numbers else None


def _place(signal: Signal) -> Place:
    """Where it was found: in one channel, region or device, or in the whole shop."""
    said = signal.proposal
    cells = ((Cut.CHANNEL, said.channel), (Cut.REGION, said.region), (Cut.DEVICE, said.device))
    return next((Place(cut=cut, cell=cell) for cut, cell in cells if cell), Place())


def kept(risk: Risk, signals: Iterable[Signal], *, names: dict[str, str], asked: str, currency: str) -> Kept:
    """A risk in words, with the signal that opened it.

    names   operators by number
    asked   id of the risk that the address names
    """
    subject = f"risk:{risk.id}"
    return Kept(
        risk=risk,
        trigger=signal_words.trigger(risk.trigger, currency),
        owner=names.get(str(risk.owner), "—"),
        fired=next((one for one in signals if one.subject == subject), None),
        is_asked=str(risk.id) == asked,
    )


def was(one: WasRisk, *, names: Mapping[str, str], currency: str) -> Was:
    """What a risk was, in words."""
    return Was(
        name=one.risk.name,
        trigger=signal_words.trigger(one.risk.trigger, currency),
        owner=names.get(str(one.risk.owner), "—"),
        playbook=one.risk.playbook,
        at=one.at,
        by=names.get(one.by, one.by),
    )
