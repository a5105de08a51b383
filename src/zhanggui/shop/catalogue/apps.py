"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopCatalogueConfig(AppConfig):
    """The shelf `shop_catalogue`."""

    name = "zhanggui.shop.catalogue"
    label = "shop_catalogue"
