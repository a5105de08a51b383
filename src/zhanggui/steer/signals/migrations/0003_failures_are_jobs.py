"""A detector that failed has not looked: what it said stands with the job that failed."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Forget failed looks, and where they said why."""

    dependencies = [("steer_signals", "0002_risks_change")]
    operations = [
        migrations.RunSQL("delete from steer_signals_looked where failure <> ''", migrations.RunSQL.noop),
        migrations.RemoveField("looked", "failure"),
    ]
