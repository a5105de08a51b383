"""What can be promised, by plain reads: whoever is refused here has locked nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import msgspec

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.supply.stock import rules
from zhanggui.supply.stock.rules import THE_MAIN_ONE, Demand, Level, Plan, Shortage, Warehouse, WarehouseKind, Zone

# Index supply_stock_level_once, then the warehouses' primary key. A warehouse that nobody has described sells.
_FREE = """
select json_object_agg(f.sku, f.units)::text from (
select l.sku, sum(greatest(0, l.on_hand_units + l.backorder_units - l.held_units))::bigint as units
from supply_stock_level l left join supply_stock_warehouse w on w.code = l.warehouse
where l.sku = any({skus}) and coalesce(w.sells, true)
    and coalesce(w.closed_until, '-infinity') <= %s::timestamptz and (%s::varchar = '' or l.warehouse = %s::varchar)
group by l.sku) f
"""

# The same indexes; what the rule of allocation needs to know, in one statement. The SKUs are read in a query of their
# own: PostgreSQL then plans alike for any number of them and keeps the plan.
_LEVELS = """
select json_agg(json_build_array(l.sku, l.warehouse, l.on_hand_units, l.held_units, l.backorder_units,
    w.kind, w.country, w.region, w.latitude_milli, w.longitude_milli, w.handling_minor, w.zones::text, w.priority,
    w.restock_days))::text
from supply_stock_level l left join supply_stock_warehouse w on w.code = l.warehouse
where l.sku = any(array(select unnest(%s::varchar[]))) and coalesce(w.sells, true)
    and coalesce(w.closed_until, '-infinity') <= %s::timestamptz
"""

_zones = msgspec.json.Decoder(tuple[Zone, ...])
_units = msgspec.json.Decoder(dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the levels of some SKUs stand, and the houses they lie in."""

    skus: frozenset[str]
    levels: tuple[Level, ...]
    houses: tuple[Warehouse, ...]


def free(skus: Iterable[str], *, warehouse: str = "") -> dict[str, int]:
    """How many pieces of each SKU can still be sold, over all warehouses that sell or in one of them; 0 for a SKU that
    was never received. One statement. Index supply_stock_level_once.
    """
    wanted = list(skus)
    (known,) = together.ask(free_asked(wanted, warehouse=warehouse))
    return {sku: known.get(sku, 0) for sku in wanted}


def free_asked(skus: Iterable[str], *, warehouse: str = "") -> Question[dict[str, int]]:
    """`free`, to be asked together with other things; a SKU that was never received is left out."""
    sql, parameters = together.any_of(skus)
    return Question(_FREE.format(skus=sql), (*parameters, clock.now(), warehouse, warehouse), _read_free)


def short_of(wanted: Mapping[str, int], *, known: Mapping[str, int] | None = None) -> tuple[Shortage, ...]:
    """What could not be had if it were ordered now, by SKU; empty if all could. At most one statement.

    known  what `free_asked` has said a moment ago; nothing is asked if that is all that is wanted
    """
    is_known = known is not None and wanted.keys() <= known.keys()
    return rules.shortages(wanted=wanted, free=known if known is not None and is_known else free(wanted))


def what_is_left(missed: Mapping[str, int]) -> tuple[Shortage, ...]:
    """What could not be held, by SKU, with what is free of it by now. One statement."""
    left = free(missed)
    return tuple(Shortage(sku=sku, asked_units=missed[sku], free_units=left[sku]) for sku in sorted(missed))


def plan(demand: Sequence[Demand], *, known: Standing | None = None) -> Plan:
    """Which warehouses would give what to an order, and when it would be at the door; nothing is promised by it.

    At most one statement, no lock. Index supply_stock_level_once.

    known  what `standing_asked` has said a moment ago; nothing is asked if that is about all that is wanted
    """
    wanted = {each.sku for each in demand}
    standing = known
    if standing is None or not wanted <= standing.skus:
        (standing,) = together.ask(standing_asked(wanted))
    return rules.allocate(demand, standing.levels, standing.houses, clock.now())


def standing_asked(skus: Iterable[str]) -> Question[Standing]:
    """The levels of these SKUs where orders may be promised pieces from, and the houses they lie in."""
    wanted = frozenset(skus)
    return Question(_LEVELS, (sorted(wanted), clock.now()), partial(_read_standing, wanted))


def lead_days(demand: Sequence[Demand]) -> dict[int, int]:
    """Days from an order now to the door, by line; a line is left out if not all that was asked for can be had."""
    return dict(plan(demand).days)


def _read_free(said: str | None) -> dict[str, int]:
    return _units.decode(said) if said else {}


def _read_standing(skus: frozenset[str], said: str | None) -> Standing:
    rows = msgspec.json.decode(said) if said else ()
    levels = tuple(
        Level(sku=sku, warehouse=code, on_hand_units=on_hand, held_units=held, backorder_units=backorder)
        for sku, code, on_hand, held, backorder, *_ in rows
    )
    houses = {row[1]: _house(row[1], *row[5:]) for row in rows}
    return Standing(skus=skus, levels=levels, houses=tuple(houses.values()))


@lru_cache(maxsize=256)
def _house(
    code: str,
    kind: str | None,
    country: str,
    region: str,
    latitude_milli: int | None,
    longitude_milli: int | None,
    handling_minor: int,
    zones: str,
    priority: int,
    restock_days: int,
) -> Warehouse:
    if kind is None:
        return Warehouse(code=code, shop="", name_zh=THE_MAIN_ONE.name_zh)
    return Warehouse(
        code=code,
        shop="",
        name_zh=code,
        kind=WarehouseKind(kind),
        country=country,
        region=region,
        latitude_milli=latitude_milli,
        longitude_milli=longitude_milli,
        handling_minor=handling_minor,
        zones=_zones.decode(zones),
        priority=priority,
        restock_days=restock_days,
    )
