"""Reading shops."""

from __future__ import annotations

from django.conf import settings

from zhanggui.base.kept import kept
from zhanggui.base.shops import models, rules
from zhanggui.base.shops.errors import NoSuchShop


@kept(seconds=30)
def shop(code: str) -> rules.Shop:
    """The shop of that code; kept for half a minute, because it hardly ever changes. At most one statement.

    refuses  NoSuchShop
    """
    row = models.Shop.objects.select_related("imprint").filter(pk=code).first()
    if row is None:
        raise NoSuchShop(code=code)
    return row.value


def shops() -> tuple[rules.Shop, ...]:
    """All shops, our own first, then by code."""
    return tuple(row.value for row in models.Shop.objects.select_related("imprint").order_by("-kind", "code"))


@kept(seconds=30)
def imprint(code: str) -> rules.Imprint:
    """Who runs the shop of that code; a line that nobody filled in comes from the settings. At most one statement."""
    said = models.Imprint.objects.filter(pk=code).values(*rules.IMPRINT_FIELDS).first() or {}
    known = settings.OWN_SHOP_REACH if code == settings.OWN_SHOP else {}
    return rules.Imprint(**{name: said.get(name) or known.get(name, "") for name in rules.IMPRINT_FIELDS})
