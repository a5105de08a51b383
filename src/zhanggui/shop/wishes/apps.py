"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopWishesConfig(AppConfig):
    """The shelf `shop_wishes`."""

    name = "zhanggui.shop.wishes"
    label = "shop_wishes"
