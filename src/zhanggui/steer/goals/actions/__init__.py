"""The verbs: set, change, split and drop goals, have teams, and say what is missed."""

from __future__ import annotations

from zhanggui.steer.goals.actions.adopting import adopt
from zhanggui.steer.goals.actions.judging import judge
from zhanggui.steer.goals.actions.setting import change_target, drop, drop_parts, hand_over, lock, set_goal
from zhanggui.steer.goals.actions.splitting import split
from zhanggui.steer.goals.actions.teaming import change_members, make_team, set_objective

__all__ = [
    "adopt",
    "change_members",
    "change_target",
    "drop",
    "drop_parts",
    "hand_over",
    "judge",
    "lock",
    "make_team",
    "set_goal",
    "set_objective",
    "split",
]
