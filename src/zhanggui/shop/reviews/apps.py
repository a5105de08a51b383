"""Django's name for this shelf."""

from django.apps import AppConfig


class ShopReviewsConfig(AppConfig):
    """The shelf `shop_reviews`."""

    name = "zhanggui.shop.reviews"
    label = "shop_reviews"
