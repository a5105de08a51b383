"""The addresses in a letter that lead into the shop, each by the letter's own token."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from zhanggui.growth.messages.rules import Links


def page_of(token: str) -> str:
    """Where a letter leads; from there to the page of the shop that it speaks of."""
    return settings.PUBLIC_URL + reverse("storefront:letter", args=[token])


def stop_of(token: str) -> str:
    """Where whoever got a letter says that they want no more."""
    return settings.PUBLIC_URL + reverse("storefront:letter_stop", args=[token])


links = Links(page=page_of, stop=stop_of)
