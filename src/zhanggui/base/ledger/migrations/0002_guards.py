"""The database itself refuses an entry that does not balance, and any change of what was booked."""

from __future__ import annotations

from django.db import migrations

GUARDS = """
create function base_ledger_must_balance() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from added p join base_ledger_account a on a.id = p.account_id
        group by p.entry_id, a.currency having sum(p.amount_minor) <> 0
    ) then
        raise exception 'the postings of an entry must balance in every currency' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger base_ledger_posting_balances after insert on base_ledger_posting
    referencing new table as added for each statement execute function base_ledger_must_balance();

create function base_ledger_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'what is booked stays booked; post the reverse entry' using errcode = 'restrict_violation';
end $$;
create trigger base_ledger_posting_stays before update or delete on base_ledger_posting
    for each row execute function base_ledger_refuse();
create trigger base_ledger_entry_stays before update or delete on base_ledger_entry
    for each row execute function base_ledger_refuse();
"""

GONE = """
drop trigger base_ledger_entry_stays on base_ledger_entry;
drop trigger base_ledger_posting_stays on base_ledger_posting;
drop trigger base_ledger_posting_balances on base_ledger_posting;
drop function base_ledger_refuse();
drop function base_ledger_must_balance();
"""


class Migration(migrations.Migration):
    """Guard the books."""

    dependencies = [("base_ledger", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, GONE)]
