"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightValueConfig(AppConfig):
    """The shelf `insight_value`."""

    name = "zhanggui.insight.value"
    label = "insight_value"
