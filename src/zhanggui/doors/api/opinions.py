"""Reviews as both surfaces answer them."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from zhanggui.shop.reviews.rules import Review

_READ: Final = ("id", "sku", "rating", "words", "language", "author", "at", "useful", "added", "reply")
_STANDING: Final = ("state", "fault", "order_number", "line", "added_state")


def read(found: Review) -> dict[str, Any]:
    """A review as everybody reads it; pictures by their addresses in the shop."""
    shown = [
        settings.PUBLIC_URL + reverse("storefront:review_picture", args=[found.id, place])
        for place in range(1, len(found.pictures) + 1)
    ]
    return {name: getattr(found, name) for name in _READ} | {"pictures": shown}


def standing(found: Review) -> dict[str, Any]:
    """A review and how it stands."""
    return read(found) | {name: getattr(found, name) for name in _STANDING}
