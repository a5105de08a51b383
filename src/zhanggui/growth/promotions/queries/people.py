"""The groups of people that everybody can know to belong to: new ones, and those who come back after long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from zhanggui.shop.orders import queries as orders

NEW: Final = "new"
COMEBACK: Final = "comeback"
SEGMENTS: Final = (NEW, COMEBACK)
# Who has not bought for so long is welcomed back.
AWAY_FOR: Final = timedelta(days=90)


def segments(shop: str, person: str, *, at: datetime) -> frozenset[str]:
    """`new` without a paid order that stands, `comeback` if the last one is more than 90 days ago. One statement."""
    return _segments(orders.last_paid_at(shop, person) if person else None, at=at)


def segments_of(shop: str, persons: Sequence[str], *, at: datetime) -> dict[str, frozenset[str]]:
    """`segments` of many shoppers. One statement."""
    last = orders.last_paid(shop, persons)
    return {person: _segments(last.get(person), at=at) for person in persons}


def _segments(last: datetime | None, *, at: datetime) -> frozenset[str]:
    if last is None:
        return frozenset({NEW})
    return frozenset({COMEBACK}) if at - last > AWAY_FOR else frozenset()
