"""Every address of the program, by door."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("console/", include("zhanggui.doors.console.urls")),
    path("api/", include("zhanggui.doors.api.urls")),
    path("carrier/", include("zhanggui.doors.carriers.urls")),
    path("", include("zhanggui.doors.ingest.urls")),
    path("", include("zhanggui.doors.storefront.urls")),
]

handler500 = "zhanggui.config.failing.broken"
