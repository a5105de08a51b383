"""Asking whether our figures are the published ones.

report   all of them, kept as long as the shop that the page is about does not change
made     the same, worked out now
whole_book  what was published, of insight and of whoever is plugged in
"""

from __future__ import annotations

from zhanggui.insight.selfcheck.queries.reporting import made, report, whole_book

__all__ = ["made", "report", "whole_book"]
