"""Left carts are found by when they were changed."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop_cart", "0002_one_index_by_cart")]

    operations = [
        migrations.AddIndex(
            model_name="cart",
            index=BrinIndex(fields=["changed_at"], name="shop_cart_cart_changed", pages_per_range=16),
        )
    ]
