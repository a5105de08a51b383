"""Opening shops."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.shops import models, queries, rules
from zhanggui.base.shops.errors import NoSuchShop, ShopDiffers, ZoneUnknown


@operation
def open_shop(*, shop: rules.Shop) -> rules.Shop:
    """Have that shop from now on; opening it again changes only its name.

    refuses  ShopDiffers if it stands with another zone or currency, ZoneUnknown
    """
    try:
        ZoneInfo(shop.zone)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as unknown:
        raise ZoneUnknown(zone=shop.zone) from unknown
    fields = {"name": shop.name, "zone": shop.zone, "currency": shop.currency, "kind": shop.kind}
    row, is_new = models.Shop.objects.get_or_create(code=shop.code, defaults={**fields, "opened_at": clock.now()})
    if not is_new:
        if (row.zone, row.currency) != (shop.zone, shop.currency):
            raise ShopDiffers(code=shop.code, zone=row.zone, currency=row.currency)
        models.Shop.objects.filter(pk=shop.code).update(name=shop.name)
    queries.shop.forget()
    return queries.shop(shop.code)


@operation
def keep_law(*, shop: str, law: rules.Law) -> None:
    """Keep another law from now on where a lower price is announced; other processes hear of it within half a minute.

    refuses  NoSuchShop
    """
    if not models.Shop.objects.filter(pk=shop).update(law=law):
        raise NoSuchShop(code=shop)
    queries.shop.forget()
