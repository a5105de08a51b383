"""Every address of the program, by door."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("console/", include("zhanggui.doors.console.urls")),
    path("sandbox/", include("zhanggui.doors.sandbox.urls")),
    path("", include("zhanggui.doors.ingest.urls")),
    path("", include("zhanggui.doors.storefront.urls")),
]
