"""Whether it all adds up."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from zhanggui.supply.stock.rules import EFFECTS

_COLUMNS = ("on_hand", "held", "defective", "in_transit")
_VALUES = ", ".join(
    f"('{kind}', {effect.on_hand}, {effect.held}, {effect.defective}, {effect.in_transit})"
    for kind, effect in EFFECTS.items()
)
_SUMS = ", ".join(f"sum(m.units * e.{name})::bigint as {name}" for name in _COLUMNS)

# Every level against the sum of its movements and what is promised, those without the others included.
_READD = f"""
with effect (kind, on_hand, held, defective, in_transit) as (values {_VALUES}),
moved as (
    select m.sku, m.warehouse, {_SUMS} from supply_stock_movement m join effect e on e.kind = m.kind
    where (%(sku)s::varchar = '' or m.sku = %(sku)s::varchar) group by m.sku, m.warehouse),
promised as (
    select sku, warehouse, sum(units - shipped_units - released_units)::bigint as units
    from supply_stock_reservation where (%(sku)s::varchar = '' or sku = %(sku)s::varchar) group by sku, warehouse),
level as (
    select sku, warehouse, on_hand_units, held_units, defective_units, in_transit_units from supply_stock_level
    where (%(sku)s::varchar = '' or sku = %(sku)s::varchar)),
beside as (
    select sku, warehouse, coalesce(l.on_hand_units, 0) a, coalesce(m.on_hand, 0) b, coalesce(l.held_units, 0) c,
        coalesce(m.held, 0) d, coalesce(p.units, 0) e, coalesce(l.defective_units, 0) f, coalesce(m.defective, 0) g,
        coalesce(l.in_transit_units, 0) h, coalesce(m.in_transit, 0) i
    from level l full join moved m using (sku, warehouse) full join promised p using (sku, warehouse))
select * from beside
where (a <> b or c <> d or c <> e or f <> g or h <> i) and (%(warehouse)s::varchar = '' or warehouse = %(warehouse)s)
order by sku, warehouse
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A level that is not the sum of its movements, or that promises other pieces than were promised; somebody wrote
    past the warehouse.
    """

    sku: str
    warehouse: str
    on_hand_units: int
    moved_on_hand_units: int
    held_units: int
    moved_held_units: int
    promised_units: int
    defective_units: int
    moved_defective_units: int
    in_transit_units: int
    moved_in_transit_units: int


def audit(*, sku: str = "", warehouse: str = "") -> tuple[Disagreement, ...]:
    """Add all movements and promises up again; the levels that say otherwise, none if the stock is right.

    sku, warehouse  only these; empty means all
    """
    with connection.cursor() as cursor:
        cursor.execute(_READD, {"sku": sku, "warehouse": warehouse})
        return tuple(
            Disagreement(
                sku=sku,
                warehouse=warehouse,
                on_hand_units=a,
                moved_on_hand_units=b,
                held_units=c,
                moved_held_units=d,
                promised_units=e,
                defective_units=f,
                moved_defective_units=g,
                in_transit_units=h,
                moved_in_transit_units=i,
            )
            for sku, warehouse, a, b, c, d, e, f, g, h, i in cursor.fetchall()
        )
