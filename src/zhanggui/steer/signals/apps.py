"""Django's name for this shelf."""

from django.apps import AppConfig


class SteerSignalsConfig(AppConfig):
    """The shelf `steer_signals`."""

    name = "zhanggui.steer.signals"
    label = "steer_signals"
