"""Reading wish lists."""

from __future__ import annotations

from zhanggui.base.money import Money
from zhanggui.shop.wishes import models
from zhanggui.shop.wishes.rules import Wish


def wishes(shop: str, person: str) -> tuple[Wish, ...]:
    """A wish list, the newest wish first. One statement. Index shop_wishes_wish_once."""
    rows = models.Wish.objects.filter(shop=shop, person=person).order_by("-at", "-id")
    return tuple(Wish(sku=row.sku, price=Money(row.price_minor, row.currency), at=row.at) for row in rows)


def count(shop: str, person: str) -> int:
    """How many SKUs stand on it. One statement."""
    return models.Wish.objects.filter(shop=shop, person=person).count()


def is_wished(shop: str, person: str, sku: str) -> bool:
    """Whether a SKU stands on it. One statement. Index shop_wishes_wish_once."""
    return models.Wish.objects.filter(shop=shop, person=person, sku=sku).exists()
