"""A provider's daily bill, held against our books; what can be mended is mended, a person decides the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from zhanggui.base import clock
from zhanggui.base.errors import Unreachable
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.actions import settling
from zhanggui.shop.payments.errors import NothingToDecide
from zhanggui.shop.payments.ports import providers
from zhanggui.shop.payments.rules import BillKind, BillRow, Difference, Gap, GapState, Outcome, Source


def compare_bill(*, provider: str, day: date) -> int:
    """Fetch a provider's bill of a day and write down where it differs from our books; how many rows differ.

    Outside of any transaction: it uses the network. The same day again finds nothing twice. Money on the bill that
    nobody told us of is taken up as if it had been told: it pays its order, or goes back.

    refuses  NoSuchProvider; ProviderUnreachable if the world fails
    tells    as `hear` does
    """
    adapter = queries.provider(provider)
    rows = adapter.bill(day)
    ours = queries.moved(provider, day, rows)
    found = rules.compare(rows, ours, provider=provider, day=day)
    _write(provider=provider, day=day, rows=rows, found=found)
    for row in queries.repairable(provider, day):
        _repair(row, merchant=adapter.merchant)
    return len(found)


@job(name="payments.compare_bill", tries=12)
def compare_one(provider: str, day: str) -> None:
    """The job that compares one bill."""
    compare_bill(provider=provider, day=date.fromisoformat(day))


@operation
def close_difference(*, difference_id: int, note: str, by: Actor) -> None:
    """Say that a difference is understood, and why.

    refuses  NothingToDecide if it was decided or mended before, or no reason is given
    """
    rows = models.Difference.objects.filter(pk=difference_id, state=GapState.OPEN)
    if not note.strip() or not rows.update(
        state=GapState.CLOSED, note=note.strip()[:300], decided_by=str(by), decided_at=clock.now()
    ):
        raise NothingToDecide(subject=str(difference_id))


def missed_days(provider: str, *, today: date) -> tuple[date, ...]:
    """The last days whose bill was not compared yet, oldest first: a provider's bill may come late."""
    days = [today - timedelta(days=back) for back in range(3, 0, -1)]
    done = set(models.Bill.objects.filter(provider=provider, day__in=days).values_list("day", flat=True))
    return tuple(day for day in days if day not in done)


def compare_all(*, today: date) -> int:
    """Compare what was not compared yet of every provider; how many rows differ.

    refuses  ProviderUnreachable at the end, if one was
    """
    failed: Unreachable | None = None
    found = 0
    for name in tuple(providers):
        for day in missed_days(name, today=today):
            try:
                found += compare_bill(provider=name, day=day)
            except Unreachable as unreachable:
                failed = unreachable
    if failed is not None:
        raise failed
    return found


@operation
def _write(*, provider: str, day: date, rows: Sequence[BillRow], found: Sequence[tuple[Difference, str]]) -> None:
    models.Bill.objects.update_or_create(
        provider=provider, day=day, defaults={"rows": len(rows), "compared_at": clock.now()}
    )
    models.BillRow.objects.bulk_create(
        (
            models.BillRow(
                provider=provider,
                day=day,
                kind=row.kind,
                transaction_id=row.transaction_id[:120],
                payment_id=row.payment_id[:60],
                refund_id=row.refund_id[:60],
                amount_minor=row.amount.minor,
                currency=row.amount.currency,
                at=row.at,
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )
    models.Difference.objects.bulk_create(
        (_row(difference, shop or queries.shop_of(difference)) for difference, shop in found), ignore_conflicts=True
    )


def _row(one: Difference, shop: str) -> models.Difference:
    amount = one.theirs or one.ours
    return models.Difference(
        provider=one.provider,
        day=one.day,
        shop=shop,
        gap=one.gap,
        is_refund=one.is_refund,
        transaction_id=one.transaction_id[:120],
        payment_id=one.payment_id[:60],
        refund_id=one.refund_id[:60],
        order_number=one.order_number,
        ours_minor=one.ours.minor if one.ours else None,
        theirs_minor=one.theirs.minor if one.theirs else None,
        currency=amount.currency if amount else "",
        state=GapState.OPEN,
    )


def _repair(difference: models.Difference, *, merchant: str) -> None:
    """Take up money that only the bill knows of: it pays its order or goes back."""
    billed = models.BillRow.objects.get(
        provider=difference.provider, kind=BillKind.PAID, transaction_id=difference.transaction_id
    )
    order_number = queries.order_of(billed.payment_id)
    notice = rules.notice_of(billed.value, merchant=merchant, order_number=order_number)
    settled = settling.hear(shop=difference.shop, provider=difference.provider, notice=notice, source=Source.BILL)
    is_mended = settled.outcome is Outcome.PAID or queries.goes_back(difference.provider, difference.transaction_id)
    models.Difference.objects.filter(pk=difference.pk, state=GapState.OPEN, gap=Gap.MISSING_HERE).update(
        state=GapState.REPAIRED if is_mended else GapState.OPEN,
        note=settled.outcome,
        order_number=order_number,
        decided_at=clock.now() if is_mended else None,
    )
