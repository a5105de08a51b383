"""Models of attribution, the split of one order's money among its touches, and what comes of it, as values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money, apportion
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.sightings.rules import visits

HOUR_US: Final = 3_600_000_000
LOOK_BACK_DAYS: Final = (7, 30, 90)
USUAL_LOOK_BACK_DAYS: Final = 30
HALF_LIFE_DAYS: Final = 7
# A touch of this moment weighs so much under time decay, and so much a channel without which nobody would have bought.
WHOLE_WEIGHT: Final = 1_000_000
# An order is credited in such parts.
PARTS: Final = 1_000_000


class Model(StrEnum):
    """How an order's money is shared among the touches before it."""

    FIRST = "first"
    LAST = "last"
    LAST_NON_DIRECT = "last_non_direct"
    LINEAR = "linear"
    POSITION = "position"
    DECAY = "decay"
    CHAIN = "chain"


class By(StrEnum):
    """What is credited: channels, or the campaigns in them."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Source:
    """A channel, or a campaign of it. An empty campaign is what has none; an empty channel is not known."""

    channel: str
    campaign: str = ""

    @property
    def is_paid(self) -> bool:
        """Whether visits from there are bought."""
        return self.channel in visits.PAID_CHANNELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A visit that began before an order.

    age_us  how long before it
    """

    source: Source
    age_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a model credits a source with.

    order_parts  orders, in millionths; each share cut off below that
    new_parts    of them, first orders of their buyers
    """

    money: Money
    order_parts: int
    new_parts: int

    @property
    def orders(self) -> Decimal:
        """Orders, with what is left of some."""
        return Decimal(self.order_parts) / PARTS

    @property
    def new_orders(self) -> Decimal:
        """First orders of their buyers."""
        return Decimal(self.new_parts) / PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A source with what each model credits it with.

    sessions  visits from there in the period
    removal   how much of the chance to buy is lost without it, in millionths; None where nothing was ever seen of it
    spend     what it cost in the period; None if nobody said so
    """

    source: Source
    sessions: int
    credits: Mapping[Model, Credit]
    removal: int | None
    spend: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """All models side by side.

    lines           by source, in order
    orders, money   of all paid orders of the period: every model's lines sum to this money
    new_orders      of them, first orders of known buyers
    led_orders      of them, with at least one touch; the others are credited to what their own visit said
    """

    period: Period
    look_back_days: int
    by: By
    lines: tuple[Line, ...]
    orders: int
    new_orders: int
    led_orders: int
    money: Money
    spend: Money | None

    @property
    def sessions(self) -> int:
        """All visits."""
        return sum(line.sessions for line in self.lines)

    @property
    def organic_rate(self) -> Decimal | None:
        """Visits from unpaid channels over all; direct ones are not organic (metrics.md, organic_share)."""
        unpaid = sum(
            line.sessions
            for line in self.lines
            if line.source.channel not in ("", visits.DIRECT) and not line.source.is_paid
        )
        return Decimal(unpaid) / self.sessions if self.sessions else None


def weights(model: Model, path: Sequence[Touch], *, removal: Mapping[Source, int]) -> list[int]:
    """How the touches before an order, the oldest first, share its money: whole numbers, at least one above zero.

    LAST_NON_DIRECT  the last touch if all are direct
    POSITION         40 % to the first, 40 % to the last, the rest evenly between; two share evenly
    DECAY            half as much for every HALF_LIFE_DAYS before the order, never nothing
    CHAIN            by how much of the chance to buy is lost without the touch's source
    source           four touches by POSITION -> 4 1 1 4 (40 %, 10 %, 10 %, 40 %)
    """
    n = len(path)
    match model:
        case Model.FIRST:
            return [1] + [0] * (n - 1)
        case Model.LAST:
            return [0] * (n - 1) + [1]
        case Model.LAST_NON_DIRECT:
            known = [at for at, touch in enumerate(path) if touch.source.channel != visits.DIRECT]
            return [int(at == (known[-1] if known else n - 1)) for at in range(n)]
        case Model.LINEAR:
            return [1] * n
        case Model.POSITION:
            return [1] * n if n < 3 else [2 * (n - 2), *[1] * (n - 2), 2 * (n - 2)]
        case Model.DECAY:
            return [decayed(touch.age_us) for touch in path]
        case Model.CHAIN:
            return [max(1, removal.get(touch.source, 0)) for touch in path]


def decayed(age_us: int) -> int:
    """What a touch of that age weighs, by whole hours.

    source   7 days -> 500,000, 14 days -> 250,000, now -> 1,000,000
    """
    hours = age_us // HOUR_US
    return max(1, math.floor(WHOLE_WEIGHT * math.pow(2.0, -hours / (24 * HALF_LIFE_DAYS)) + 0.5))


def shared(model: Model, path: Sequence[Touch], amount: Money, *, removal: Mapping[Source, int]) -> tuple[Money, ...]:
    """An order's money among its touches, by largest remainder: the shares sum to the amount.

    What the queries do for all orders at once, for one.
    """
    parts = apportion(amount.minor, weights(model, path, removal=removal))
    return tuple(Money(part, amount.currency) for part in parts)
