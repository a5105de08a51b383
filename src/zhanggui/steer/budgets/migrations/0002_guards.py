"""What the models cannot say: budgets do not overlap, their lines sum to them, and what was booked stays booked."""

from __future__ import annotations

from django.db import migrations

# An exclusion constraint compares days with && and the shop with =, which its index cannot do without an extension; so
# the shop is compared as a range of one name.
_SET = """
create type steer_budgets_name as range (subtype = text, collation = "C");
alter table steer_budgets_budget add constraint steer_budgets_no_overlap exclude using gist (
    steer_budgets_name(shop, shop, '[]') with &&, daterange("start", "end") with &&);

create function steer_budgets_must_add_up() returns trigger language plpgsql as $$
declare
    planned bigint;
    lines bigint;
begin
    select total_minor into planned from steer_budgets_budget where id = new.budget_id for no key update;
    select sum(planned_minor) into lines from steer_budgets_line where budget_id = new.budget_id;
    if lines <> planned then
        raise exception 'the areas of a budget must add up to it' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger steer_budgets_line_adds_up
    after insert or update on steer_budgets_line
    deferrable initially deferred for each row execute function steer_budgets_must_add_up();

create function steer_budgets_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'what is booked stays booked; book the reverse' using errcode = 'restrict_violation';
end $$;
create trigger steer_budgets_posting_stays before update or delete on steer_budgets_posting
    for each row execute function steer_budgets_refuse();
create trigger steer_budgets_move_stays before update or delete on steer_budgets_move
    for each row execute function steer_budgets_refuse();
"""
_UNSET = """
drop trigger steer_budgets_move_stays on steer_budgets_move;
drop trigger steer_budgets_posting_stays on steer_budgets_posting;
drop function steer_budgets_refuse();
drop trigger steer_budgets_line_adds_up on steer_budgets_line;
drop function steer_budgets_must_add_up();
alter table steer_budgets_budget drop constraint steer_budgets_no_overlap;
drop type steer_budgets_name;
"""


class Migration(migrations.Migration):
    """Constraints that Django's models cannot say."""

    dependencies = [("steer_budgets", "0001_initial")]
    operations = [migrations.RunSQL(_SET, _UNSET)]
