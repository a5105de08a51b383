"""Reading goals: which there are, how they stand, and what was done to them."""

from __future__ import annotations

from zhanggui.steer.goals.queries.offering import offer, offered
from zhanggui.steer.goals.queries.progress import baseline, baselines, cells, course, progress, progresses
from zhanggui.steer.goals.queries.reading import (
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
)

__all__ = [
    "baseline",
    "baselines",
    "cells",
    "course",
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
]
