"""Since when a floor holds, so that a price of the past is reckoned as it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("growth_promotions", "0003_trials")]

    operations = [
        migrations.AddField(model_name="floor", name="set_at", field=models.DateTimeField(null=True)),
    ]
