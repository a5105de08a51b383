"""What a trial brought, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from zhanggui.growth.experiments.rules.assigning import Arm
from zhanggui.growth.experiments.rules.power import LEAST_PEOPLE
from zhanggui.growth.experiments.rules.statistics.believing import Belief
from zhanggui.growth.experiments.rules.statistics.values import Estimate

# Sides as uneven as this come by chance once in a thousand trials: something is wrong with who was counted.
LEAST_SRM_P: Final = 0.001


class Doubt(StrEnum):
    """Why what a trial says is not to be built on.

    FEW     fewer than LEAST_PEOPLE on a side: there is no effect to tell
    SILENT  nobody bought anything, so there is nothing to compare
    UNEVEN  the sides are not as large as they were meant to be: some people are missing on one of them
    """

    FEW = "few"
    SILENT = "silent"
    UNEVEN = "uneven"


class Costing(StrEnum):
    """Where the cost of the goods comes from in a margin, of an order that does not know its own.

    GOODS  what the shop's goods cost, on average of all that was sold in the trial's days
    OWN    what the goods of those orders of the trial cost that do know it
    SAID   the margin that the shop said it has
    """

    OWN = "own"
    GOODS = "goods"
    SAID = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What came on top because of the treatment, against those who were held out: incremental, never attributed.

    per_person  of one who was treated; orders in pieces, money in minor units
    total       of all who were treated: per_person times their number
    """

    per_person: Estimate
    total: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    """How many people of each side bought, and how much of what they paid went back.

    conversion  how much oftener the treated bought, over how often the held out did: 0.1 is a tenth more often. Said
                once, at the end; None before it, for it does not hold at several looks
    belief      the same as a chance, if nothing was believed before
    refunds     by how much the share of paid money that went back is higher among the treated: the guardrail, whose
                interval holds at any look; None where a side paid nothing
    bounces     by how much the share of visits is higher among the treated that end with the page they came to: the
                guardrail of a page, as `refunds`; None of a trial that is about none, or where few visits are known
    """

    people: Mapping[Arm, int]
    buyers: Mapping[Arm, int]
    conversion: Estimate | None
    belief: Belief | None
    refunds: Estimate | None
    bounces: Estimate | None = None

    @property
    def rates(self) -> Mapping[Arm, float]:
        """Which share of each side bought, 0 to 1."""
        return {arm: self.buyers[arm] / max(self.people[arm], 1) for arm in Arm}

    @property
    def is_harmed(self) -> bool:
        """Whether more goes back among the treated, beyond chance: then it is not to be kept."""
        return self.refunds is not None and self.refunds.low > 0

    @property
    def is_left(self) -> bool:
        """Whether more of the treated leave at once, beyond chance."""
        return self.bounces is not None and self.bounces.low > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a trial brought until a day.

    people         on each side
    orders         paid orders; None where `doubt` is FEW or SILENT, as are the next two
    gmv            what was paid, less what was paid back of it
    margin         what was paid for goods, and given to it by others, less what the goods cost; None also where nobody
                   knows the cost
    costing        where the cost comes from of orders that do not know their own; None without a margin
    costed         of which share of the orders the own cost is known, 0 to 1; None without a margin
    srm_p          how likely sides as uneven as these are by chance
    is_sequential  whether the intervals hold at any number of looks; if not, at this one only, the last
    looked_on      the last day that counts
    buying         how many bought, and what went back; None where `doubt` is FEW
    """

    people: Mapping[Arm, int]
    orders: Effect | None
    gmv: Effect | None
    margin: Effect | None
    srm_p: float
    is_sequential: bool
    looked_on: date
    currency: str
    costing: Costing | None = None
    costed: float | None = None
    buying: Buying | None = None

    @property
    def doubt(self) -> Doubt | None:
        """Why it is not to be built on; None if it is."""
        if min(self.people.get(arm, 0) for arm in Arm) < LEAST_PEOPLE:
            return Doubt.FEW
        if self.orders is None:
            return Doubt.SILENT
        return Doubt.UNEVEN if self.srm_p < LEAST_SRM_P else None

    @property
    def is_trusted(self) -> bool:
        """Whether it can be built on."""
        return self.doubt is None
