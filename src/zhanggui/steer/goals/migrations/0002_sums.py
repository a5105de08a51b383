"""The parts of a sum add up to it, and what was done to a goal stays written: the database itself sees to it.

The sums are looked at when the transaction ends, with the whole's row held: of two changes of one tree at once, the
second sees what the first did.
"""

from __future__ import annotations

from django.db import migrations

_SET = """
create function steer_goals_adds_up(whole uuid) returns void language plpgsql as $$
declare
    planned bigint;
    parts bigint;
begin
    select target into planned from steer_goals_goal
    where id = whole and is_sum and dropped_at is null for no key update;
    if not found then
        return;
    end if;
    select sum(target) into parts from steer_goals_goal where parent_id = whole and dropped_at is null;
    if parts <> planned then  -- unknown, and so no matter, where there are no parts
        raise exception 'the parts of a goal must add up to it' using errcode = 'check_violation';
    end if;
end $$;

create function steer_goals_must_add_up() returns trigger language plpgsql as $$
begin
    perform steer_goals_adds_up(new.id);
    if new.parent_id is not null then
        perform steer_goals_adds_up(new.parent_id);
    end if;
    return null;
end $$;

create constraint trigger steer_goals_goal_adds_up
    after insert or update of target, dropped_at, parent_id, is_sum on steer_goals_goal
    deferrable initially deferred for each row execute function steer_goals_must_add_up();

create function steer_goals_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'what was done to a goal stays written' using errcode = 'restrict_violation';
end $$;
create trigger steer_goals_change_stays before update or delete on steer_goals_change
    for each row execute function steer_goals_refuse();
"""

_UNSET = """
drop trigger steer_goals_change_stays on steer_goals_change;
drop function steer_goals_refuse();
drop trigger steer_goals_goal_adds_up on steer_goals_goal;
drop function steer_goals_must_add_up();
drop function steer_goals_adds_up(uuid);
"""


class Migration(migrations.Migration):
    """Constraints that Django's models cannot say."""

    dependencies = [("steer_goals", "0001_initial")]
    operations = [migrations.RunSQL(_SET, _UNSET)]
