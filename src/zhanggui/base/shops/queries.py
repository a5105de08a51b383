"""Reading shops."""

from __future__ import annotations

from zhanggui.base.kept import kept
from zhanggui.base.shops import models, rules
from zhanggui.base.shops.errors import NoSuchShop


@kept(seconds=30)
def shop(code: str) -> rules.Shop:
    """The shop of that code; kept for half a minute, because only its name ever changes. At most one statement.

    refuses  NoSuchShop
    """
    row = models.Shop.objects.filter(pk=code).first()
    if row is None:
        raise NoSuchShop(code=code)
    return row.value


def shops() -> tuple[rules.Shop, ...]:
    """All shops, our own first, then by code."""
    return tuple(row.value for row in models.Shop.objects.order_by("-kind", "code"))
