"""From sums over the people of both sides to what a trial brought. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhanggui.growth.experiments.rules.assigning import WHOLE_BP, Arm
from zhanggui.growth.experiments.rules.outcomes import Buying, Costing, Effect, Outcome
from zhanggui.growth.experiments.rules.power import LEAST_PEOPLE
from zhanggui.growth.experiments.rules.statistics import (
    ALPHA,
    Estimate,
    Paired,
    Ratio,
    adjusted,
    always_valid,
    bayes,
    of_proportion,
    pooled,
    proportions,
    ratios,
    sequential,
    share_error,
    shares,
    srm,
)
from zhanggui.growth.experiments.rules.trials import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the people of a side brought since they joined, and in as many days before.

    days    that they have been in it, all together
    margin  less what the goods cost; None where nobody knows it
    buyers  how many of them bought anything since they joined
    refunds  what went back of what was paid since then; None where it was not counted
    costed   how many of their orders know what their goods cost
    bounces  how many left the page they came to at once, and of how many; None where it is about no page
    """

    people: int
    days: float
    orders: Paired
    gmv: Paired
    margin: Paired | None
    buyers: int = 0
    refunds: Ratio | None = None
    costed: int = 0
    bounces: tuple[int, int] | None = None


def judged(
    trial: Trial,
    sides: Mapping[Arm, Counted],
    *,
    looked_on: date,
    is_final: bool,
    currency: str,
    costing: Costing | None,
    alpha: float = ALPHA,
) -> Outcome:
    """What a trial brought until a day.

    While it runs, an interval stays true at any number of looks; with `is_final`, at this one only. It is narrowest
    when its people have been in it for as long as the trial was planned (decision 22).
    """
    people = {arm: sides[arm].people for arm in Arm}
    planned = (trial.ends_on - trial.starts_on).days
    seen = sum(sides[arm].days for arm in Arm) / max(sum(people.values()), 1)

    def effect(pair: Mapping[Arm, Paired | None]) -> Effect | None:
        held_out, treated = pair[Arm.HELD_OUT], pair[Arm.TREATED]
        if min(people.values()) < LEAST_PEOPLE or held_out is None or treated is None:
            return None
        sides_alike = adjusted(held_out, treated)
        if not any(side.variance for side in sides_alike):
            return None
        size = treated.after.mean
        found = (
            pooled(*sides_alike, size=size, alpha=alpha)
            if is_final
            else sequential(*sides_alike, size=size, seen=seen, tuned_for=planned, alpha=alpha)
        )
        return Effect(per_person=found, total=found.times(people[Arm.TREATED]))

    margin = effect({arm: sides[arm].margin for arm in Arm})
    return Outcome(
        people=people,
        orders=effect({arm: sides[arm].orders for arm in Arm}),
        gmv=effect({arm: sides[arm].gmv for arm in Arm}),
        margin=margin,
        srm_p=srm([people[Arm.HELD_OUT], people[Arm.TREATED]], [trial.held_out_bp, WHOLE_BP - trial.held_out_bp]),
        is_sequential=not is_final,
        looked_on=looked_on,
        currency=currency,
        costing=costing if margin else None,
        costed=_costed(sides) if margin else None,
        buying=_buying(sides, seen=seen, planned=planned, is_final=is_final, alpha=alpha),
    )


def _buying(sides: Mapping[Arm, Counted], *, seen: float, planned: int, is_final: bool, alpha: float) -> Buying | None:
    held_out, treated = sides[Arm.HELD_OUT], sides[Arm.TREATED]
    if min(held_out.people, treated.people) < LEAST_PEOPLE:
        return None
    pair = ((held_out.buyers, held_out.people), (treated.buyers, treated.people))
    return Buying(
        people={arm: sides[arm].people for arm in Arm},
        buyers={arm: sides[arm].buyers for arm in Arm},
        conversion=proportions(*pair, alpha=alpha) if is_final and held_out.buyers else None,
        belief=bayes(*(of_proportion(*side) for side in pair), alpha=alpha) if held_out.buyers else None,
        refunds=_refunds(held_out.refunds, treated.refunds, seen=seen, planned=planned, is_final=is_final, alpha=alpha),
        bounces=_bounces(held_out.bounces, treated.bounces, seen=seen, planned=planned, is_final=is_final, alpha=alpha),
    )


def _costed(sides: Mapping[Arm, Counted]) -> float | None:
    """Of which share of the orders the own cost is known."""
    orders = sum(side.orders.after.total for side in sides.values())
    return sum(side.costed for side in sides.values()) / orders if orders else None


def _refunds(
    held_out: Ratio | None, treated: Ratio | None, *, seen: float, planned: int, is_final: bool, alpha: float
) -> Estimate | None:
    if held_out is None or treated is None or not (held_out.below.total and treated.below.total):
        return None
    if is_final:
        return ratios(held_out, treated, alpha=alpha)
    error = math.sqrt(held_out.error + treated.error)
    value = treated.value - held_out.value
    return always_valid(value, error=error, seen=seen, tuned_for=planned, alpha=alpha)


def _bounces(
    held_out: tuple[int, int] | None,
    treated: tuple[int, int] | None,
    *,
    seen: float,
    planned: int,
    is_final: bool,
    alpha: float,
) -> Estimate | None:
    if held_out is None or treated is None or min(held_out[1], treated[1]) < LEAST_PEOPLE:
        return None
    if is_final:
        return shares(held_out, treated, alpha=alpha)
    value, error = share_error(held_out, treated)
    return always_valid(value, error=error, seen=seen, tuned_for=planned, alpha=alpha)
