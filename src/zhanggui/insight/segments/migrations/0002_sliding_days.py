from django.db import migrations, models


class Migration(migrations.Migration):
    """Days of a live segment that go along with time."""

    dependencies = [("insight_segments", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="segment",
            name="slides",
            field=models.CharField(default="", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(("frozen_at", None), ("slides", ""), _connector="OR"),
                name="insight_segments_slides",
            ),
        ),
    ]
