"""Django's name for this shelf."""

from django.apps import AppConfig


class SteerBriefingsConfig(AppConfig):
    """The shelf `steer_briefings`."""

    name = "zhanggui.steer.briefings"
    label = "steer_briefings"
