"""Lines and destinations are found by their order through their unique indexes, which begin with it; four go."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop_orders", "0004_line_by_sku")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name=name,
                to="shop_orders.order",
            ),
        )
        for model, name in (("line", "lines"), ("destination", "destinations"))
    ]
