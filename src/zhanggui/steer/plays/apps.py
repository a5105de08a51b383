"""Django's name for this shelf."""

from django.apps import AppConfig


class SteerPlaysConfig(AppConfig):
    """The shelf `steer_plays`."""

    name = "zhanggui.steer.plays"
    label = "steer_plays"
