"""`{% load segments %}`: from a figure to the people behind it.

{% behind bar.kept %}   the address of the page that shows who they are and keeps them as a segment
{{ bar|step }}          a step of a funnel, drawn
"""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from zhanggui.doors.console.behind import address
from zhanggui.doors.console.charting import steps
from zhanggui.doors.console.funnelling import ShownBar
from zhanggui.insight.segments.rules import Source

register = template.Library()


@register.simple_tag(takes_context=True)
def behind(context: Context, source: Source) -> str:
    """The people whom a question means, about what this page is about."""
    return address(source, context["scope"])


@register.filter
def step(bar: ShownBar) -> SafeString:
    """How many came as far as a step, and how many not from the step before."""
    return steps.step(bar.level, bar.before)
