"""`{% load inspection %}`: {{ piece.verdict|verdict_name }}  what an inspection found."""

from __future__ import annotations

from django import template

from zhanggui.doors.console import return_words as words
from zhanggui.shop.returns.rules import Verdict

register = template.Library()


@register.filter
def verdict_name(verdict: Verdict) -> str:
    """What an inspection found about a piece."""
    return str(words.VERDICTS[verdict])
