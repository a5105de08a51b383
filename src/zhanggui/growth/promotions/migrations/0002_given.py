"""Who was given a coupon on which occasion."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("growth_promotions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Given",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=120)),
                ("occasion", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="growth_promotions.batch"),
                ),
            ],
            options={
                "db_table": "growth_promotions_given",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "person", "occasion"), name="growth_promotions_given_once"
                    )
                ],
            },
        ),
    ]
