"""Addresses that something stood at before: whoever comes there is led to where it stands now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponsePermanentRedirect


def moved(request: HttpRequest, address: str) -> HttpResponsePermanentRedirect:
    """Lead to another address for good, with what was asked for there.

    Browsers ask again the next time: the name that stood here may be given to something else.
    """
    asked = request.META.get("QUERY_STRING", "")
    answer = HttpResponsePermanentRedirect(f"{address}?{asked}" if asked else address)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
