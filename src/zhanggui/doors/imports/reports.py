"""What an import did, or would do, as a value for a terminal or a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhanggui.base.money import Money
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports.documents import Outlook
from zhanggui.doors.imports.refusals import Example
from zhanggui.insight.sources.rules import Bucket, ImportState, Tally


class Outcome(StrEnum):
    """What came of it."""

    TAKEN_IN = "taken in"
    KNOWN_ALREADY = "known already"
    DRY_RUN = "dry run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One file or folder.

    amounts       the exact money of all lines of each part, over all its buckets
    booked        what facts tell: orders less refunds, in whole minor units
    differing     orders that were imported before with other contents and stay as they were
    refused_file  where lines wait to be mended
    writing       options with which that file is read as this one was
    """

    import_id: str
    outcome: Outcome
    file: str
    shop: str
    zone: str
    currency: str
    reading: str
    line_count: int
    orders: int
    facts: int
    refused_rows: int
    amounts: dict[str, Decimal]
    booked: Decimal
    first_day: date | None
    last_day: date | None
    buckets: tuple[Bucket, ...]
    told: dict[str, int]
    differing: tuple[str, ...]
    refused_file: str
    refused_examples: tuple[Example, ...]
    writing: tuple[str, ...]
    seconds: float


def of_outlook(
    outlook: Outlook,
    *,
    import_id: str,
    outcome: Outcome,
    file: str,
    shop: Shop,
    reading: str,
    refused_file: str,
    refused_examples: tuple[Example, ...],
    writing: tuple[str, ...],
    seconds: float,
) -> Report:
    """The report of a file that was read just now."""
    return Report(
        import_id=import_id,
        outcome=outcome,
        file=file,
        shop=shop.code,
        zone=shop.zone,
        currency=shop.currency,
        reading=reading,
        line_count=outlook.line_count,
        orders=outlook.orders,
        facts=outlook.facts,
        refused_rows=outlook.refused_rows,
        amounts=_amounts(outlook.buckets),
        booked=Money(outlook.amount_minor, shop.currency).major,
        first_day=outlook.first_day,
        last_day=outlook.last_day,
        buckets=outlook.buckets,
        told=dict(outlook.told),
        differing=outlook.differing,
        refused_file=refused_file,
        refused_examples=refused_examples,
        writing=writing,
        seconds=seconds,
    )


def of_state(state: ImportState, tally: Tally, *, shop: Shop, refused_file: str, seconds: float) -> Report:
    """The report of a file that was taken in before."""
    return Report(
        import_id=state.plan.id,
        outcome=Outcome.KNOWN_ALREADY,
        file=state.plan.name,
        shop=shop.code,
        zone=shop.zone,
        currency=shop.currency,
        reading=state.plan.reading,
        line_count=tally.line_count,
        orders=tally.orders,
        facts=tally.facts,
        refused_rows=tally.refused_rows,
        amounts=_amounts(tally.buckets),
        booked=Money(tally.amount_minor, shop.currency).major,
        first_day=None,
        last_day=None,
        buckets=tally.buckets,
        told={},
        differing=(),
        refused_file=refused_file,
        refused_examples=(),
        writing=(),
        seconds=seconds,
    )


def _amounts(buckets: tuple[Bucket, ...]) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for bucket in buckets:
        if bucket.amount is not None:
            amounts[bucket.part] = amounts.get(bucket.part, Decimal(0)) + bucket.amount
    return amounts
