"""Reading who brought whom."""

from zhanggui.growth.referrals.queries.desk import Sums, Top, audit, ledger, sums, top, waiting
from zhanggui.growth.referrals.queries.people import ancestors, brought_by, buyer_of, has_bought, somebody
from zhanggui.growth.referrals.queries.reading import brought, inviter, scheme

__all__ = [
    "Sums",
    "Top",
    "ancestors",
    "audit",
    "brought",
    "brought_by",
    "buyer_of",
    "has_bought",
    "inviter",
    "ledger",
    "scheme",
    "somebody",
    "sums",
    "top",
    "waiting",
]
