"""Reviews have a shelf of their own, `shop_reviews`, which has taken over what stood here."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Drop the reviews that were moved."""

    dependencies = [("shop_catalogue", "0003_tables")]
    operations = [migrations.DeleteModel("Review")]
