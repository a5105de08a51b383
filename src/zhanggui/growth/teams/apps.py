"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthTeamsConfig(AppConfig):
    """The shelf `growth_teams`."""

    name = "zhanggui.growth.teams"
    label = "growth_teams"
