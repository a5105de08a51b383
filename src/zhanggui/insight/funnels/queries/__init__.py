"""Asking what came of a funnel, who came how far, and which events there are to name.

ask      the answer, kept as long as the daily tables do not change; count: the same, counted now, from any rows
people   DuckDB's query for those who came so far, or who did not; a port of segments
events   what a step can be
"""

from __future__ import annotations

from zhanggui.insight.funnels.queries.counting import SEGMENT_KIND, ask, count, events, people

__all__ = ["SEGMENT_KIND", "ask", "count", "events", "people"]
