"""A play as it is planned, and what must be right about it before it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.experiments.rules import Version
from zhanggui.growth.messages.rules import Wording
from zhanggui.insight.campaigns.rules import HISTORY_DAYS
from zhanggui.insight.metrics.rules import METRICS
from zhanggui.insight.segments.rules import Source
from zhanggui.steer.budgets.rules import Area
from zhanggui.steer.plays.errors import PlanUnfit
from zhanggui.steer.plays.rules.holding import HoldOut
from zhanggui.steer.plays.rules.stopping import StopRules
from zhanggui.steer.signals.rules import Move

LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 1_000
MOST_DAYS: Final = 180
MOST_AFTER_DAYS: Final = 60
MOST_DISCOUNT_BP: Final = 9_000
LEAST_BP: Final = 1
MOST_BP: Final = 9_000

# What can be kept from some people, so that the difference shows; everything else meets everybody (rules.md § 7: a
# price is the same for all).
TREATS_PEOPLE: Final = frozenset({Move.COUPON, Move.MESSAGE})
# What is kept from some of those who come, decided when they come.
TREATS_VISITORS: Final = frozenset({Move.PAGE})
_DISCOUNTS: Final = frozenset({Move.COUPON, Move.PROMOTION, Move.PRICE})
_OF_A_SKU: Final = frozenset({Move.PRICE, Move.DELIST, Move.RESTOCK})
_TASKS: Final = frozenset({Move.RESTOCK, Move.CHECK})


class Basis(StrEnum):
    """Where an expectation comes from, the best first."""

    LEDGER = "ledger"  # what plays like it brought
    SIGNAL = "signal"  # what the signal says is at stake
    SAID = "said"  # what whoever planned it believes


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a play is expected to bring.

    plays  of the ledger, from which it was pooled
    """

    basis: Basis
    low: Money
    value: Money
    high: Money
    plays: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a play is for: a kept segment, or a question; whoever is enrolled when it starts stays in it for good.

    takes_late_comers  whether those who come to be meant while it runs are taken in, every hour; such a play may start
                       with nobody
    """

    segment_id: UUID | None = None
    source: Source | None = None
    takes_late_comers: bool = False

    @property
    def is_somebody(self) -> bool:
        """Whether it says who."""
        return (self.segment_id is None) != (self.source is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done.

    discount_bp  of 10,000: off everything by a coupon or a promotion, off the price by a price change; below zero a
                 price goes up
    sku          of a price change, a delisting, a restocking; of a promotion or a page if it is about one article only
    category     of a page, if it is about those of a category; with neither it is about all
    version      in which visitors are shown a page: only what is shown is another, never what is charged
    wording      what people are told; a coupon may be given without a word
    task         what somebody has to do
    """

    move: Move
    discount_bp: int = 0
    sku: str = ""
    wording: Wording | None = None
    channel: Channel = Channel.EMAIL
    task: str = ""
    category: str = ""
    version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a play is to be.

    hypothesis  what is believed and why, in words
    metric      what it is meant to move; nobody is held out twice of one metric at a time
    hold_out    None where everybody is treated
    cost_cap    what all of it may cost: messages, discounts, spend and the fixed cost
    fixed_cost  what it costs besides, such as somebody's work
    owner       the operator who answers for it, by number
    starts_on   its first day at the earliest; ends_on: the day after its last
    after_days  how long after its end orders still count
    """

    name: str
    hypothesis: str
    metric: str
    audience: Audience = field(default_factory=Audience)
    action: Action
    hold_out: HoldOut | None = None
    cost_cap: Money
    fixed_cost: Money
    area: Area
    owner: str
    starts_on: date
    ends_on: date
    after_days: int = 7
    stop_rules: StopRules = field(default_factory=StopRules)
    expected: Expected | None = None

    @property
    def treats_people(self) -> bool:
        """Whether some people of an audience are treated and some held out."""
        return self.action.move in TREATS_PEOPLE

    @property
    def treats_visitors(self) -> bool:
        """Whether those who come to some pages are treated or held out then and there."""
        return self.action.move in TREATS_VISITORS

    @property
    def holds_out(self) -> bool:
        """Whether anybody is held out, so that the difference shows."""
        return self.treats_people or self.treats_visitors

    @property
    def last_on(self) -> date:
        """Its last day, as planned."""
        return self.ends_on - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.ends_on - self.starts_on).days

    def checked(self, *, currency: str) -> Plan:
        """The plan itself.

        refuses  PlanUnfit with the first field that cannot be right; WordingUnfit, PageUnfit
        """
        for name, is_wrong in self._wrongs(currency).items():
            if is_wrong:
                raise PlanUnfit(field=name)
        if self.action.wording is not None:
            self.action.wording.checked(channel=self.action.channel, has_coupon=self.action.move is Move.COUPON)
        if self.action.version is not None:
            self.action.version.checked()
        return self

    def _wrongs(self, currency: str) -> dict[str, bool]:
        action, loss = self.action, self.stop_rules.most_loss
        return {
            "name": not 0 < len(self.name.strip()) <= LONGEST_NAME,
            "hypothesis": not 0 < len(self.hypothesis.strip()) <= LONGEST_TEXT,
            "metric": self.metric not in METRICS,
            "audience": self.treats_people and not self.audience.is_somebody,
            "discount": action.move in _DISCOUNTS and not _is_discount(action),
            "sku": action.move in _OF_A_SKU and not action.sku.strip(),
            "wording": action.move is Move.MESSAGE and action.wording is None,
            "task": len(action.task) > LONGEST_TEXT or (action.move in _TASKS and not action.task.strip()),
            "page": self.treats_visitors != (action.version is not None) or bool(action.sku and action.category),
            "hold_out": self.holds_out != (self.hold_out is not None)
            or (self.hold_out is not None and not LEAST_BP <= self.hold_out.bp <= MOST_BP),
            "cost_cap": self.cost_cap.currency != currency or self.cost_cap.minor <= 0,
            "fixed_cost": self.fixed_cost.currency != currency or not 0 <= self.fixed_cost.minor < self.cost_cap.minor,
            "owner": not self.owner.strip(),
            "ends_on": not 0 < self.days <= MOST_DAYS,
            "season_days": not self.holds_out and self.days + self.after_days > HISTORY_DAYS,
            "after_days": not 0 <= self.after_days <= MOST_AFTER_DAYS,
            "most_loss": loss is not None and (loss.currency != currency or loss.minor <= 0),
            "most_refused": not 0 < (self.stop_rules.most_refused_bp or 1) <= 10_000,
        }


def _is_discount(action: Action) -> bool:
    least = -MOST_DISCOUNT_BP if action.move is Move.PRICE else 1
    return action.discount_bp != 0 and least <= action.discount_bp <= MOST_DISCOUNT_BP


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What one person may start without another's approval in a shop: up to this cost and this discount."""

    cost: Money
    discount_bp: int

    def is_passed_by(self, plan: Plan) -> bool:
        """Whether a plan needs approval."""
        return plan.cost_cap > self.cost or plan.action.discount_bp > self.discount_bp
