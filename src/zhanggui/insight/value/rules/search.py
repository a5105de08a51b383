"""Finding the parameters under which what happened is likeliest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from zhanggui.insight.value.rules.special import Floats

_MOST_STEPS: Final = 2_000
_FIRST_SIDE: Final = 0.5


def lowest(cost: Callable[[Floats], float], start: Floats, *, within: float = 1e-9) -> tuple[Floats, float, bool]:
    """Where a smooth function of a few numbers is lowest near a start: the place, its cost, and whether it settled.

    Nelder and Mead's simplex, started twice: the second time at what the first one found, because a simplex may
    shrink too early. The same start gives the same place.

    within   settled once the corners' costs and places differ by no more than this, relatively
    source   Nelder & Mead 1965, with the factors 1, 2, 1/2, 1/2; (x - 3)^2 + (y + 1)^2 -> (3, -1)
    """
    place, _, _ = _walked(cost, start, within=within)
    return _walked(cost, place, within=within)


def _walked(cost: Callable[[Floats], float], start: Floats, *, within: float) -> tuple[Floats, float, bool]:
    corners = [start, *(start + _FIRST_SIDE * side for side in np.eye(len(start)))]
    costs = [cost(corner) for corner in corners]
    for _ in range(_MOST_STEPS):
        order = sorted(range(len(corners)), key=costs.__getitem__)
        corners, costs = [corners[n] for n in order], [costs[n] for n in order]
        if _settled(corners, costs, within=within):
            return corners[0], costs[0], True
        _step(cost, corners, costs)
    return corners[0], costs[0], False


def _settled(corners: list[Floats], costs: list[float], *, within: float) -> bool:
    wide = max(float(np.max(np.abs(corner - corners[0]))) for corner in corners)
    return costs[-1] - costs[0] <= within * (1 + abs(costs[0])) and wide <= 1e3 * within


def _step(cost: Callable[[Floats], float], corners: list[Floats], costs: list[float]) -> None:
    """Move the worst corner: over the middle of the others, further, half way, or else all towards the best."""
    middle = np.mean(corners[:-1], axis=0)
    away = middle - corners[-1]
    mirrored = cost(middle + away)
    if mirrored < costs[0]:
        further = cost(middle + 2 * away)
        reach, found = (2.0, further) if further < mirrored else (1.0, mirrored)
    elif mirrored < costs[-2]:
        reach, found = 1.0, mirrored
    else:
        reach = 0.5 if mirrored < costs[-1] else -0.5
        found = cost(middle + reach * away)
        if found >= min(mirrored, costs[-1]):
            for n in range(1, len(corners)):
                corners[n] = corners[0] + 0.5 * (corners[n] - corners[0])
                costs[n] = cost(corners[n])
            return
    corners[-1], costs[-1] = middle + reach * away, found
