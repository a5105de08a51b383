"""Asking whether our figures are the published ones.

report   all of them, kept as long as the shop that the page is about does not change
made     the same, worked out now
"""

from __future__ import annotations

from zhanggui.insight.selfcheck.queries.reporting import made, report

__all__ = ["made", "report"]
