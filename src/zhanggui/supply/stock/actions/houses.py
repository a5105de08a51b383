"""Opening and describing warehouses."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.facts.stock import WarehouseDescribed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import models
from zhanggui.supply.stock.errors import WarehouseNotAllowed, WarehouseTaken
from zhanggui.supply.stock.rules import MAIN, Warehouse

_CODE: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$")
# A form opens a warehouse under this word.
_NEW: Final = "new"
_MOST_DAYS, _MOST_ZONES = 365, 200


@operation
def describe(*, warehouse: Warehouse, trail: Trail, by: Actor) -> None:
    """Open a warehouse, or say anew what it is; pieces lie in it as before.

    refuses  WarehouseNotAllowed with the field that makes no sense, WarehouseTaken if another shop has that code
    tells    supply.warehouse_described
    """
    if wrong := _wrong(warehouse):
        raise WarehouseNotAllowed(field=wrong)
    owner = "" if warehouse.code == MAIN else trail.shop
    values = msgspec.to_builtins(warehouse) | {"shop": owner, "closed_until": warehouse.closed_until}
    code = values.pop("code")
    row, is_new = models.Warehouse.objects.select_for_update().get_or_create(pk=code, defaults=values)
    if row.shop != owner:
        raise WarehouseTaken(warehouse=code)
    if not is_new:
        models.Warehouse.objects.filter(pk=code).update(**values)
    fact = WarehouseDescribed(
        warehouse=code,
        kind=warehouse.kind,
        country=warehouse.country,
        region=warehouse.region,
        is_selling=warehouse.sells,
    )
    record(fact, by=by, trail=trail, subject=f"warehouse:{code}")


def _wrong(house: Warehouse) -> str:
    """The first field that makes no sense; empty if all do."""
    spot = (house.latitude_milli, house.longitude_milli)
    checks = {
        "code": bool(_CODE.match(house.code)) and house.code != _NEW,
        "name_zh": 0 < len(house.name_zh.strip()) <= 80 and len(house.name_en) <= 80,
        "country": house.country == "" or bool(re.fullmatch(r"[A-Z]{2}", house.country)),
        "region": len(house.region) <= 40,
        "latitude": (spot[0] is None) == (spot[1] is None) and abs(spot[0] or 0) <= 90_000,
        "longitude": abs(spot[1] or 0) <= 180_000,
        "handling": 0 <= house.handling_minor <= 10**12,
        "zones": len(house.zones) <= _MOST_ZONES and all(0 <= zone.days <= _MOST_DAYS for zone in house.zones),
        "priority": abs(house.priority) <= 10_000,
        "restock_days": 0 <= house.restock_days <= _MOST_DAYS,
    }
    return next((field for field, is_right in checks.items() if not is_right), "")
