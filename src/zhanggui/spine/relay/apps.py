"""Django's name for this shelf."""

from django.apps import AppConfig


class SpineRelayConfig(AppConfig):
    """The shelf `spine_relay`."""

    name = "zhanggui.spine.relay"
    label = "spine_relay"
