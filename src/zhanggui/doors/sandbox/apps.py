"""Django's name for this shelf: templates and static files; in the shop's database only what it once had there."""

from django.apps import AppConfig


class DoorsSandboxConfig(AppConfig):
    """The shelf `doors_sandbox`."""

    name = "zhanggui.doors.sandbox"
    label = "doors_sandbox"
