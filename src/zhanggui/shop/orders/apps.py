"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopOrdersConfig(AppConfig):
    """The shelf `shop_orders`."""

    name = "zhanggui.shop.orders"
    label = "shop_orders"
