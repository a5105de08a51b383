"""The help pages: which there are, in which order, and what each is called."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

TOPICS: Final = {
    "delivery": pgettext_lazy("help", "Delivery"),
    "payment": lazy("Payment"),
    "returns": lazy("Returns and refunds"),
    "privacy": lazy("Privacy"),
    "contact": lazy("Contact"),
    "imprint": lazy("Imprint"),
}


def links() -> tuple[tuple[str, str], ...]:
    """The help pages by key, with their titles in the language of the page."""
    return tuple((key, str(title)) for key, title in TOPICS.items())
