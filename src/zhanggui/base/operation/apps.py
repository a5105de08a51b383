"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseOperationConfig(AppConfig):
    """The shelf `base_operation`."""

    name = "zhanggui.base.operation"
    label = "base_operation"
