"""The verbs of flash sales.

set_up, stop, begin, end, tend   a sale from its first day to its last
line_up                          a place in the line before the door
claim, give_back                 what orders take of a quota, and what comes back
join                             a guest turns out to be a customer
"""

from zhanggui.growth.flash.actions.buying import claim, give_back
from zhanggui.growth.flash.actions.lining import join, line_up
from zhanggui.growth.flash.actions.running import at_the_moment, begin, end, every_minute, jobs, set_up, stop, tend

__all__ = [
    "at_the_moment",
    "begin",
    "claim",
    "end",
    "every_minute",
    "give_back",
    "jobs",
    "join",
    "line_up",
    "set_up",
    "stop",
    "tend",
]
