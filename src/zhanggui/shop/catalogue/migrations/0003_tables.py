"""What belongs to products and SKUs: parts, evidence, prices in other currencies, the shelves' indexes."""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

# Deferred, so that two SKUs can swap their values in one transaction.
_ONCE = """
alter table shop_catalogue_variant add constraint shop_catalogue_variant_once
    exclude using btree (product_id with =, "values" with =) where (is_listed) deferrable initially deferred
"""
_LISTED = Q(("is_listed", True))


class Migration(migrations.Migration):
    """Complete the catalogue."""

    dependencies = [("shop_catalogue", "0002_variants")]
    operations = [
        migrations.AddConstraint(
            "Category",
            models.CheckConstraint(condition=Q(("parent", F("id")), _negated=True), name="shop_catalogue_category_above"),
        ),
        migrations.AddIndex(
            "Product",
            models.Index(
                condition=_LISTED,
                fields=["category"],
                include=[
                    "shop",
                    "id",
                    "terms",
                    "low_minor",
                    "sale_minor",
                    "sale_starts_at",
                    "sale_ends_at",
                    "rating_sum",
                    "rating_count",
                    "sold_units",
                    "listed_at",
                ],
                name="shop_catalogue_product_shelf",
            ),
        ),
        migrations.AddIndex(
            "Product",
            models.Index(
                condition=_LISTED, fields=["shop", "-sold_units", "face_sku"], name="shop_catalogue_product_best"
            ),
        ),
        migrations.AddIndex(
            "Product",
            models.Index(
                condition=_LISTED, fields=["shop", "-listed_at", "face_sku"], name="shop_catalogue_product_new"
            ),
        ),
        migrations.AddIndex(
            "Product",
            django.contrib.postgres.indexes.GinIndex(fields=["search"], name="shop_catalogue_product_words"),
        ),
        migrations.RunSQL(_ONCE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "Variant",
            models.CheckConstraint(condition=Q(("price_minor__gt", 0)), name="shop_catalogue_variant_price"),
        ),
        migrations.AddConstraint(
            "Variant",
            models.CheckConstraint(condition=Q(("cost_minor__gte", 0)), name="shop_catalogue_variant_cost"),
        ),
        migrations.AddConstraint(
            "Variant",
            models.CheckConstraint(
                condition=Q(sale_minor__isnull=True, sale_starts_at__isnull=True, sale_ends_at__isnull=True)
                | Q(sale_minor__gt=0, sale_starts_at__isnull=False, sale_ends_at__gt=F("sale_starts_at")),
                name="shop_catalogue_variant_sale",
            ),
        ),
        migrations.AddField("PricePoint", "kind", models.CharField(default="list", max_length=4)),
        migrations.AddField("PricePoint", "until", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "PricePoint",
            models.CheckConstraint(
                condition=Q(kind="list", until__isnull=True) | Q(kind="sale", until__gt=F("since")),
                name="shop_catalogue_price_point_kind",
            ),
        ),
        migrations.CreateModel(
            "Part",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("units", models.PositiveIntegerField()),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="shop_catalogue.variant",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="shop_catalogue.variant"
                    ),
                ),
            ],
            options={
                "db_table": "shop_catalogue_part",
                "constraints": [
                    models.UniqueConstraint(fields=("bundle", "variant"), name="shop_catalogue_part_once"),
                    models.CheckConstraint(
                        condition=Q(("units__gt", 0)) & ~Q(("bundle", F("variant"))), name="shop_catalogue_part_units"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "ForeignPrice",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=6)),
                ("price_minor", models.BigIntegerField()),
                (
                    "variant",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="shop_catalogue.variant"),
                ),
            ],
            options={
                "db_table": "shop_catalogue_foreign_price",
                "constraints": [
                    models.UniqueConstraint(fields=("variant", "currency"), name="shop_catalogue_foreign_price_once"),
                    models.CheckConstraint(
                        condition=Q(("price_minor__gt", 0)), name="shop_catalogue_foreign_price_more"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Evidence",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(blank=True, max_length=60)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("issuer_zh", models.CharField(max_length=120)),
                ("issuer_en", models.CharField(blank=True, max_length=120)),
                ("number", models.CharField(max_length=80)),
                ("issued_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("file", models.CharField(blank=True, max_length=60)),
                (
                    "product",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="shop_catalogue.product"),
                ),
            ],
            options={
                "db_table": "shop_catalogue_evidence",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "sku", "number"), name="shop_catalogue_evidence_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                        name="shop_catalogue_evidence_days",
                    ),
                ],
            },
        ),
    ]
