"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopPaymentsConfig(AppConfig):
    """The shelf `shop_payments`."""

    name = "zhanggui.shop.payments"
    label = "shop_payments"
