"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightAttributionConfig(AppConfig):
    """The shelf `insight_attribution`."""

    name = "zhanggui.insight.attribution"
    label = "insight_attribution"
