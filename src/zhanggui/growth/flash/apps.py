"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthFlashConfig(AppConfig):
    """The shelf `growth_flash`."""

    name = "zhanggui.growth.flash"
    label = "growth_flash"
