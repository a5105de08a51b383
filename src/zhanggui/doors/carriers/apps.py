"""Django's name for this shelf."""

from django.apps import AppConfig


class DoorsCarriersConfig(AppConfig):
    """The shelf `doors_carriers`."""

    name = "zhanggui.doors.carriers"
    label = "doors_carriers"
