"""The orders of a SKU are found without reading all lines."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop_orders", "0003_invoices")]

    operations = [migrations.AddIndex("line", models.Index(fields=["sku"], name="shop_orders_line_by_sku"))]
