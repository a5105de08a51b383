"""Django's name for this shelf."""

from django.apps import AppConfig


class DoorsSandboxConfig(AppConfig):
    """The shelf `doors_sandbox`."""

    name = "zhanggui.doors.sandbox"
    label = "doors_sandbox"
