"""Every metric, written once."""

from __future__ import annotations

from zhanggui.insight.metrics.rules.dictionary.kinds import (
    Better,
    Elsewhere,
    Evidence,
    Kind,
    Metric,
    Owner,
    Unit,
    Watch,
    Who,
)
from zhanggui.insight.metrics.rules.dictionary.whole import ANSWERED_ELSEWHERE, METRICS, metric, named

__all__ = [
    "ANSWERED_ELSEWHERE",
    "METRICS",
    "Better",
    "Elsewhere",
    "Evidence",
    "Kind",
    "Metric",
    "Owner",
    "Unit",
    "Watch",
    "Who",
    "metric",
    "named",
]
