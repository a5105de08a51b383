"""Small factories: findings, and detectors that find them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from zhanggui.base.operation.rules import job, operator
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size

DAY = date(2026, 5, 4)
MORNING = datetime(2026, 5, 4, 20, tzinfo=UTC)
CLOCK = job("steer.look")
ANN = operator("7")


def on(n: int) -> date:
    return DAY + timedelta(days=n)


def a_size(minor: int = 50_000, *, low: int | None = None, high: int | None = None) -> Size:
    return Size(
        low_minor=minor // 2 if low is None else low,
        expected_minor=minor,
        high_minor=2 * minor if high is None else high,
        currency="CNY",
    )


def a_finding(
    kind: str = "funnel_break", subject: str = "device:tablet", *, minor: int = 50_000, **fields: Any
) -> Finding:
    said = {
        "day": DAY,
        "size": a_size(minor),
        "confidence": 0.99,
        "evidence": (
            Evidence(what="step_fell", numbers={"device": "tablet", "orders": 9}, page="funnel", query="a=1"),
        ),
        "proposal": Proposal(move=Move.CHECK, metric="cvr_order_session", device="tablet"),
    }
    return Finding(kind=kind, subject=subject, **(said | fields))


def finder(*found: Finding) -> Callable[..., Iterable[Finding]]:
    """A detector that finds these on their days."""

    def detect(shop: str, day: date, *, at: datetime) -> Iterable[Finding]:
        return [one for one in found if one.day == day]

    return detect
