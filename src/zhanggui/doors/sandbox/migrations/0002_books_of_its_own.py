"""The sandbox keeps its books outside the shop's database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("doors_sandbox", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Saying"),
        migrations.DeleteModel(name="Charge"),
    ]
