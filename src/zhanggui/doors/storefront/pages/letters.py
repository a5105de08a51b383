"""The links in a letter: into the shop, and to no more letters; and its pictures. None asks anybody to sign in."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

import vl_convert
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from PIL import Image

from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.messages import actions, queries
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.spine.sightings.rules import visits

_GET: Final = "GET"
_A_YEAR: Final = "public, max-age=31536000, immutable"
# At two device pixels each, as wide as a letter shows it; no mail program shows a drawing as it is.
_SIDE: Final = 320


@never_cache
@require_safe
def letter(request: ShopRequest, token: str) -> HttpResponse:
    """Lead whoever opened a letter's link to the page it speaks of, which lies in this shop and nowhere else.

    A program that looks through mails is led there too, and is no click. At most four statements.
    """
    found = queries.linked(token, sku=request.GET.get("goods", ""))
    if found is None or found.shop != request.visit.shop.code:
        raise Http404(token)
    if request.method == _GET and request.visit.device != visits.BOT:
        actions.click(token=token)
    return HttpResponseRedirect(get_script_prefix().rstrip("/") + found.page)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_stop(request: ShopRequest, token: str) -> HttpResponse:
    """Take back the consent to advertising: asks first, since mail programs open links; posted, it is done.

    Posted by a hand or by the mail program itself, which brings no cookie. The link holds as long as the letter is
    known; who presses twice reads the same answer.

    source  RFC 8058: the post carries List-Unsubscribe=One-Click
    """
    found = queries.linked(token)
    if found is None or found.shop != request.visit.shop.code:
        return render(request, "storefront/letter_stop.html", {"state": "unknown"}, status=404)
    state = "ask"
    if request.method == "POST":
        actions.withdraw(token=token, language=request.LANGUAGE_CODE)
        state = "done"
    return render(request, "storefront/letter_stop.html", {"state": state, "channel": found.channel})


@require_safe
def picture(request: ShopRequest, sku: str, version: str) -> HttpResponse:
    """The drawing of a product as a PNG, under an address that changes with it, so that it may be kept for ever."""
    try:
        drawn = catalogue.picture(sku)
    except NoSuchProduct as missing:
        raise Http404(sku) from missing
    if drawn.version != version:
        raise Http404(version)
    return HttpResponse(_painted(drawn.svg), content_type="image/png", headers={"Cache-Control": _A_YEAR})


@lru_cache(maxsize=128)
def _painted(svg: str) -> bytes:
    painted = Image.open(BytesIO(vl_convert.svg_to_png(svg)))
    painted.thumbnail((_SIDE, _SIDE))
    file = BytesIO()
    painted.save(file, "PNG", optimize=True)
    return file.getvalue()
