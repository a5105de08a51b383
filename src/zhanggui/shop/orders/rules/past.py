"""Orders of the past as they were priced, in the few fields that somebody needs who prices them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastShare:
    """What one step of the price did to a line; see `Share`. Minor units, for all pieces."""

    step: str
    reason: str
    part: str
    minor: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """A line as it was frozen.

    list_minor, cost_minor  of one piece; a cost of 0 is not known
    amount_minor            what its goods cost after everything
    """

    sku: str
    category: str
    quantity: int
    list_minor: int
    amount_minor: int
    shipping_minor: int
    cost_minor: int
    shares: tuple[PastShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    """An order that was paid and stands.

    last_paid_at  when the same person had last paid one before; None if never, or if nobody asked
    """

    number: str
    person: str
    placed_at: datetime
    last_paid_at: datetime | None = None
    lines: tuple[PastLine, ...]
