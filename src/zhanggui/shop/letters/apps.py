"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopLettersConfig(AppConfig):
    """The shelf `shop_letters`."""

    name = "zhanggui.shop.letters"
    label = "shop_letters"
