"""Django's name for this shelf."""

from django.apps import AppConfig


class InsightBoardsConfig(AppConfig):
    """The shelf `insight_boards`."""

    name = "zhanggui.insight.boards"
    label = "insight_boards"
