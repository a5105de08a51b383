"""`{% load returns %}`: which variant an article is.

{% line_variant line %}  of an ordered article, with a dot behind it: 红 / L · ; nothing if there is only one
{% card_variant card %}  of an article in the shop; its title if there is only one
"""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.orders.rules import Line

register = template.Library()


@register.simple_tag
def line_variant(line: Line) -> str:
    """Which variant was ordered."""
    said = line.variant(get_language() or "en")
    return f"{said} · " if said else ""


@register.simple_tag
def card_variant(card: Card) -> str:
    """Which variant stands in the shop."""
    language = get_language() or "en"
    return card.variant.to(language) or card.title.to(language)
