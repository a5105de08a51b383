"""What was promised before promises had a table of their own stays promised; its order's lines were not told apart."""

from __future__ import annotations

from django.db import migrations

CARRY_OVER = """
insert into supply_stock_reservation (order_number, line, sku, warehouse, units, shipped_units, released_units,
    each_units, expires_at, at)
select h.reference, 0, h.sku, h.warehouse, h.units, 0, 0, 1, null, h.at
from supply_stock_movement h where h.kind = 'held' and not exists (
    select from supply_stock_movement e
    where e.reference = h.reference and e.sku = h.sku and e.kind in ('released', 'shipped'))
"""


class Migration(migrations.Migration):
    """Carry open holds over."""

    dependencies = [("supply_stock", "0003_warehouses")]
    operations = [migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop)]
