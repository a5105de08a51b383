"""An import and what became of its lines, as values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.spine.envelope import Envelope, Line
from zhanggui.spine.facts import registry
from zhanggui.spine.facts.shop import OrderPlaced, PaymentSettled
from zhanggui.spine.sightings.rules.orders import SightedOrder

# What stands in the place of an import's id, and of a provider's name, where an order came by a sighting.
BY_EVENT: Final = "events"


class State(StrEnum):
    """How an import stands. One that was killed still says RUNNING; the same command goes on with it."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Lines of a file that met the same fate; every line of a file is in exactly one.

    part      the table within the files, such as `lines` or `payments`
    name      the fate, such as `sold`, `returned`, `known`, `refused`
    amount    exact money of those lines in the file's currency, None where the lines carry no money
    is_told   whether facts were told of them
    """

    part: str
    name: str
    line_count: int
    amount: Decimal | None
    is_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An import as it is known before its first chunk.

    id           of the content, the shop and the way of reading: the same file read the same way is the same import
    source       how it is read, such as `online-retail`
    name         of the file or folder, without the way to it
    reading      encoding, columns, dates and decimals as they were understood, for a person
    chunk_lines  about how many lines make a chunk; what a running import began with stays
    """

    id: str
    shop: str
    source: str
    name: str
    reading: str
    byte_count: int
    chunk_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a whole file amounts to, once it is counted.

    orders         told for the first time
    refused_rows   lines that wait to be mended
    differing      orders that were imported before with other contents and are kept as they were
    amount_minor   orders told, refunds taken off
    """

    line_count: int
    orders: int
    facts: int
    refused_rows: int
    differing: int
    amount_minor: int
    currency: str
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportState:
    """How an import stands.

    chunk, chunks  how many chunks are in the lake, of how many; chunks is 0 until the file has been read
    error          why it stopped, empty if it did not
    tally          None until it is done
    """

    plan: Plan
    state: State
    chunk: int
    chunks: int
    started_at: datetime
    moved_at: datetime
    ended_at: datetime | None
    error: str
    tally: Tally | None

    @property
    def share_rate(self) -> float:
        """The part that is in the lake, 0 to 1."""
        if self.state is State.DONE:
            return 1.0
        return self.chunk / self.chunks if self.chunks else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A document that the lake has from now on: an order, a credit note, a product, a review.

    key     kind and number, such as `orders/536365`
    digest  32 hexadecimal digits of what it says, to see whether it comes back changed
    """

    key: str
    digest: str


def import_id_of(*, shop: str, source: str, reading: str, content_digest: str) -> str:
    """The id that the same content, read the same way into the same shop, always has: 16 hexadecimal digits."""
    told = "\n".join((shop, source, reading, content_digest))
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def batch_of(import_id: str, chunk: int) -> str:
    """The lake's name for a chunk of an import."""
    return f"import/{import_id}/{chunk}"


def key_of(order: SightedOrder) -> str:
    """The key under which a file of the same order would bring it."""
    return f"orders/{order.number}"


def facts_of(order: SightedOrder, *, shop: str, currency: str) -> tuple[Envelope, Envelope]:
    """An order that a sighting told of, as placed and paid: what an import tells of it, with the visit it came from.

    The sighting is the cause of the order, and the order that of the payment.
    """
    person = order.sighting.person
    lines = tuple(Line(**line._asdict()) for line in order.lines)
    placed = OrderPlaced(
        order_number=order.number,
        customer_id=person,
        lines=lines,
        goods_minor=order.goods_minor,
        discount_minor=order.discount_minor,
        shipping_minor=order.shipping_minor,
        tax_minor=order.tax_minor,
        amount_minor=order.amount_minor,
        currency=currency,
    )
    paid = PaymentSettled(
        order_number=order.number,
        payment_id=f"{order.number}/payment",
        provider=BY_EVENT,
        lines=lines,
        amount_minor=order.amount_minor,
        currency=currency,
    )
    first = _fact(placed, order, shop=shop, step="placed", cause=UUID(bytes=order.sighting.id))
    return first, _fact(paid, order, shop=shop, step="paid", cause=first.id)


def _fact(told: OrderPlaced | PaymentSettled, order: SightedOrder, *, shop: str, step: str, cause: UUID) -> Envelope:
    seen, at = order.sighting, clock.from_micros(order.sighting.ts_us)
    entry = registry.entry_of(told)
    return Envelope(
        id=ids.uuid7_of(at, f"{shop}/{key_of(order)}/{step}"),
        shop=shop,
        name=entry.name,
        version=entry.version,
        at=at,
        received_at=clock.from_micros(seen.received_us),
        actor=f"customer:{seen.person}" if seen.person else f"partner:{BY_EVENT}",
        person=seen.person,
        session=seen.visit.session,
        subject=f"order:{order.number}",
        cause=cause,
        order_number=order.number,
        amount_minor=order.amount_minor,
        currency=told.currency,
        channel=seen.visit.channel,
        campaign=seen.visit.campaign,
        device=seen.visit.device,
        region=seen.visit.region,
        lines=told.lines,
        body=registry.encode(told),
    )
