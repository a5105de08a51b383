"""Writing documents, and reading those that are kept.

document              a briefing as the numbers are now; nothing is kept by it
period_of, last_month  the days of one
briefings, briefing   those that are kept
that_made, that_quote  those a decision of which became something, and those that name it
has_polisher          whether anybody writes sentences more smoothly
"""

from __future__ import annotations

from zhanggui.steer.briefings.queries.kept import (
    Briefing,
    Decided,
    Line,
    Said,
    briefing,
    briefings,
    family,
    has_polisher,
    that_made,
    that_quote,
)
from zhanggui.steer.briefings.queries.writing import document, last_month, period_of

__all__ = [
    "Briefing",
    "Decided",
    "Line",
    "Said",
    "briefing",
    "briefings",
    "document",
    "family",
    "has_polisher",
    "last_month",
    "period_of",
    "that_made",
    "that_quote",
]
