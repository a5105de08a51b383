"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseShopsConfig(AppConfig):
    """The shelf `base_shops`."""

    name = "zhanggui.base.shops"
    label = "base_shops"
