"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightIdentityConfig(AppConfig):
    """The shelf `insight_identity`."""

    name = "zhanggui.insight.identity"
    label = "insight_identity"
