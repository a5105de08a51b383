"""Choices about the pages themselves: language and light."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zhanggui.base.look import themes

_A_YEAR: Final = timedelta(days=365)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read the pages in another language from now on, at the same addresses."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        name, is_secure = settings.LANGUAGE_COOKIE_NAME, settings.IS_SECURE
        response.set_cookie(name, chosen, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=is_secure)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """See the pages light, dark, or as the device says."""
    response = _back(request)
    themes.remember(response, theme=request.POST.get("theme", ""), is_secure=settings.IS_SECURE)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=False)
    return HttpResponseRedirect(address if address and is_ours else reverse("console:cockpit"))
