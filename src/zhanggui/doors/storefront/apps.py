"""Django's name for this shelf."""

from django.apps import AppConfig


class DoorsStorefrontConfig(AppConfig):
    """The shelf `doors_storefront`."""

    name = "zhanggui.doors.storefront"
    label = "doors_storefront"
