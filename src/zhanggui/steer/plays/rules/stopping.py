"""When a running play is stopped before its day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zhanggui.base.money import Money
from zhanggui.steer.plays.rules.effects import Incremental
from zhanggui.steer.plays.rules.states import Ending

# Groups as uneven as this come by the draw once in a thousand: then the draw, or what counts it, is broken.
UNEVEN_P: Final = 0.001
# A share of refusals says nothing before so many were reached.
LEAST_REACHED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRules:
    """What stops a play besides its cost cap, the budget's guard and groups that are uneven.

    most_loss        incremental margin (or paid amount, where cost is not known) lost for sure; None: any
    most_refused_bp  of those who were reached, how many of 10,000 may withdraw or complain; None: any
    """

    most_loss: Money | None = None
    most_refused_bp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a running play stands.

    effect     incremental margin so far, or paid amount, honest at any look; None while nothing can be said
    reached    people to whom a message went
    refused    of them, who withdrew or complained since
    is_barred  whether the budget's guard says stop
    is_harmed  whether of what visitors bought by a second version more goes back, beyond chance at any look
    is_left    whether more visitors leave it at once, beyond chance at any look
    """

    effect: Incremental | None
    cost: Money
    reached: int
    refused: int
    uneven_p: float | None
    is_barred: bool
    is_harmed: bool = False
    is_left: bool = False


def ending(rules: StopRules, course: Course, *, cost_cap: Money) -> Ending | None:
    """Why a play has to stop now; None if it may go on. The first of these that holds:

    groups too uneven, the budget's guard, the cost cap reached, a loss for sure beyond what is borne (the whole
    interval lies below it, looks being honest under peeking), more that goes back, more who leave at once, too many
    refusals
    """
    if course.uneven_p is not None and course.uneven_p < UNEVEN_P:
        return Ending.UNEVEN
    if course.is_barred:
        return Ending.BUDGET
    if course.cost >= cost_cap and course.cost.minor > 0:
        return Ending.COST_CAP
    if rules.most_loss is not None and course.effect is not None and course.effect.high < -rules.most_loss:
        return Ending.LOSS
    if course.is_harmed:
        return Ending.RETURNS
    if course.is_left:
        return Ending.BOUNCES
    return Ending.REFUSALS if _is_refused(rules.most_refused_bp, course) else None


def _is_refused(most_bp: int | None, course: Course) -> bool:
    if most_bp is None or course.reached < LEAST_REACHED:
        return False
    return course.refused * 10_000 > most_bp * course.reached
