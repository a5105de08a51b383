"""Django's name for this shelf."""

from django.apps import AppConfig


class SpineWebhooksConfig(AppConfig):
    """The shelf `spine_webhooks`."""

    name = "zhanggui.spine.webhooks"
    label = "spine_webhooks"
