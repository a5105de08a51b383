"""Asking for tables of cohorts.

ask, count  a table of a shop, and one of any rows
people      those of a cell, as a segment
"""

from __future__ import annotations

from zhanggui.insight.retention.queries.asking import SEGMENT_KIND, ask, count, people

__all__ = ["SEGMENT_KIND", "ask", "count", "people"]
