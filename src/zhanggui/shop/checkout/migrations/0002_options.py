"""Ways to deliver instead of one flat rate, which becomes the standard way."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import F, Q

_CARRY_OVER = """
insert into shop_checkout_option (shop, key, name_zh, name_en, countries, rate_minor, per_kg_minor, free_from_minor,
    currency, least_days, most_days, position, is_offered)
select shop, 'standard', '标准配送', 'Standard delivery', '{}', flat_rate_minor, 0, free_from_minor, currency, 2, 5, 1, true
from shop_checkout_terms
"""


class Migration(migrations.Migration):
    dependencies = [("shop_checkout", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop", models.CharField(max_length=40)),
                ("key", models.SlugField(max_length=40)),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(max_length=80)),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                ("rate_minor", models.BigIntegerField()),
                ("per_kg_minor", models.BigIntegerField(default=0)),
                ("free_from_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=6)),
                ("least_days", models.PositiveSmallIntegerField()),
                ("most_days", models.PositiveSmallIntegerField()),
                ("position", models.PositiveSmallIntegerField()),
                ("is_offered", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "shop_checkout_option",
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "key"), name="shop_checkout_option_once"),
                    models.CheckConstraint(
                        condition=Q(rate_minor__gte=0, per_kg_minor__gte=0), name="shop_checkout_option_rate"
                    ),
                    models.CheckConstraint(
                        condition=Q(free_from_minor=None) | Q(free_from_minor__gte=0),
                        name="shop_checkout_option_free",
                    ),
                    models.CheckConstraint(condition=Q(least_days__lte=F("most_days")), name="shop_checkout_option_days"),
                ],
            },
        ),
        migrations.RunSQL(_CARRY_OVER, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Terms"),
    ]
