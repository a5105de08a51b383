"""Parts that add up to a whole, and what changes when one of them does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from zhanggui.base.money import apportion
from zhanggui.insight.metrics.rules import Filters, Period
from zhanggui.steer.goals.errors import DoesNotAddUp, GoalUnfit, NothingToBalance, PartsDoNotAddUp
from zhanggui.steer.goals.rules.values import Goal, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part that a goal is split into: of its days, or of its place.

    baseline  None where nobody knows what it was
    owner     of the whole if not given
    """

    period: Period
    where: Filters
    baseline: int | None
    target: int
    owner: int | None = None
    team: str | None = None


def fill(whole: int, said: Sequence[int | None], weights: Sequence[int]) -> tuple[int, ...]:
    """Targets of parts: those that were said stay, the others share the rest by their weights; all sum to the whole.

    said     None where nothing was said
    weights  whole numbers >= 0, such as what each part had before; all 0 shares equally
    refuses  NothingToBalance if nothing is left to share and some is needed, or nobody is there to take what is left
    source   largest remainder as in Money.split; 100 over (40, -, -) by (1, 1, 2) -> 40, 20, 40
    """
    free = [n for n, one in enumerate(said) if one is None]
    left = whole - sum(one for one in said if one is not None)
    if left < 0 or (left and not free):
        raise NothingToBalance(left_units=left)
    shared = _shared(left, [max(0, weights[n]) for n in free])
    rest = dict(zip(free, shared, strict=True))
    return tuple(rest[n] if one is None else one for n, one in enumerate(said))


def retarget(tree: Mapping[UUID, Goal], id: UUID, target: int) -> dict[UUID, int]:
    """What changes in a tree when one goal's target does: the targets that are another than before, by goal.

    Free siblings share what the changed one leaves of the whole, in proportion to their targets; below each that
    changed, the free parts share what the locked ones leave. Only sums are balanced; rates change alone.

    tree     all goals of it, by id
    refuses  NothingToBalance if nobody is free to take or give it
    source   whole 100 of 50, 30, 20; the first becomes 60 -> 60, 24, 16
    """
    goal = tree[id]
    fresh = {id: target}
    parent = tree[goal.parent] if goal.parent else None
    if parent is not None and parent.is_sum:
        fresh |= _balanced([one for one in _parts(tree, parent.id) if one.id != id], parent.target - target)
    for changed in tuple(fresh):
        fresh |= _below(tree, changed, fresh[changed])
    return {key: units for key, units in fresh.items() if units != tree[key].target}


def checked_parts(goal: Goal, parts: Sequence[Part]) -> None:
    """Refuse parts that are not the whole.

    refuses  GoalUnfit for fewer than two, for parts outside of the goal's days or place, or of the same days and place
             twice, or that are cut by days and place at once; PartsDoNotAddUp
    """
    if len(parts) < 2:
        raise GoalUnfit(field="parts", reason="too_few")
    places = {(part.period.start, part.period.end, place_of(part.where)) for part in parts}
    if len(places) < len(parts):
        raise GoalUnfit(field="parts", reason="twice")
    for part in parts:
        if part.period.start < goal.period.start or part.period.end > goal.period.end:
            raise GoalUnfit(field="parts", reason="outside")
        if any(own and own != new for own, new in zip(place_of(goal.where), place_of(part.where), strict=True)):
            raise GoalUnfit(field="parts", reason="outside")
    _one_way(goal, parts)
    left = goal.target - sum(part.target for part in parts)
    if goal.is_sum and left:
        raise PartsDoNotAddUp(metric=goal.metric, left_units=left)


def shares(goal: Goal, said: Sequence[int | None], weights: Sequence[int]) -> tuple[int, ...]:
    """Targets of parts of a sum, as `fill`.

    refuses  DoesNotAddUp for a rate, an average or people, unless every part has a target of its own; NothingToBalance
    """
    if goal.is_sum:
        return fill(goal.target, said, weights)
    own = tuple(one for one in said if one is not None)
    if len(own) < len(said):
        raise DoesNotAddUp(metric=goal.metric)
    return own


def _one_way(goal: Goal, parts: Sequence[Part]) -> None:
    """Parts of days cover the days without a gap or a lap; parts of a place keep the days."""
    is_by_days = any(part.period != goal.period for part in parts)
    if not is_by_days:
        return
    ends = sorted((part.period.start, part.period.end) for part in parts)
    is_covered = ends[0][0] == goal.period.start and ends[-1][1] == goal.period.end
    is_tight = all(one[1] == other[0] for one, other in pairwise(ends))
    if not (is_covered and is_tight) or any(part.where != goal.where for part in parts):
        raise GoalUnfit(field="parts", reason="gaps")


def _below(tree: Mapping[UUID, Goal], id: UUID, target: int) -> dict[UUID, int]:
    parts = _parts(tree, id)
    if not parts or not tree[id].is_sum:
        return {}
    fresh = _balanced(parts, target)
    for part in tuple(fresh):
        fresh |= _below(tree, part, fresh[part])
    return fresh


def _balanced(siblings: Sequence[Goal], whole: int) -> dict[UUID, int]:
    """New targets of the free ones, so that all siblings sum to the whole."""
    free = [one for one in siblings if not one.is_locked]
    left = whole - sum(one.target for one in siblings if one.is_locked)
    if left < 0 or (left and not free):
        raise NothingToBalance(left_units=left)
    shared = _shared(left, [one.target for one in free])
    return {one.id: units for one, units in zip(free, shared, strict=True)}


def _shared(units: int, weights: Sequence[int]) -> list[int]:
    if not weights:
        return []
    return apportion(units, weights if any(weights) else [1] * len(weights))


def _parts(tree: Mapping[UUID, Goal], id: UUID) -> list[Goal]:
    found = [one for one in tree.values() if one.parent == id]
    return sorted(found, key=lambda one: (one.period.start, place_of(one.where), one.id))
