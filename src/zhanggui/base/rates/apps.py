"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseRatesConfig(AppConfig):
    """The shelf `base_rates`."""

    name = "zhanggui.base.rates"
    label = "base_rates"
