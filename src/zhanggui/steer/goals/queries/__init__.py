"""Reading goals: which there are, how they stand, and what was done to them."""

from __future__ import annotations

from zhanggui.steer.goals.queries.offering import offer, offered
from zhanggui.steer.goals.queries.progress import (
    baseline,
    baselines,
    cells,
    course,
    first_known,
    progress,
    progresses,
)
from zhanggui.steer.goals.queries.reading import (
    dropped,
    goal,
    goal_of,
    goals,
    goals_in,
    history,
    objectives,
    roots,
    team,
    teams,
    teams_of,
    tree,
    without_baseline,
)

__all__ = [
    "baseline",
    "baselines",
    "cells",
    "course",
    "dropped",
    "first_known",
    "goal",
    "goal_of",
    "goals",
    "goals_in",
    "history",
    "objectives",
    "offer",
    "offered",
    "progress",
    "progresses",
    "roots",
    "team",
    "teams",
    "teams_of",
    "tree",
    "without_baseline",
]
