"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopCartConfig(AppConfig):
    """The shelf `shop_cart`."""

    name = "zhanggui.shop.cart"
    label = "shop_cart"
