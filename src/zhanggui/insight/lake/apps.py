"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightLakeConfig(AppConfig):
    """The shelf `insight_lake`."""

    name = "zhanggui.insight.lake"
    label = "insight_lake"
