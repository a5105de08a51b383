"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseOutboxConfig(AppConfig):
    """The shelf `base_outbox`."""

    name = "zhanggui.base.outbox"
    label = "base_outbox"
