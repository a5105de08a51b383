"""Django's name for this shelf."""

from django.apps import AppConfig


class DoorsIngestConfig(AppConfig):
    """The shelf `doors_ingest`."""

    name = "zhanggui.doors.ingest"
    label = "doors_ingest"
