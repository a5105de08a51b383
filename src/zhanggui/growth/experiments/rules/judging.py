"""From sums over the people of both sides to what a trial brought. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhanggui.growth.experiments.rules.assigning import WHOLE_BP, Arm
from zhanggui.growth.experiments.rules.outcomes import Costing, Effect, Outcome
from zhanggui.growth.experiments.rules.power import LEAST_PEOPLE
from zhanggui.growth.experiments.rules.statistics import ALPHA, Paired, adjusted, pooled, sequential, srm
from zhanggui.growth.experiments.rules.trials import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the people of a side brought since they joined, and in as many days before.

    days    that they have been in it, all together
    margin  less what the goods cost; None where nobody knows it
    """

    people: int
    days: float
    orders: Paired
    gmv: Paired
    margin: Paired | None


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
    )
