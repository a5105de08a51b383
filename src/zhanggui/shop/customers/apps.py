"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopCustomersConfig(AppConfig):
    """The shelf `shop_customers`."""

    name = "zhanggui.shop.customers"
    label = "shop_customers"
