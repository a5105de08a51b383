"""Django's name for this door."""

from django.apps import AppConfig


class DoorsApiConfig(AppConfig):
    """The door `doors_api`."""

    name = "zhanggui.doors.api"
    label = "doors_api"
