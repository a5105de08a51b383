"""A product above its SKUs: what stood in one row per SKU becomes a product with one variant."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.math
from django.db import migrations, models
from django.db.models import F, Q

_MOVE = """
insert into shop_catalogue_drawing (version, svg)
select distinct on (picture_version) picture_version, picture_svg from shop_catalogue_variant
order by picture_version;

insert into shop_catalogue_product (shop, handle, category_id, kind, title_zh, title_en, summary_zh, summary_en,
    brand_zh, brand_en, proof_zh, proof_en, attributes, options, media, blocks, tags, tax_class, no_reason_exception,
    picture_version, picture_file, listed_at, edition, version, terms, search, is_listed, face_sku, skus, low_minor,
    high_minor, sold_units, rating_sum, rating_count)
select shop,
    left(trim(both '-' from regexp_replace(lower(sku), '[^a-z0-9]+', '-', 'g')), 60) || '-' || left(md5(sku), 6),
    category_id, 'physical', title_zh, title_en, summary_zh, summary_en, brand_zh, brand_en, proof_zh, proof_en,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', jsonb_build_object('zh', a->>'name_zh', 'en', a->>'name_en'),
        'value', jsonb_build_object('zh', a->>'value_zh', 'en', a->>'value_en'))), '[]')
        from jsonb_array_elements(attributes) a),
    '[]', '[]', '[]', '{}', 'standard', '', picture_version, '', listed_at, 1, 1, '',
    to_tsvector('simple', search_text), is_listed, sku, is_listed::int, price_minor, price_minor, sold_units,
    rating_sum, rating_count
from shop_catalogue_variant;

update shop_catalogue_variant v set product_id = p.id from shop_catalogue_product p where p.face_sku = v.sku;
update shop_catalogue_category set path = key;
set constraints all immediate;
"""
# Every change of a row makes its version grow, whoever makes it; but for what was sold, which no page says.
_VERSIONS = """
create function shop_catalogue_grow() returns trigger language plpgsql as $$
begin
    new.version = old.version + 1;
    return new;
end $$;
create trigger shop_catalogue_product_grows before update on shop_catalogue_product
    for each row when (new.sold_units = old.sold_units) execute function shop_catalogue_grow();
create trigger shop_catalogue_variant_grows before update on shop_catalogue_variant
    for each row execute function shop_catalogue_grow();
