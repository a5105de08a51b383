"""Where pieces lie."""

from __future__ import annotations

import msgspec
from django.db.models import Q

from zhanggui.supply.stock import models
from zhanggui.supply.stock.errors import NoSuchWarehouse
from zhanggui.supply.stock.rules import MAIN, THE_MAIN_ONE, Warehouse, WarehouseKind, Zone


def warehouses(shop: str) -> tuple[Warehouse, ...]:
    """The warehouses of a shop, in the order in which they are preferred; the main one is always among them.

    One statement.
    """
    rows = models.Warehouse.objects.filter(Q(shop=shop) | Q(shop="")).order_by("priority", "code")
    found = tuple(_value(row) for row in rows)
    return found if any(house.code == MAIN for house in found) else (THE_MAIN_ONE, *found)


def warehouse(shop: str, code: str) -> Warehouse:
    """One warehouse of a shop. One statement. Primary key.

    refuses  NoSuchWarehouse, for another shop's too
    """
    row = models.Warehouse.objects.filter(Q(shop=shop) | Q(shop=""), pk=code).first()
    if row is not None:
        return _value(row)
    if code != MAIN:
        raise NoSuchWarehouse(warehouse=code)
    return THE_MAIN_ONE


def _value(row: models.Warehouse) -> Warehouse:
    return Warehouse(
        code=row.code,
        shop=row.shop,
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=WarehouseKind(row.kind),
        country=row.country,
        region=row.region,
        latitude_milli=row.latitude_milli,
        longitude_milli=row.longitude_milli,
        handling_minor=row.handling_minor,
        zones=msgspec.convert(row.zones, tuple[Zone, ...]),
        sells=row.sells,
        priority=row.priority,
        restock_days=row.restock_days,
        closed_until=row.closed_until,
    )
