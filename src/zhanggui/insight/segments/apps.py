"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightSegmentsConfig(AppConfig):
    """The shelf `insight_segments`."""

    name = "zhanggui.insight.segments"
    label = "insight_segments"
