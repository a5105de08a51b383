"""How a shop rewards referrals, whose link it is, and whom somebody brought."""

from __future__ import annotations

from zhanggui.base.kept import kept
from zhanggui.growth.referrals import models
from zhanggui.growth.referrals.errors import NoSuchLink
from zhanggui.growth.referrals.rules import Referral, Scheme

_SECONDS = 3


@kept(seconds=_SECONDS)
def scheme(shop: str) -> Scheme | None:
    """How a shop rewards referrals; None if nobody ever said. At most one statement. Primary key."""
    row = models.Scheme.objects.filter(pk=shop).first()
    return row.value if row else None


def inviter(shop: str, code: str) -> str:
    """Whose link it is. One statement. Primary key.

    refuses  NoSuchLink
    """
    found = models.Link.objects.filter(pk=code.upper()[:12], shop=shop).values_list("person", flat=True).first()
    if found is None:
        raise NoSuchLink(code=code)
    return str(found)


def brought(shop: str, person: str, *, limit: int = 100) -> tuple[Referral, ...]:
    """Whom somebody brought, newest first. One statement. Index growth_referrals_by_referrer."""
    rows = models.Referral.objects.filter(shop=shop, referrer=person).order_by("-made_at", "-id")
    return tuple(row.value for row in rows[:limit])
