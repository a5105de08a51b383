"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopCheckoutConfig(AppConfig):
    """The shelf `shop_checkout`."""

    name = "zhanggui.shop.checkout"
    label = "shop_checkout"
