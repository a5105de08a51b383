"""Django's name for this shelf."""

from django.apps import AppConfig


class GuardTaxConfig(AppConfig):
    """The shelf `guard_tax`."""

    name = "zhanggui.guard.tax"
    label = "guard_tax"
