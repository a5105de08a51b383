"""Django's name for this shelf."""

from django.apps import AppConfig


class SteerGoalsConfig(AppConfig):
    """The shelf `steer_goals`."""

    name = "zhanggui.steer.goals"
    label = "steer_goals"
