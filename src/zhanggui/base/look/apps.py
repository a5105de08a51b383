"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseLookConfig(AppConfig):
    """The shelf `base_look`."""

    name = "zhanggui.base.look"
    label = "base_look"
