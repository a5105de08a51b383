"""Addresses of the door: those that the clients of the field know, and the picture for pages without JavaScript."""

from __future__ import annotations

from django.urls import path

from zhanggui.doors.ingest import rules, views
from zhanggui.spine.sightings.rules.wire import CALLS

app_name = "ingest"
urlpatterns = [
    *(path(address.lstrip("/"), views.take) for address in CALLS),
    path(rules.PIXEL_PATH.lstrip("/"), views.pixel, name="pixel"),
]
