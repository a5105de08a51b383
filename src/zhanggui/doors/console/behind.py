"""From a figure to the people behind it."""

from __future__ import annotations

import json

from django.urls import reverse

from zhanggui.doors.console.scope import Scope
from zhanggui.insight.segments.rules import Source


def address(source: Source, scope: Scope) -> str:
    """Where the people whom a question means are shown, and kept as a segment."""
    terms = json.dumps(source.terms, ensure_ascii=False, separators=(",", ":"))
    return f"{reverse('console:segment_new')}?{scope.query(kind=source.kind, terms=terms)}"
