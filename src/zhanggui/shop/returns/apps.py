"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopReturnsConfig(AppConfig):
    """The shelf `shop_returns`."""

    name = "zhanggui.shop.returns"
    label = "shop_returns"
