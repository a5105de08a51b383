"""Django's name for this shelf."""

from django.apps import AppConfig


class DoorsConsoleConfig(AppConfig):
    """The shelf `doors_console`."""

    name = "zhanggui.doors.console"
    label = "doors_console"
