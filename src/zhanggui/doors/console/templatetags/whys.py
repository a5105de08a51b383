"""`{% load whys %}`: why a number moved.

{{ amount|signed }}          an amount with its sign, ±0 for nothing
{% why_address key %}        the page that says why a number moved: the tree, or else the number cut by channel
"""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.urls import reverse

from zhanggui.doors.console import why_words, whys

register = template.Library()
register.filter("signed", why_words.signed)


@register.simple_tag(takes_context=True)
def why_address(context: Context, key: str) -> str:
    """Where to go from a number that moved."""
    scope = context["scope"]
    if key in whys.ABOUT:
        return f"{reverse('console:why')}?{scope.query(about=key)}"
    by = "channel" if not (scope.where.sku or scope.where.category) else "sku"
    return f"{reverse('console:number', args=[key])}?{scope.query(by=by)}"
