"""The tables of membership."""

from zhanggui.growth.membership.models.exchange import Item, Recyclable, Redemption, Reward
from zhanggui.growth.membership.models.members import Member, Plan, Scheme, Term, Tier, Told
from zhanggui.growth.membership.models.points import Choice, Earning, Lot, Piece, Spending

__all__ = [
    "Choice",
    "Earning",
    "Item",
    "Lot",
    "Member",
    "Piece",
    "Plan",
    "Recyclable",
    "Redemption",
    "Reward",
    "Scheme",
    "Spending",
    "Term",
    "Tier",
    "Told",
]
