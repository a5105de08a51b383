"""`{% load segments %}`: from a figure to the people behind it.

{% behind bar.kept %}   the address of the page that shows who they are and keeps them as a segment
"""

from __future__ import annotations

import json

from django import template
from django.template.context import Context
from django.urls import reverse

from zhanggui.doors.console.scope import Scope
from zhanggui.insight.segments.rules import Source

register = template.Library()


@register.simple_tag(takes_context=True)
def behind(context: Context, source: Source) -> str:
    """The people whom a question means, about what this page is about."""
    scope: Scope = context["scope"]
    terms = json.dumps(source.terms, ensure_ascii=False, separators=(",", ":"))
    return f"{reverse('console:segment_new')}?{scope.query(kind=source.kind, terms=terms)}"
