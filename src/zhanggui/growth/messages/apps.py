"""Django's name for this shelf."""

from django.apps import AppConfig


class GrowthMessagesConfig(AppConfig):
    """The shelf `growth_messages`."""

    name = "zhanggui.growth.messages"
    label = "growth_messages"
