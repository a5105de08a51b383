"""Where the goods of the demonstration shop lie, so that one can see who serves which order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from zhanggui.supply.stock.rules import Warehouse, WarehouseKind, Zone

_EVERYWHERE: Final = Zone(days=12)

# How many hundredths of a product lie where.
_HOUSES: Final[tuple[tuple[int, Warehouse], ...]] = (
    (
        55,
        Warehouse(
            code="east",
            shop="",
            name_zh="杭州仓",
            name_en="Hangzhou",
            country="CN",
            region="浙江",
            handling_minor=600,
            zones=(
                Zone(country="CN", region="浙江", days=1),
                Zone(country="CN", region="上海", days=1),
                Zone(country="CN", region="江苏", days=2),
                Zone(country="CN", days=3),
                _EVERYWHERE,
            ),
            priority=1,
        ),
    ),
    (
        25,
        Warehouse(
            code="west",
            shop="",
            name_zh="成都仓",
            name_en="Chengdu",
            country="CN",
            region="四川",
            handling_minor=600,
            zones=(
                Zone(country="CN", region="四川", days=1),
                Zone(country="CN", region="重庆", days=1),
                Zone(country="CN", days=4),
            ),
            priority=2,
        ),
    ),
    (
        8,
        Warehouse(
            code="front",
            shop="",
            name_zh="上海前置仓",
            name_en="Shanghai, next door",
            kind=WarehouseKind.FRONT,
            country="CN",
            region="上海",
            handling_minor=900,
            zones=(Zone(country="CN", region="上海", days=0),),
            priority=3,
        ),
    ),
    (
        12,
        Warehouse(
            code="hamburg",
            shop="",
            name_zh="汉堡海外仓",
            name_en="Hamburg",
            kind=WarehouseKind.OVERSEAS,
            country="DE",
            region="Hamburg",
            latitude_milli=53_551,
            longitude_milli=9_994,
            handling_minor=2_400,
            zones=tuple(
                Zone(country=country, days=days)
                for country, days in (("DE", 2), ("AT", 3), ("NL", 3), ("BE", 3), ("FR", 4), ("GB", 5), ("ES", 5))
            ),
            priority=4,
            restock_days=45,
        ),
    ),
)


def houses(shop: str) -> tuple[Warehouse, ...]:
    """The warehouses of a demonstration shop; their codes carry the shop's, because no two shops share one."""
    return tuple(_named(house, shop) for _, house in _HOUSES)


def spread(units: Mapping[str, int], *, shop: str) -> dict[str, dict[str, int]]:
    """So many pieces of each SKU, by warehouse; what does not divide lies in the first one."""
    spread_out: dict[str, dict[str, int]] = {_named(house, shop).code: {} for _, house in _HOUSES}
    first = next(iter(spread_out))
    for sku, pieces in units.items():
        rest = pieces
        for share, house in _HOUSES[1:]:
            taken = pieces * share // 100
            if taken:
                spread_out[_named(house, shop).code][sku] = taken
                rest -= taken
        spread_out[first][sku] = rest
    return {code: lying for code, lying in spread_out.items() if lying}


def _named(house: Warehouse, shop: str) -> Warehouse:
    prefix = re.sub(r"[^a-z0-9]+", "-", shop.lower()).strip("-")[:30]
    return replace(house, code=f"{prefix}-{house.code}")
