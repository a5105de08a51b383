"""Opening shops, and saying whose law they keep and who runs them."""

from __future__ import annotations

from dataclasses import asdict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.shops import models, queries, rules
from zhanggui.base.shops.errors import LineTooLong, NoSuchShop, ShopDiffers, ZoneUnknown


@operation
def open_shop(*, shop: rules.Shop) -> rules.Shop:
    """Have that shop from now on; opening it again changes only its name.

    A new shop keeps the law that its currency and its clock suggest (`rules.law_for`), whatever the value says.

    refuses  ShopDiffers if it stands with another zone or currency, ZoneUnknown
    """
    try:
        ZoneInfo(shop.zone)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as unknown:
        raise ZoneUnknown(zone=shop.zone) from unknown
    fields = {"name": shop.name, "zone": shop.zone, "currency": shop.currency, "kind": shop.kind}
    law = rules.law_for(currency=shop.currency, zone=shop.zone)
    begun = {**fields, "law": law, "opened_at": clock.now()}
    row, is_new = models.Shop.objects.get_or_create(code=shop.code, defaults=begun)
    if not is_new:
        if (row.zone, row.currency) != (shop.zone, shop.currency):
            raise ShopDiffers(code=shop.code, zone=row.zone, currency=row.currency)
        models.Shop.objects.filter(pk=shop.code).update(name=shop.name)
    queries.shop.forget()
    return queries.shop(shop.code)


@operation
def keep_law(*, shop: str, law: rules.Law) -> None:
    """Keep another law from now on, for orders that were placed before too; other processes hear within half a minute.

    refuses  NoSuchShop
    """
    if not models.Shop.objects.filter(pk=shop).update(law=law):
        raise NoSuchShop(code=shop)
    queries.shop.forget()


@operation
def put_imprint(*, shop: str, imprint: rules.Imprint) -> None:
    """Say who runs a shop from now on; other processes hear of it within half a minute.

    refuses  NoSuchShop, LineTooLong
    """
    lines = asdict(imprint)
    if name := next((name for name, line in lines.items() if len(line) > rules.LONGEST_LINE), ""):
        raise LineTooLong(field=name, most=rules.LONGEST_LINE)
    if not models.Shop.objects.filter(pk=shop).exists():
        raise NoSuchShop(code=shop)
    models.Imprint.objects.update_or_create(shop_id=shop, defaults=lines)
    queries.imprint.forget()
    queries.shop.forget()
