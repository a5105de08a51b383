"""The verbs of group buying.

Whoever changes seats locks their teams first, in the order of ids; offers are locked before teams.
"""

from zhanggui.growth.teams.actions.ending import call_off_team, close_in_time, follow, see_off, see_off_order, sweep
from zhanggui.growth.teams.actions.offering import put_offer, stop_offer
from zhanggui.growth.teams.actions.sitting import claim_seat, join, leave, open_team
from zhanggui.growth.teams.actions.telling import tell

__all__ = [
    "call_off_team",
    "claim_seat",
    "close_in_time",
    "follow",
    "join",
    "leave",
    "open_team",
    "put_offer",
    "see_off",
    "see_off_order",
    "stop_offer",
    "sweep",
    "tell",
]
