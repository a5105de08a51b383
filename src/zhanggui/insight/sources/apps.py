"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightSourcesConfig(AppConfig):
    """The shelf `insight_sources`."""

    name = "zhanggui.insight.sources"
    label = "insight_sources"
