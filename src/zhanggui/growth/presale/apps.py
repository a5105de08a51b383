"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthPresaleConfig(AppConfig):
    """The shelf `growth_presale`."""

    name = "zhanggui.growth.presale"
    label = "growth_presale"
