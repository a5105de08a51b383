"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthMembershipConfig(AppConfig):
    """The shelf `growth_membership`."""

    name = "zhanggui.growth.membership"
    label = "growth_membership"
