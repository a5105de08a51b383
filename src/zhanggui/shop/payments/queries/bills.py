"""Reading providers' bills and what they should agree with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Q

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.shop.payments import models, rules
from zhanggui.shop.payments.rules import (
    Bill,
    BillKind,
    BillRow,
    Difference,
    Gap,
    GapState,
    Moved,
    RefundState,
    State,
)

# Whatever calendar a provider keeps, its bill of a day has all that moved before this hour of that day, UTC; and the
# bill of the day before has what moved after it.
_CUT = time(10, tzinfo=UTC)


def moved(provider: str, day: date, rows: Sequence[BillRow]) -> tuple[Moved, ...]:
    """What our books know of a bill's rows, and what they say that bills up to that day must have. Six statements."""
    return (*_known(provider, rows), *_expected(provider, day, rows))


def bills(*, limit: int = 60) -> tuple[Bill, ...]:
    """Compared bills, newest first. Two statements."""
    rows = list(models.Bill.objects.order_by("-day", "provider")[:limit])
    of_these = models.Difference.objects.filter(day__in={row.day for row in rows}).values("provider", "day")
    counted = of_these.annotate(every=Count("pk"), left=Count("pk", filter=Q(state=GapState.OPEN)))
    found = {(one["provider"], one["day"]): (one["every"], one["left"]) for one in counted}
    return tuple(
        Bill(
            provider=row.provider,
            day=row.day,
            rows=row.rows,
            differences=found.get((row.provider, row.day), (0, 0))[0],
            open_differences=found.get((row.provider, row.day), (0, 0))[1],
            compared_at=row.compared_at,
        )
        for row in rows
    )


def differences(shop: str, *, is_open: bool = True, limit: int = 100) -> tuple[Difference, ...]:
    """Where bills and books differ, newest day first. One statement. Index shop_payments_difference_open."""
    rows = models.Difference.objects.filter(shop=shop)
    if is_open:
        rows = rows.filter(state=GapState.OPEN)
    return tuple(row.value for row in rows.order_by("-day", "-pk")[:limit])


def repairable(provider: str, day: date) -> tuple[models.Difference, ...]:
    """Money on a bill that nobody told us of, for the verbs of this shelf."""
    rows = models.Difference.objects.filter(provider=provider, day=day, state=GapState.OPEN, gap=Gap.MISSING_HERE)
    return tuple(rows.filter(is_refund=False).order_by("pk"))


def shop_of(difference: Difference) -> str:
    """The shop that a row of a bill belongs to; our first one if nobody knows. At most two statements."""
    id = rules.payment_id_of(difference.payment_id)
    shop = models.Payment.objects.filter(pk=id).values_list("shop", flat=True).first() if id else None
    return shop or shops.shops()[0].code


def order_of(payment_id: str) -> str:
    """The order that an attempt is for; empty if nobody knows. One statement. Primary key."""
    id = rules.payment_id_of(payment_id)
    if id is None:
        return ""
    return models.Payment.objects.filter(pk=id).values_list("order_number", flat=True).first() or ""


def goes_back(provider: str, transaction_id: str) -> bool:
    """Whether money that no order took goes back. One statement. Index shop_payments_refund_money."""
    rows = models.Refund.objects.filter(provider=provider, transaction_id=transaction_id, is_stray=True)
    return rows.exists()


def _known(provider: str, rows: Sequence[BillRow]) -> Iterator[Moved]:
    asked = [row.transaction_id for row in rows if row.kind is BillKind.PAID]
    seen = set()
    for payment in models.Payment.objects.filter(provider=provider, transaction_id__in=asked):
        seen.add(payment.transaction_id)
        yield _payment(payment, is_expected=False)
    told = models.Message.objects.filter(provider=provider, transaction_id__in=asked).exclude(transaction_id__in=seen)
    for message in told.order_by("transaction_id", "pk").distinct("transaction_id"):
        yield Moved(
            is_refund=False,
            transaction_id=message.transaction_id,
            payment_id=message.payment_id,
            refund_id="",
            order_number=message.order_number,
            shop=message.shop,
            amount=Money(message.amount_minor, message.currency),
            is_expected=False,
        )
    ids = [id for id in (rules.payment_id_of(row.refund_id) for row in rows) if id]
    for refund in models.Refund.objects.filter(provider=provider, pk__in=ids):
        yield _refund(refund, is_expected=False)


def _expected(provider: str, day: date, rows: Sequence[BillRow]) -> Iterator[Moved]:
    since, until = _window(provider, day)
    billed = models.BillRow.objects.filter(provider=provider)
    settled = models.Payment.objects.filter(
        provider=provider,
        state__in=[State.SETTLED, State.REFUND_DUE],
        ended_at__gte=since,
        ended_at__lt=until,
        amount_minor__gt=0,
    )
    told = {row.transaction_id for row in rows if row.kind is BillKind.PAID}
    known = billed.filter(kind=BillKind.PAID).values("transaction_id")
    for payment in settled.exclude(transaction_id__in=known).exclude(transaction_id__in=told):
        yield _payment(payment, is_expected=True)
    done = models.Refund.objects.filter(
        provider=provider,
        state=RefundState.DONE,
        is_by_wallet=False,
        note="",
        provider_minor__gt=0,
        ended_at__gte=since,
        ended_at__lt=until,
    )
    told_back = {row.refund_id for row in rows if row.kind is BillKind.REFUNDED}
    for refund in done:
        if str(refund.pk) not in told_back and not billed.filter(refund_id=str(refund.pk)).exists():
            yield _refund(refund, is_expected=True)


def _window(provider: str, day: date) -> tuple[datetime, datetime]:
    """What must stand on this bill or the one before; only on this one if there is none before."""
    yesterday = day - timedelta(days=1)
    has_one_before = models.Bill.objects.filter(provider=provider, day=yesterday).exists()
    since = datetime.combine(yesterday, _CUT) if has_one_before else datetime.combine(day, time(tzinfo=UTC))
    return since, datetime.combine(day, _CUT)


def _payment(row: models.Payment, *, is_expected: bool) -> Moved:
    return Moved(
        is_refund=False,
        transaction_id=row.transaction_id,
        payment_id=str(row.pk),
        refund_id="",
        order_number=row.order_number,
        shop=row.shop,
        amount=Money(row.amount_minor, row.currency),
        is_expected=is_expected,
    )


def _refund(row: models.Refund, *, is_expected: bool) -> Moved:
    return Moved(
        is_refund=True,
        transaction_id=row.transaction_id,
        payment_id=row.payment_id,
        refund_id=str(row.pk),
        order_number=row.order_number,
        shop=row.shop,
        amount=Money(row.provider_minor, row.currency),
        is_expected=is_expected,
    )
