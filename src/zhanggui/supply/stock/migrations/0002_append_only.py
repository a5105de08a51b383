"""Movements are only ever added."""

from __future__ import annotations

from django.db import migrations

GUARD = """
create function supply_stock_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'stock movements are only ever added to' using errcode = 'restrict_violation';
end $$;
create trigger supply_stock_movement_append_only before update or delete on supply_stock_movement
    for each row execute function supply_stock_refuse();
"""
GONE = """
drop trigger supply_stock_movement_append_only on supply_stock_movement;
drop function supply_stock_refuse();
"""


class Migration(migrations.Migration):
    """Guard the movements."""

    dependencies = [("supply_stock", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, GONE)]
