"""A provider's daily bill, held against our own books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from zhanggui.base.money import Money
from zhanggui.shop.payments.rules.port import BillKind, BillRow, Notice


class Gap(StrEnum):
    """How a bill and our books differ.

    MISSING_HERE   money moved there that we know nothing of
    MISSING_THERE  money moved by our books that the bill does not have
    OTHER_AMOUNT   both know it, with other amounts
    """

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    OTHER_AMOUNT = "other_amount"


class GapState(StrEnum):
    """What became of a difference: OPEN waits for a person, REPAIRED was mended by a job, CLOSED by a person."""

    OPEN = "open"
    REPAIRED = "repaired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that differs.

    ours, theirs  None if that side does not know it
    """

    id: int
    provider: str
    day: date
    gap: Gap
    is_refund: bool
    transaction_id: str
    payment_id: str
    refund_id: str
    order_number: str
    ours: Money | None
    theirs: Money | None
    state: GapState
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A provider's bill of a day as it was compared.

    rows         how many the provider sent
    differences  how many did not fit, and how many of them still wait for a person
    """

    provider: str
    day: date
    rows: int
    differences: int
    open_differences: int
    compared_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Money that moved by our own books: a payment that came, or a refund that went.

    is_expected  whether the bill must have it: its moment lies well inside what the bills cover
    """

    is_refund: bool
    transaction_id: str
    payment_id: str
    refund_id: str
    order_number: str
    shop: str
    amount: Money
    is_expected: bool


def compare(
    rows: Sequence[BillRow], ours: Sequence[Moved], *, provider: str, day: date
) -> tuple[tuple[Difference, str], ...]:
    """Where a provider's bill and our books differ, each with the shop it belongs to (empty if nobody knows).

    rows    the bill of the day
    ours    what our books know of these rows, and what they say the bill must have
    """
    known = {_key(one.is_refund, one.transaction_id, one.refund_id): one for one in ours}
    told = {_key(row.kind is BillKind.REFUNDED, row.transaction_id, row.refund_id): row for row in rows}
    found = []
    for key, row in told.items():
        one = known.get(key)
        if one is None or one.amount != row.amount:
            gap = Gap.MISSING_HERE if one is None else Gap.OTHER_AMOUNT
            found.append((_of_row(row, one, gap=gap, provider=provider, day=day), one.shop if one else ""))
    for key, one in known.items():
        if one.is_expected and key not in told:
            found.append((_of_ours(one, provider=provider, day=day), one.shop))
    return tuple(found)


def notice_of(row: BillRow, *, merchant: str, order_number: str) -> Notice:
    """What a bill's row says about a payment, as if the provider had told it."""
    return Notice(
        event_id=f"bill-{row.transaction_id}",
        transaction_id=row.transaction_id,
        merchant=merchant,
        payment_id=row.payment_id,
        order_number=order_number,
        amount=row.amount,
        is_paid=True,
    )


def _key(is_refund: bool, transaction_id: str, refund_id: str) -> tuple[bool, str]:
    """A payment is known by its transaction, a refund by our own id of it."""
    return is_refund, refund_id if is_refund and refund_id else transaction_id


def _of_row(row: BillRow, one: Moved | None, *, gap: Gap, provider: str, day: date) -> Difference:
    return Difference(
        id=0,
        provider=provider,
        day=day,
        gap=gap,
        is_refund=row.kind is BillKind.REFUNDED,
        transaction_id=row.transaction_id,
        payment_id=row.payment_id,
        refund_id=row.refund_id,
        order_number=one.order_number if one else "",
        ours=one.amount if one else None,
        theirs=row.amount,
        state=GapState.OPEN,
        note="",
    )


def _of_ours(one: Moved, *, provider: str, day: date) -> Difference:
    return Difference(
        id=0,
        provider=provider,
        day=day,
        gap=Gap.MISSING_THERE,
        is_refund=one.is_refund,
        transaction_id=one.transaction_id,
        payment_id=one.payment_id,
        refund_id=one.refund_id,
        order_number=one.order_number,
        ours=one.amount,
        theirs=None,
        state=GapState.OPEN,
        note="",
    )
