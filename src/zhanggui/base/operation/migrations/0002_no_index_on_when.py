"""Nobody asks when a key was used; its index goes, since every order writes a key."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base_operation", "0001_initial")]

    operations = [migrations.AlterField(model_name="key", name="at", field=models.DateTimeField())]
