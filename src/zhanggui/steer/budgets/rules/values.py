"""A budget, what is booked on it, and what a guard says, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.budgets.errors import BudgetUnfit


class Area(StrEnum):
    """What money is spent for: bringing people, words and pictures, those who are members, and goods and their way."""

    TRAFFIC = "traffic"
    CONTENT = "content"
    MEMBERS = "members"
    SUPPLY = "supply"


# Hundredths of the total that go to each area if nothing else is said.
USUAL: Final[Mapping[Area, int]] = {Area.TRAFFIC: 40, Area.CONTENT: 25, Area.MEMBERS: 15, Area.SUPPLY: 20}
# The areas that are marketing; supply is not.
MARKETING: Final = frozenset({Area.TRAFFIC, Area.CONTENT, Area.MEMBERS})
# At most so much of the revenue is for marketing.
MOST_MARKETING: Final = Decimal("0.12")
# From this part of the plan on a guard warns; what would go beyond the whole is stopped.
WARN_FROM: Final = Decimal("0.8")
LONGEST_PERIOD_DAYS: Final = 366 * 2
LONGEST_REFERENCE: Final = 80


class Kind(StrEnum):
    """What money was spent on."""

    ADVERTISING = "advertising"
    CREATORS = "creators"
    DISCOUNT = "discount"
    MEMBER_DISCOUNT = "member_discount"
    MESSAGE = "message"
    COMMISSION = "commission"
    FLASH = "flash"
    GROUP = "group"
    PRESALE = "presale"
    WRITTEN_OFF = "written_off"


# Which area pays for what.
AREA_OF: Final[Mapping[Kind, Area]] = {
    Kind.ADVERTISING: Area.TRAFFIC,
    Kind.DISCOUNT: Area.TRAFFIC,
    Kind.CREATORS: Area.CONTENT,
    Kind.MEMBER_DISCOUNT: Area.MEMBERS,
    Kind.MESSAGE: Area.MEMBERS,
    Kind.COMMISSION: Area.MEMBERS,
    Kind.FLASH: Area.TRAFFIC,
    Kind.GROUP: Area.TRAFFIC,
    Kind.PRESALE: Area.TRAFFIC,
    Kind.WRITTEN_OFF: Area.SUPPLY,
}


class Reason(StrEnum):
    """Why a guard says what it says."""

    WITHIN = "within"
    NEAR = "near"
    SPENT = "spent"
    NO_BUDGET = "no_budget"


class Say(StrEnum):
    """What a guard says of money that is to be spent."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a guard says, and why.

    planned, used, left  of the area in the budget of that day; all nothing where there is no budget
    """

    say: Say
    reason: Reason
    area: Area
    planned: Money
    used: Money
    left: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An area of a budget.

    spent     what facts told of, less what came back
    promised  what was promised and is not spent yet
    due       what of the plan would be used by now if it went evenly
    """

    area: Area
    planned: Money
    spent: Money
    promised: Money
    due: Money

    @property
    def used(self) -> Money:
        """What is spent or promised."""
        return self.spent + self.promised

    @property
    def left(self) -> Money:
        """What is neither; below zero if more was spent than planned."""
        return self.planned - self.used

    @property
    def used_rate(self) -> Decimal | None:
        """Which part of the plan is used, 1 is all of it; None if nothing is planned."""
        return Decimal(self.used.minor) / Decimal(self.planned.minor) if self.planned else None

    @property
    def pace(self) -> Decimal | None:
        """What is used over what would be by now; None if nothing would."""
        return Decimal(self.used.minor) / Decimal(self.due.minor) if self.due.minor else None

    @property
    def say(self) -> Say:
        """What a guard says of it as it stands."""
        return verdict(area=self.area, planned=self.planned, used=self.used, amount=Money.zero(self.spent.currency)).say


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent in a period."""

    id: UUID
    shop: str
    period: Period
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Money that was spent, as a fact told it; below zero if it came back.

    fact       the fact's id
    reference  what it was for: a promotion's id, a campaign, empty if nothing is named
    units      pieces that it is for, each the same; None where they are not counted
    """

    fact: UUID
    on: date
    kind: Kind
    amount: Money
    channel: str = ""
    campaign: str = ""
    reference: str = ""
    order_number: str = ""
    units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money that went from one area to another; nothing stands for where it came from at first."""

    at: datetime
    by: str
    source: Area | None
    target: Area
    amount: Money


def planned(total: Money, shares: Mapping[Area, int] = USUAL) -> dict[Area, Money]:
    """A total split by area, to the minor unit.

    refuses  BudgetUnfit if the total is not above zero, or a share is below it, or all are nothing
    source   1,000.01 by 40, 25, 15, 20 -> 400.01, 250.00, 150.00 and 200.00
    """
    weights = [shares.get(area, 0) for area in Area]
    if total.minor <= 0:
        raise BudgetUnfit(field="total")
    if min(weights) < 0 or not any(weights):
        raise BudgetUnfit(field="shares")
    return dict(zip(Area, total.split(weights), strict=True))


def verdict(*, area: Area, planned: Money, used: Money, amount: Money) -> Verdict:
    """What a guard says of an amount that is to be spent on top of what is used.

    source   of 100, 70 used: 5 more are fine, 10 more are a warning, 31 more are stopped
    """
    after, left = used + amount, planned - used
    if after > planned:
        return Verdict(say=Say.STOP, reason=Reason.SPENT, area=area, planned=planned, used=used, left=left)
    if after.minor >= planned.minor * WARN_FROM and after:
        return Verdict(say=Say.WARN, reason=Reason.NEAR, area=area, planned=planned, used=used, left=left)
    return Verdict(say=Say.OK, reason=Reason.WITHIN, area=area, planned=planned, used=used, left=left)


def due(planned: Money, period: Period, today: date) -> Money:
    """What of a plan would be used before a day if every day of the period took the same.

    source   300.00 over 30 days, on the eleventh day -> 100.00
    """
    days = min(max((today - period.start).days, 0), period.days)
    return planned.times(Decimal(days) / Decimal(period.days))
