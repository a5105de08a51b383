"""The log, its indexes, its guard against changes and its first partitions."""

from __future__ import annotations

from django.db import migrations, models

TABLE = """
create table spine_log_entry (
    seq bigint generated always as identity,
    xid xid8 not null default pg_current_xact_id(),
    id uuid not null,
    shop varchar(40) not null,
    name varchar(80) not null,
    version smallint not null,
    at timestamptz not null,
    received_at timestamptz not null,
    actor varchar(120) not null,
    person varchar(120) not null,
    session varchar(120) not null,
    subject varchar(160) not null,
    cause uuid,
    order_number varchar(60) not null,
    channel varchar(40) not null,
    campaign varchar(120) not null,
    device varchar(20) not null,
    region varchar(60) not null,
    body jsonb not null,
    primary key (seq, received_at)
) partition by range (received_at);
create index spine_log_entry_position on spine_log_entry (xid, seq);
create index spine_log_entry_id on spine_log_entry (id);
create index spine_log_entry_order on spine_log_entry (shop, order_number) where order_number <> '';
create table spine_log_entry_rest partition of spine_log_entry default;

create function spine_log_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the log is only ever added to' using errcode = 'restrict_violation';
end $$;
create trigger spine_log_append_only before update or delete on spine_log_entry
    for each row execute function spine_log_refuse();

-- Makes the partition of a month if it is missing. The name is spine_log_entry_2026_11.
create function spine_log_partition(month date) returns void language plpgsql as $$
declare
    starts date := date_trunc('month', month);
    part text := 'spine_log_entry_' || to_char(starts, 'YYYY_MM');
begin
    if to_regclass(part) is null then
        execute format('create table %I partition of spine_log_entry for values from (%L) to (%L)', part,
            starts::timestamp at time zone 'UTC', (starts + interval '1 month')::timestamp at time zone 'UTC');
    end if;
end $$;
select spine_log_partition((now() at time zone 'UTC' + m * interval '1 month')::date) from generate_series(0, 3) m;
"""

GONE = """
drop table spine_log_entry;
drop function spine_log_refuse();
drop function spine_log_partition(date);
"""

STATE = migrations.CreateModel(
    name="Entry",
    fields=[
        ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
        ("id_of_fact", models.UUIDField(db_column="id")),
        ("shop", models.CharField(max_length=40)),
        ("name", models.CharField(max_length=80)),
        ("version", models.SmallIntegerField()),
        ("at", models.DateTimeField()),
        ("received_at", models.DateTimeField()),
        ("actor", models.CharField(max_length=120)),
        ("person", models.CharField(max_length=120)),
        ("session", models.CharField(max_length=120)),
        ("subject", models.CharField(max_length=160)),
        ("cause", models.UUIDField(null=True)),
        ("order_number", models.CharField(max_length=60)),
        ("channel", models.CharField(max_length=40)),
        ("campaign", models.CharField(max_length=120)),
        ("device", models.CharField(max_length=20)),
        ("region", models.CharField(max_length=60)),
        ("body", models.JSONField()),
    ],
    options={"db_table": "spine_log_entry"},
)


class Migration(migrations.Migration):
    """Make the log."""

    initial = True
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE, GONE)],
            state_operations=[STATE],
        )
    ]
