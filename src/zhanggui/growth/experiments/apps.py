"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthExperimentsConfig(AppConfig):
    """The shelf `growth_experiments`."""

    name = "zhanggui.growth.experiments"
    label = "growth_experiments"
