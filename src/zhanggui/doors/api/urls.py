"""Addresses of the API: both surfaces behind one front, the document, and a no for all others."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from zhanggui.doors.api.document import openapi, reading
from zhanggui.doors.api.surface import api, guarded, nothing

app_name = "api"
urlpatterns = [
    path("", reading, name="document"),
    path("openapi.json", openapi, name="openapi"),
    *(
        URLPattern(each.pattern, guarded(each.callback), each.default_args, each.name)
        for each in api.urls[0]
        if isinstance(each, URLPattern) and each.name != "api-root"
    ),
    re_path(r"^(?P<path>.*)$", nothing),
]
