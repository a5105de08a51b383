"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseKeysConfig(AppConfig):
    """The shelf `base_keys`."""

    name = "zhanggui.base.keys"
    label = "base_keys"
