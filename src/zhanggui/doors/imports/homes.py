"""Which shop a file goes into, and where that shop keeps its books."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.imports.errors import ShopUnknown
from zhanggui.doors.imports.rules import mapping, sights

# Where the shop of a ready mapping keeps its books, if nobody says it.
_HOMES: Final = {"tmall": ("Asia/Shanghai", "CNY"), "taobao": ("Asia/Shanghai", "CNY")}


def usual(shop: Shop, *, code: str = "", name: str = "") -> Shop:
    """The shop of files whose zone and currency are known, under another code or name if somebody wants it."""
    code = code or shop.code
    said = name or (shop.name if code == shop.code else code)
    return Shop(code=code, name=said, zone=shop.zone, currency=shop.currency, kind=ShopKind.IMPORTED)


def said(*, code: str, name: str = "", zone: str = "", currency: str = "", maps: Sequence[str] = ()) -> Shop:
    """The shop that was named, as it stands or as it was described.

    code     empty: the one that the ready mapping is called after
    maps     mappings of the file's columns, of which some have a usual zone and currency
    refuses  ShopUnknown if it does not stand and its zone or currency is not said
    """
    ready = next((one for one in maps if one in mapping.PRESETS or one in sights.PRESETS), "")
    code = code or ready
    try:
        stands: Shop | None = shops.shop(code)
    except NoSuchShop:
        stands = None
    usual_zone, usual_currency = (stands.zone, stands.currency) if stands else _HOMES.get(ready, ("", ""))
    zone, currency = zone or usual_zone, currency or usual_currency
    if not (code and zone and currency):
        raise ShopUnknown(shop=code)
    name = name or (stands.name if stands else code)
    return Shop(code=code, name=name, zone=zone, currency=currency, kind=ShopKind.IMPORTED)
