"""What numbers are counted from: tables, and the whole numbers that they give, of all rows or of people."""

from __future__ import annotations

from zhanggui.insight.metrics.rules.sources.bases import BASES
from zhanggui.insight.metrics.rules.sources.kinds import NEAR, Base, Cut, Heads, Lack, Measure, Newness, Source
from zhanggui.insight.metrics.rules.sources.measures import MEASURES

__all__ = ["BASES", "MEASURES", "NEAR", "Base", "Cut", "Heads", "Lack", "Measure", "Newness", "Source"]
