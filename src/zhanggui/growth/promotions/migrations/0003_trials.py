"""Who did what with a promotion, and its dry runs."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("growth_promotions", "0002_given"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("written", "written"),
                            ("changed", "changed"),
                            ("tried", "tried"),
                            ("asked", "asked"),
                            ("sent_back", "sent_back"),
                            ("started", "started"),
                            ("paused", "paused"),
                            ("ended", "ended"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "promotion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deeds",
                        to="growth_promotions.promotion",
                    ),
                ),
            ],
            options={
                "db_table": "growth_promotions_deed",
                "indexes": [models.Index(fields=["promotion", "at"], name="growth_promotions_deeds")],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("done", "done"),
                            ("stopped", "stopped"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("outcome", models.JSONField(null=True)),
                ("asked_by", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                (
                    "promotion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="growth_promotions.promotion",
                    ),
                ),
            ],
            options={
                "db_table": "growth_promotions_trial",
                "indexes": [models.Index(fields=["promotion", "-asked_at"], name="growth_promotions_trials")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "progress__in",
                                [
                                    "running",
                                    "done",
                                    "stopped",
                                ],
                            )
                        ),
                        name="growth_promotions_trial_progress",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="growth_promotions_trial_period"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("progress", "running")),
                        fields=("promotion",),
                        name="growth_promotions_trial_once",
                    ),
                ],
            },
        ),
    ]
