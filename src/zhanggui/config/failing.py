"""What a page says that broke, in the words of the door that it is behind."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string


def broken(request: HttpRequest) -> HttpResponse:
    """Something broke; nothing of the page is asked for again, for that may be what broke."""
    return HttpResponseServerError(render_to_string("500.html", {"request_path": request.path}))
