"""The proof that a form stood on a page of ours: Django's secret of the browser, masked anew for every page.

Django's own mask is made of 64 single choices and costs a kept page more than anything else that it says; this one is
made of bytes, and read by Django as its own.
"""

from __future__ import annotations

import os
from typing import Final

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

from zhanggui.doors.storefront.visit import VISIT_COOKIE

_SIGNS: Final = CSRF_ALLOWED_CHARS
_PLACES: Final = {sign: place for place, sign in enumerate(_SIGNS)}
# Every sign stands for the same number of bytes; those that are left over stand for none.
_LEFT_OVER: Final = bytes(range(256 // len(_SIGNS) * len(_SIGNS), 256))
_SIGN_OF_BYTE: Final = bytes(ord(_SIGNS[byte % len(_SIGNS)]) for byte in range(256))


def proof_of(request: HttpRequest) -> str:
    """What a form of this page sends back. A browser that has no secret yet is given one; a new visit renews it."""
    secret = request.META.get("CSRF_COOKIE", "")
    if len(secret) != CSRF_SECRET_LENGTH or VISIT_COOKIE not in request.COOKIES:
        return get_token(request)
    return masked(secret)


def masked(secret: str) -> str:
    """A secret as no page has said it before, so that nobody guesses it from how well pages are compressed."""
    mask = _chance()
    hidden = (_SIGNS[(_PLACES[a] + _PLACES[b]) % len(_SIGNS)] for a, b in zip(secret, mask, strict=True))
    return mask + "".join(hidden)


def _chance() -> str:
    signs = b""
    while len(signs) < CSRF_SECRET_LENGTH:
        signs += os.urandom(2 * CSRF_SECRET_LENGTH).translate(_SIGN_OF_BYTE, _LEFT_OVER)
    return signs[:CSRF_SECRET_LENGTH].decode()
