"""What is lost without a source: visits as a chain of first order, in which the next visit depends on the one before.

A walk begins nowhere, goes from source to source and ends in an order or in nothing. Without a source, whoever would
have come there next does not come at all. Floats, rounded to millionths.

source  Anderl, Becker, von Wangenheim & Schumann, "Mapping the customer journey", IJRM 33 (2016), removal effect
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from zhanggui.insight.attribution.rules.credits import WHOLE_WEIGHT

ORDER: Final = 1
START, BOUGHT, NOTHING = "start", "bought", "nothing"

Steps = Mapping[tuple[str, str], int]


def removal_effects(sources: Sequence[str], steps: Steps) -> dict[str, int]:
    """How much of the chance that a walk ends in an order is lost without each source, in millionths; exact removal.

    A walk that reaches a source must pass it, so what is lost is the chance to ever come there times the chance to buy
    from there: no chain has to be walked again for each source.

    sources  every source of the steps, each once
    steps    how often each step was taken, from START or a source to a source, BOUGHT or NOTHING
    source   START -> a 2; a -> b 1; a -> BOUGHT 1; b -> BOUGHT 1: without a nothing is left, without b a half
             -> a 1,000,000; b 500,000
    """
    places = {source: place for place, source in enumerate(sources)}
    start, moves, ends = np.zeros(len(places)), np.zeros((len(places), len(places))), np.zeros(len(places))
    leaves = np.zeros(len(places))
    for (here, there), times in sorted(steps.items()):
        if here == START:
            start[places[there]] += times
            continue
        leaves[places[here]] += times
        if there == BOUGHT:
            ends[places[here]] += times
        elif there != NOTHING:
            moves[places[here], places[there]] += times
    if not len(places) or not start.sum() or not ends.sum():
        return dict.fromkeys(sources, 0)
    left = np.where(leaves > 0, leaves, 1.0)
    visits = np.linalg.inv(np.eye(len(places)) - moves / left[:, None])
    chance = visits @ (ends / left)
    reached = (start / start.sum()) @ visits / np.diag(visits)
    whole = float(start / start.sum() @ chance)
    lost = np.clip(reached * chance / whole, 0.0, 1.0)
    return {source: round(WHOLE_WEIGHT * float(lost[place])) for source, place in places.items()}
