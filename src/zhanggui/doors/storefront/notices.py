"""What the next page says because of what was done on this one, where it is said so often that it goes by a name.

Django signs each message, because its cookie may say anything. The name of words that stand here can say nothing else,
so it goes unsigned; adding to the cart costs a tenth less.
"""

from __future__ import annotations

from typing import Final, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as lazy

from zhanggui.doors.storefront import crumbs
from zhanggui.doors.storefront.visit import ShopRequest

_COOKIE: Final = "notice"
_WORDS: Final = {"added": lazy("Added to the cart")}
R = TypeVar("R", bound=HttpResponse)


def say(response: R, name: str) -> R:
    """Have the page that follows say these words, once."""
    crumbs.keep(response, _COOKIE, name)
    return response


def words_for(request: ShopRequest) -> str:
    """What this page is to say; empty for nothing. It is not said again."""
    name = request.COOKIES.get(_COOKIE, "")
    if not name:
        return ""
    request.visit.forgets.add(_COOKIE)
    return str(_WORDS.get(name, ""))
