"""The flash prices of a SKU are found by it, for what it may be said to have cost before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("growth_flash", "0002_no_overlap")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["shop", "sku", "starts_at"], name="growth_flash_item_of_sku"),
        ),
    ]
