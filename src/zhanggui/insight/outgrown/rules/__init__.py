"""What is published, and how questions are said to other engines."""

from __future__ import annotations

from zhanggui.insight.outgrown.rules.published import EVENTS_TABLE, TABLES, Change, Piece, change, schema

__all__ = ["EVENTS_TABLE", "TABLES", "Change", "Piece", "change", "schema"]
