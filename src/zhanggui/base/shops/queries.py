"""Reading shops."""

from __future__ import annotations

from zhanggui.base.shops import models, rules
from zhanggui.base.shops.errors import NoSuchShop


def shop(code: str) -> rules.Shop:
    """The shop of that code.

    refuses  NoSuchShop
    """
    row = models.Shop.objects.filter(pk=code).first()
    if row is None:
        raise NoSuchShop(code=code)
    return row.value


def shops() -> tuple[rules.Shop, ...]:
    """All shops, our own first, then by code."""
    return tuple(row.value for row in models.Shop.objects.order_by("-kind", "code"))
