"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseAuditConfig(AppConfig):
    """The shelf `base_audit`."""

    name = "zhanggui.base.audit"
    label = "base_audit"
