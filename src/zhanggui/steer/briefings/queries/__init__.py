"""Writing documents, and reading those that are kept.

document              a briefing as the numbers are now; nothing is kept by it
period_of, last_month  the days of one
briefings, briefing   those that are kept
"""

from __future__ import annotations

from zhanggui.steer.briefings.queries.kept import Briefing, Decided, Line, Said, briefing, briefings, family
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
    "last_month",
    "period_of",
]
