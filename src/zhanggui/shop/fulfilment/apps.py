"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopFulfilmentConfig(AppConfig):
    """The shelf `shop_fulfilment`."""

    name = "zhanggui.shop.fulfilment"
    label = "shop_fulfilment"
