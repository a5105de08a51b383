"""Risks can be changed, and what they were is kept."""

from __future__ import annotations

from django.db import migrations, models

GUARDS = """
create function steer_signals_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'what a risk was stays; change the risk' using errcode = 'restrict_violation';
end $$;
create trigger steer_signals_was_risk_stays before update or delete on steer_signals_was_risk
    for each row execute function steer_signals_refuse();
"""

GONE = """
drop trigger steer_signals_was_risk_stays on steer_signals_was_risk;
drop function steer_signals_refuse();
"""


class Migration(migrations.Migration):
    """A risk counts its versions, and a table keeps those that were."""

    dependencies = [("steer_signals", "0001_initial")]
    operations = [
        migrations.AddField("risk", "version", models.PositiveIntegerField(default=1)),
        migrations.CreateModel(
            name="WasRisk",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("risk", models.UUIDField()),
                ("version", models.PositiveIntegerField()),
                ("shop", models.CharField(max_length=40)),
                ("ready", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("metric", models.CharField(max_length=60)),
                ("comparison", models.CharField(max_length=10)),
                ("threshold", models.BigIntegerField()),
                ("days", models.PositiveSmallIntegerField()),
                ("owner", models.BigIntegerField()),
                ("playbook", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                ("is_dropped", models.BooleanField(default=False)),
            ],
            options={"db_table": "steer_signals_was_risk"},
        ),
        migrations.AddConstraint(
            "wasrisk", models.UniqueConstraint(fields=("risk", "version"), name="steer_signals_was_risk_once")
        ),
        migrations.RunSQL(GUARDS, GONE),
    ]
