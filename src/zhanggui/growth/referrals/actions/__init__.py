"""The verbs of referrals."""

from zhanggui.growth.referrals.actions.bringing import come, follow_order, invite, note_device
from zhanggui.growth.referrals.actions.deciding import allow, pay_due, refuse, reward
from zhanggui.growth.referrals.actions.scheme import set_scheme

__all__ = [
    "allow",
    "come",
    "follow_order",
    "invite",
    "note_device",
    "pay_due",
    "refuse",
    "reward",
    "set_scheme",
]
