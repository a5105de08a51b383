"""The verbs: set, change, split and drop goals, have teams, and say what is missed."""

from __future__ import annotations

from zhanggui.steer.goals.actions.adopting import adopt
from zhanggui.steer.goals.actions.judging import judge
from zhanggui.steer.goals.actions.setting import (
    change_target,
    drop,
    drop_parts,
    hand_over,
    lock,
    move_to_team,
    name_result,
    set_goal,
)
from zhanggui.steer.goals.actions.splitting import split
from zhanggui.steer.goals.actions.starting import find_baselines, start_from
from zhanggui.steer.goals.actions.teaming import (
    change_members,
    change_objective,
    drop_objective,
    make_team,
    rename_team,
    set_objective,
)

__all__ = [
    "adopt",
    "change_members",
    "change_objective",
    "change_target",
    "drop",
    "drop_objective",
    "drop_parts",
    "find_baselines",
    "hand_over",
    "judge",
    "lock",
    "make_team",
    "move_to_team",
    "name_result",
    "rename_team",
    "set_goal",
    "set_objective",
    "split",
    "start_from",
]
