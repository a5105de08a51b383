"""What a play brought, as the ledger keeps it: incremental, attributed and cost are three different types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.growth.experiments.rules import Costing
from zhanggui.steer.signals.rules import Move


class Proof(StrEnum):
    """What an effect is known from, the stronger first."""

    HELD_OUT = "held_out"  # people drawn by lot who were not treated
    SEASON = "season"  # what the shop's own season let expect: the weaker evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Incremental:
    """Money that would not have come otherwise, with what it lies between 95 times in 100."""

    value: Money
    low: Money
    high: Money

    @property
    def is_told_from_chance(self) -> bool:
        """Whether nothing at all is outside the interval."""
        return self.low.minor > 0 or self.high.minor < 0

    def less(self, cost: Money) -> Incremental:
        """What is left after a cost that is known exactly."""
        return Incremental(value=self.value - cost, low=self.low - cost, high=self.high - cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncrementalPieces:
    """The same of what is counted, such as orders."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """What passed through a play, whether or not it would have come anyway: no effect, and never added to one.

    orders  those of treated people that used its coupon or promotion, or came with its campaign
    """

    orders: int
    money: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a play cost.

    discounts  what its coupons and promotions took off orders of the treated; paid amounts are after them already
    """

    messages: Money
    discounts: Money
    spend: Money
    fixed: Money

    @property
    def total(self) -> Money:
        """All of it: what the cost cap is held against."""
        return self.messages + self.discounts + self.spend + self.fixed

    @property
    def beside_price(self) -> Money:
        """What is not yet taken off in the amounts that people paid."""
        return self.messages + self.spend + self.fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One measurement in the ledger; it is never changed, a later one of the same play is a new entry.

    What is believed (`chance`) is neither what came on top nor what passed through, so it stands apart from both.

    signal_kind  what the play was an answer to, or the occasion it waited for; empty without either
    units        treated people, or days where everybody was
    per_unit     incremental paid amount for each unit: value, low and high in minor units
    margin       None where what goods cost is not known
    costing      where the cost comes from of orders that do not know their own; None without a margin
    costed_bp    of so many of 10,000 orders the own cost of their goods is known; None without a margin
    chance       how likely the treated buy oftener, if nothing was believed before; None where nobody was held out, or
                 nobody of those bought
    uneven_p     how likely groups as uneven as these are by the draw alone; None without held-out people
    """

    id: UUID
    play_id: UUID
    name: str
    move: Move
    metric: str
    signal_kind: str
    proof: Proof
    first_day: date
    last_day: date
    measured_at: datetime
    treated: int
    held_out: int
    units: int
    per_unit: tuple[float, float, float]
    orders: IncrementalPieces
    gmv: Incremental
    margin: Incremental | None
    attributed: Attributed
    cost: Cost
    uneven_p: float | None
    costing: Costing | None = None
    costed_bp: int | None = None
    chance: float | None = None

    @property
    def net(self) -> Incremental | None:
        """The margin after what it cost; discounts are off it already. None where the margin is not known."""
        return None if self.margin is None else self.margin.less(self.cost.beside_price)
