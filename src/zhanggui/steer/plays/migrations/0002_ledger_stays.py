"""The database itself refuses to change what the ledger of effects says."""

from __future__ import annotations

from django.db import migrations

GUARDS = """
create function steer_plays_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'what was measured stays; measure again' using errcode = 'restrict_violation';
end $$;
create trigger steer_plays_effect_stays before update or delete on steer_plays_effect
    for each row execute function steer_plays_refuse();
"""

GONE = """
drop trigger steer_plays_effect_stays on steer_plays_effect;
drop function steer_plays_refuse();
"""


class Migration(migrations.Migration):
    """Guard the ledger."""

    dependencies = [("steer_plays", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, GONE)]
