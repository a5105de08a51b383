"""Django's name for this shelf."""

from django.apps import AppConfig


class DoorsImportsConfig(AppConfig):
    """The shelf `doors_imports`."""

    name = "zhanggui.doors.imports"
    label = "doors_imports"
