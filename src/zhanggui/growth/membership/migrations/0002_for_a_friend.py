"""Points for a friend are a source of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("growth_membership", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="lot",
            name="source",
            field=models.CharField(
                choices=[
                    ("order", "order"),
                    ("birthday", "birthday"),
                    ("recycling", "recycling"),
                    ("referral", "referral"),
                    ("by_hand", "by_hand"),
                    ("returned", "returned"),
                ],
                max_length=12,
            ),
        ),
    ]
