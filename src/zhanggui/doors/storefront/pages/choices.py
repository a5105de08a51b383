"""Choices about the pages themselves: language, light and currency."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zhanggui.base.look import themes
from zhanggui.doors.storefront import addresses, placing
from zhanggui.doors.storefront.visit import ShopRequest

_A_YEAR: Final = timedelta(days=365)


@require_POST
def language(request: ShopRequest) -> HttpResponse:
    """Read the shop in another language from now on, at the addresses that speak the reader's own."""
    response = _back(request, is_unspoken=True)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=_A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.IS_SECURE,
        )
    return response


@require_POST
def theme(request: ShopRequest) -> HttpResponse:
    """See the shop light, dark, or as the device says."""
    response = _back(request)
    themes.remember(response, theme=request.POST.get("theme", ""), is_secure=settings.IS_SECURE)
    return response


@require_POST
def currency(request: ShopRequest) -> HttpResponse:
    """Pay in another currency from now on, if the shop takes it."""
    response = _back(request)
    chosen = request.POST.get("currency", "")
    if chosen in placing.currencies(request):
        response.set_cookie(
            placing.CURRENCY_COOKIE, chosen, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=settings.IS_SECURE
        )
    return response


def _back(request: ShopRequest, *, is_unspoken: bool = False) -> HttpResponse:
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=False):
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(addresses.parted(address)[1] if is_unspoken else address)
