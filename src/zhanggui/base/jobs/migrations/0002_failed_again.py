"""A job that the clock starts and that keeps failing is one dead letter that counts."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """How often a job failed in the same way, and since when."""

    dependencies = [("base_jobs", "0001_initial")]
    operations = [
        migrations.AddField("failure", "times", models.PositiveIntegerField(default=1, db_default=1)),
        migrations.AddField("failure", "since", models.DateTimeField(null=True)),
    ]
