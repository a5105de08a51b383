"""Addresses of the door: those that the clients of the field know, and the picture for pages without JavaScript."""

from __future__ import annotations

import re
from typing import Final

from django.urls import path, re_path

from zhanggui.doors.ingest import rules, views
from zhanggui.spine.sightings.rules.wire import CALLS

app_name = "ingest"
# One pattern for all: every page of the shop is looked for here first.
_CALLS: Final = "|".join(re.escape(address.lstrip("/")) for address in CALLS)
urlpatterns = [
    re_path(f"^(?:{_CALLS})$", views.take),
    path(rules.PIXEL_PATH.lstrip("/"), views.pixel, name="pixel"),
]
