"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthPromotionsConfig(AppConfig):
    """The shelf `growth_promotions`."""

    name = "zhanggui.growth.promotions"
    label = "growth_promotions"
