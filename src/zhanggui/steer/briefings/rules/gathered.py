"""What a briefing is written from: answers of insight, and what steer itself knows, as they stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from zhanggui.insight.alerts.rules import Deviation
from zhanggui.insight.campaigns.rules import Standing
from zhanggui.insight.funnels.rules import Answer as FunnelAnswer
from zhanggui.insight.goods.rules import Assortment
from zhanggui.insight.metrics.rules import Comparison, Period, Row, Step
from zhanggui.insight.tree.rules import Why
from zhanggui.insight.value.rules import Table as Buyers
from zhanggui.steer.briefings.rules.values import Kind

_YEAR: Final = 366
# A metric's figure as a whole number over another.
Ratio = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSeen:
    """A goal and how it stands at the end of the days that count.

    is_over  whether its own days are over, so that it is met or missed for good
    """

    id: str
    metric: str
    period: Period
    target: Ratio
    actual: Ratio
    forecast: Ratio | None
    low: Ratio | None
    high: Ratio | None
    is_met: bool
    is_over: bool
    stake_minor: int


class Evidence(StrEnum):
    """What an effect is known from; without people held out it is the weaker evidence."""

    HELD_OUT = "held_out"
    WEAKER = "weaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSeen:
    """What a play added that would not have come otherwise, with its interval and its cost; in minor units."""

    play_id: str
    name: str
    more_minor: int
    low_minor: int
    high_minor: int
    cost_minor: int
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSeen:
    """A signal of the days: what it was about, its size, and whether somebody decided on it."""

    id: str
    kind: str
    subject: str
    size_minor: int
    is_decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Figures of the cells of the period, oldest first, and beside them those of another one."""

    step: Step
    now: tuple[Row, ...]
    then: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter: what was counted of it, and of its other days what the same days brought a year before."""

    period: Period
    counted_minor: int
    borrowed_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that a briefing of days is written from.

    until       the first day that is not counted
    before      the period before; year_ago: the same days a year before; None where the shop has no whole one
    now         the figures; then, year: those of the other periods, counted to the same day
    monthly     the thirteen months that end with the period's last, for what is usual; of a year, its own
    quarters    of a year
    following   the next period's figures a year before; None where they are not known whole
    begins_on   the first day of which anything is known: who bought before it counts as new then
    names       of SKUs, in Chinese and English
    silent      metrics whose facts nobody told
    """

    kind: Kind
    shop: str
    shop_name: str
    zone: str
    currency: str
    period: Period
    until: date
    before: Period | None
    year_ago: Period | None
    now: Row
    then: Row | None
    year: Row | None
    begins_on: date
    course: Course
    monthly: tuple[Row, ...] = ()
    quarters: tuple[Quarter, ...] = ()
    following: Row | None = None
    why_before: Why | None = None
    why_year: Why | None = None
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    goals: tuple[GoalSeen, ...] = ()
    effects: tuple[EffectSeen, ...] = ()
    signals: tuple[SignalSeen, ...] = ()
    offers: tuple[Standing, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    assortment: Assortment | None = None
    buyers: Buyers | None = None
    silent: frozenset[str] = frozenset()

    @property
    def main_why(self) -> Why | None:
        """The comparison that the sentences lead with: a month's with the one before, a year's with the year before."""
        return (self.why_year or self.why_before) if self.kind is Kind.YEAR else (self.why_before or self.why_year)

    @property
    def is_young(self) -> bool:
        """Whether the year before had buyers counted as new who had only bought before the books began."""
        return self.year_ago is not None and (self.year_ago.start - self.begins_on).days < _YEAR

    def period_of(self, comparison: Comparison) -> Period | None:
        """The period of a comparison."""
        return self.before if comparison is Comparison.PREVIOUS else self.year_ago


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelGathered:
    """All that the review of a funnel is written from.

    way     the whole funnel; short: the same from its first step to its last, whatever lies between
    hours   visitors by hour of the shop's clock; days: by day; whole: of all days
    back    of the visitors old enough, those who came again the day after and a week later
    """

    shop: str
    shop_name: str
    zone: str
    currency: str
    period: Period
    until: date
    way: FunnelAnswer
    short: FunnelAnswer | None
    window_minutes: int
    hours: tuple[Row, ...] = ()
    days: tuple[Row, ...] = ()
    whole: Row
    back: Mapping[int, Ratio] = field(default_factory=dict)
    has_money: bool
    by_device: FunnelAnswer | None = None
