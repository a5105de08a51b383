"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthReferralsConfig(AppConfig):
    """The shelf `growth_referrals`."""

    name = "zhanggui.growth.referrals"
    label = "growth_referrals"
