"""Ladders: from so much on, so much is taken off; from more on, more. Several kinds stand on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds.fields import Fields
from zhanggui.growth.promotions.rules.lots import Cut, Outcome, Sight, below
from zhanggui.growth.promotions.rules.values import Layer, Rule


@dataclass(frozen=True, slots=True)
class Step:
    """From `threshold` on (minor units or pieces) `off` is taken off (minor units, or parts of 10,000)."""

    threshold: int
    off: int


class Reach(NamedTuple):
    """What one pot of lots reaches: how much off, how often, at which step, and what is missing to more."""

    minor: int
    times: int
    threshold: int
    missing: int | None


def read_steps(fields: Fields, one: Callable[[Fields], Step]) -> tuple[Step, ...]:
    """The steps of a ladder; each higher one must ask for more and give more, or nobody could say what holds."""
    steps: list[Step] = []
    for inner in fields.each("steps"):
        step = one(inner)
        inner.end()
        if steps and not (step.threshold > steps[-1].threshold and step.off > steps[-1].off):
            raise inner.refused("off" if step.threshold > steps[-1].threshold else "from")
        steps.append(step)
    return tuple(steps)


def highest(amount: int, steps: Sequence[Step]) -> tuple[Step | None, int | None]:
    """The highest step that an amount reaches, and how much is missing to the one after it."""
    reached = None
    for step in steps:
        if step.threshold > amount:
            return reached, step.threshold - amount
        reached = step
    return reached, None


def pots(rule: Rule, sight: Sight) -> list[tuple[int, ...]]:
    """The lots that count together: every seller's own in the layer of the shop, everywhere else all of them."""
    if rule.layer is not Layer.SHOP_THRESHOLD:
        return [sight.fit]
    by_seller: dict[str, list[int]] = {}
    for lot in sight.fit:
        by_seller.setdefault(sight.lots[lot].line.seller, []).append(lot)
    return [tuple(by_seller[seller]) for seller in sorted(by_seller)]


def climbed(rule: Rule, sight: Sight, *, currency: str, reach: Callable[[int, int | None], Reach]) -> Outcome:
    """What all pots reach; a rule of the shop applies to each seller whose goods reach it.

    reach  from what a pot comes to and how often the rule may still apply
    """
    totals = [(sum(sight.amounts[lot] for lot in pot), pot) for pot in pots(rule, sight)]
    # Where it may apply so often only, the pot that gains most goes first: one seller more takes nothing from another.
    totals.sort(key=lambda each: -reach(each[0], None).minor)
    cuts: list[Cut] = []
    times, threshold, left = 0, 0, rule.per_order
    missing: list[int] = []
    for total, pot in totals:
        found = reach(total, left)
        if found.missing is not None:
            missing.append(found.missing)
        if found.times:
            cuts.append(Cut(minor=found.minor, weights={lot: sight.costs[lot] for lot in pot}))
            times, threshold = times + found.times, max(threshold, found.threshold)
            left = None if left is None else left - found.times
    nearest = min(missing, default=None)
    if not cuts:
        return below(nearest or 0, currency)
    more = None if nearest is None else Money(nearest, currency)
    return Outcome(cuts=tuple(cuts), times=times, threshold=threshold, missing=more)
