"""The shape that facts and sightings share, so that one question can span them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# Body fields that nearly every question needs; a field of that name in a body is lifted into a column of its own.
LIFTED = (
    "sku",
    "category",
    "order_number",
    "quantity",
    "amount_minor",
    "currency",
    "channel",
    "campaign",
    "device",
    "region",
    "page",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One SKU's part of an order, payment, refund or parcel.

    quantity      whole pieces, > 0 (a refund's lines are positive too: what came back)
    amount_minor  what the line cost after its share of every discount, in the fact's currency
    """

    sku: str
    category: str = ""
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One thing that happened: a fact of the business or a sighting of a visitor.

    at           when it happened; received_at  when we heard of it; both aware, UTC
    actor        who did it, as `kind:id`
    person       canonical customer or visitor id, empty if nobody is known
    subject      what it is about, as `noun:id`
    cause        id of the fact or sighting before it
    body         JSON, without names, mail addresses, phone numbers or street addresses
    amount_minor whole minor units of `currency`, the shop's currency
    """

    id: UUID
    shop: str
    name: str
    version: int = 1
    at: datetime
    received_at: datetime
    actor: str = ""
    person: str = ""
    session: str = ""
    subject: str = ""
    cause: UUID | None = None
    sku: str = ""
    category: str = ""
    order_number: str = ""
    quantity: int | None = None
    amount_minor: int | None = None
    currency: str = ""
    channel: str = ""
    campaign: str = ""
    device: str = ""
    region: str = ""
    page: str = ""
    lines: tuple[Line, ...] = ()
    body: bytes = b"{}"
