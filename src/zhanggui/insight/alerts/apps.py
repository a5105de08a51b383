"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightAlertsConfig(AppConfig):
    """The shelf `insight_alerts`."""

    name = "zhanggui.insight.alerts"
    label = "insight_alerts"
