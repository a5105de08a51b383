"""Lines are found by their cart through their unique index, which begins with it."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop_cart", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="line",
            name="cart",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="shop_cart.cart"
            ),
        )
    ]