"""
_MOVED = (
    "category",
    "title_zh",
    "title_en",
    "summary_zh",
    "summary_en",
    "brand_zh",
    "brand_en",
    "proof_zh",
    "proof_en",
    "attributes",
    "picture_svg",
    "search_text",
    "listed_at",
    "shop",
    "sold_units",
    "rating_mean",
    "rating_sum",
    "rating_count",
)
_KINDS = ["physical", "digital", "service", "bundle"]


class Migration(migrations.Migration):
    """Split products and SKUs."""

    dependencies = [("shop_catalogue", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="product", name="shop_catalogue_product_shelf"),
        migrations.RemoveIndex(model_name="product", name="shop_catalogue_product_best"),
        migrations.RemoveIndex(model_name="product", name="shop_catalogue_product_new"),
        migrations.RemoveConstraint(model_name="product", name="shop_catalogue_product_price"),
        migrations.RemoveConstraint(model_name="product", name="shop_catalogue_product_cost"),
        migrations.RemoveConstraint(model_name="product", name="shop_catalogue_product_rating"),
        migrations.RenameModel("Product", "Variant"),
        migrations.AlterModelTable("Variant", "shop_catalogue_variant"),
        migrations.RunSQL(
            "alter index shop_catalogue_product_pkey rename to shop_catalogue_variant_pkey", migrations.RunSQL.noop
        ),
        migrations.AddField(
            "Category",
            "parent",
            models.ForeignKey(
                "shop_catalogue.category", blank=True, null=True, on_delete=django.db.models.deletion.PROTECT
            ),
        ),
        migrations.AddField("Category", "path", models.CharField(blank=True, max_length=400, default="")),
        migrations.AlterField("Category", "path", models.CharField(blank=True, max_length=400)),
        migrations.CreateModel(
            "Drawing",
            [
                ("version", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("svg", models.TextField()),
            ],
            options={"db_table": "shop_catalogue_drawing"},
        ),
        migrations.CreateModel(
            "File",
            [
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("content_type", models.CharField(max_length=40)),
                ("size_bytes", models.BigIntegerField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={"db_table": "shop_catalogue_file"},
        ),
        migrations.CreateModel(
            "Term",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=200)),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                ("value_zh", models.CharField(blank=True, max_length=200)),
                ("value_en", models.CharField(blank=True, max_length=200)),
                ("number", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
            ],
            options={
                "db_table": "shop_catalogue_term",
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "key", "value"), name="shop_catalogue_term_once")
                ],
            },
        ),
        migrations.CreateModel(
            "Product",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop", models.CharField(max_length=40)),
                ("handle", models.CharField(max_length=80)),
                ("kind", models.CharField(default="physical", max_length=10)),
                ("title_zh", models.CharField(max_length=200)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("summary_zh", models.TextField(blank=True)),
                ("summary_en", models.TextField(blank=True)),
                ("brand_zh", models.CharField(blank=True, max_length=80)),
                ("brand_en", models.CharField(blank=True, max_length=80)),
                ("proof_zh", models.CharField(blank=True, max_length=200)),
                ("proof_en", models.CharField(blank=True, max_length=200)),
                ("attributes", models.JSONField(default=list)),
                ("options", models.JSONField(default=list)),
                ("media", models.JSONField(default=list)),
                ("blocks", models.JSONField(default=list)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("tax_class", models.CharField(default="standard", max_length=40)),
                ("no_reason_exception", models.CharField(blank=True, max_length=20)),
                ("picture_version", models.CharField(blank=True, max_length=16)),
                ("picture_file", models.CharField(blank=True, max_length=60)),
                ("listed_at", models.DateTimeField()),
                ("edition", models.BigIntegerField(default=1)),
                ("version", models.BigIntegerField(default=1)),
                ("terms", models.BinaryField(default=b"")),
                ("search", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("is_listed", models.BooleanField(default=True)),
                ("face_sku", models.CharField(blank=True, max_length=60)),
                ("skus", models.PositiveIntegerField(default=0)),
                ("low_minor", models.BigIntegerField(default=0)),
                ("high_minor", models.BigIntegerField(default=0)),
                ("sale_minor", models.BigIntegerField(null=True)),
                ("sale_starts_at", models.DateTimeField(null=True)),
                ("sale_ends_at", models.DateTimeField(null=True)),
                ("sold_units", models.BigIntegerField(default=0)),
                ("rating_sum", models.BigIntegerField(default=0)),
                ("rating_count", models.BigIntegerField(default=0)),
                (
                    "rating_mean",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.math.Round(
                            django.db.models.functions.comparison.Cast(
                                F("rating_sum"), models.DecimalField(decimal_places=4, max_digits=20)
                            )
                            / django.db.models.functions.comparison.NullIf(F("rating_count"), 0),
                            precision=1,
                        ),
                        output_field=models.DecimalField(decimal_places=1, max_digits=2, null=True),
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="shop_catalogue.category"),
                ),
            ],
            options={
                "db_table": "shop_catalogue_product",
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "handle"), name="shop_catalogue_product_once"),
                    models.CheckConstraint(condition=Q(("kind__in", _KINDS)), name="shop_catalogue_product_kind"),
                    models.CheckConstraint(
                        condition=Q(("rating_sum__gte", F("rating_count")), ("rating_sum__lte", F("rating_count") * 5)),
                        name="shop_catalogue_product_rating",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "Variant",
            "product",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="shop_catalogue.product"),
        ),
        migrations.AddField("Variant", "position", models.PositiveIntegerField(default=1)),
        migrations.AddField("Variant", "values", models.JSONField(default=list)),
        migrations.AddField("Variant", "barcode", models.CharField(blank=True, max_length=40, default="")),
        migrations.AlterField("Variant", "barcode", models.CharField(blank=True, max_length=40)),
        migrations.AddField("Variant", "sale_minor", models.BigIntegerField(null=True)),
        migrations.AddField("Variant", "sale_starts_at", models.DateTimeField(null=True)),
        migrations.AddField("Variant", "sale_ends_at", models.DateTimeField(null=True)),
        migrations.AddField("Variant", "picture_file", models.CharField(blank=True, max_length=60, default="")),
        migrations.AlterField("Variant", "picture_file", models.CharField(blank=True, max_length=60)),
        migrations.AddField("Variant", "needs_shipping", models.BooleanField(default=True)),
        migrations.AddField("Variant", "version", models.BigIntegerField(default=1)),
        migrations.AlterField("Variant", "picture_version", models.CharField(blank=True, max_length=16)),
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        *(migrations.RemoveField("Variant", name) for name in _MOVED),
        migrations.AlterField(
            "Variant",
            "product",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="shop_catalogue.product"),
        ),
        migrations.RunSQL(_VERSIONS, migrations.RunSQL.noop),
    ]
