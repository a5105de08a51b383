"""The verbs of plays."""

from zhanggui.steer.plays.actions.keeping import keep_version, let_go
from zhanggui.steer.plays.actions.measuring import look, measure
from zhanggui.steer.plays.actions.proposing import approve, change, drop, propose, send_back, set_limit, submit
from zhanggui.steer.plays.actions.running import end, start, stop, take_in

__all__ = [
    "approve",
    "change",
    "drop",
    "end",
    "keep_version",
    "let_go",
    "look",
    "measure",
    "propose",
    "send_back",
    "set_limit",
    "start",
    "stop",
    "submit",
    "take_in",
]
