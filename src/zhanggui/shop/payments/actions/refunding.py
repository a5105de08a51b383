"""Deciding that money goes back, and booking where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import F, Sum

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import later
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.errors import MoreThanBought
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import models, rules
from zhanggui.shop.payments.actions import attempts, paying_back, tendering
from zhanggui.shop.payments.errors import RefundDiffers
from zhanggui.shop.payments.rules import Parts, RefundLine, RefundState, State, Tender
from zhanggui.spine.facts.payments import RefundStarted
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


@operation
def refund(
    *,
    order_number: str,
    amount: Money,
    units: Mapping[int, int],
    reason: str,
    reference: str,
    trail: Trail,
    by: Actor,
) -> str:
    """Give money of a paid order back, the way it came; the refund's id.

    Wallet and cards have their share at once, the provider is told by a job. Refunding all, in whatever parts, gives
    each of them exactly what it paid.

    amount     in the currency of the order, > 0
    units      pieces by line position whose money is in the amount; empty for money without goods
    reference  what it is for, such as a return's number: the same for the same order is the same refund
    refuses    NoSuchOrder, MoreThanPaid, MoreThanBought, RefundDiffers if the reference was refunded otherwise
    tells      shop.refund_started; shop.refund_settled if no provider has a part in it
    """
    rows = attempts.locked(order_number)
    if earlier := models.Refund.objects.filter(shop=trail.shop, order_number=order_number, reference=reference).first():
        return _same(earlier, amount, units)
    order = orders.order_for_staff(trail.shop, order_number)
    lines = _lines(order, units)
    orders_actions.give_back(order_number=order_number, amount=amount, units=units)
    paid = next(row for row in rows if row.state == State.SETTLED)
    row, tenders, before = _shared_out(order, paid, amount=amount, lines=lines, reason=reason, reference=reference)
    given = rules.lines_given([line for line, _ in lines], goods_minor=row.goods_minor)
    worth = order_rules.in_books(amount, order.booked)
    fact = RefundStarted(
        order_number=order_number,
        refund_id=str(row.id),
        lines=rules.told_back(given, booked=order.booked),
        reason=reason,
        amount_minor=worth.minor,
        currency=worth.currency,
    )
    cause = trail.cause or paid.started_fact
    row.started_fact = record(fact, by=by, trail=order.trail.after(cause), subject=f"refund:{row.id}")
    row.save(force_insert=True)
    _write_lines(row.id, given)
    parts = Parts(
        goods=Money(row.goods_minor, row.currency),
        shipping=Money(row.shipping_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
    )
    entry = rules.refund_entry(order, refund=row.value, tenders=tenders, parts=parts, before=before)
    ledger.post(entry=entry, by=by)
    paying_back.begin(row, by=by)
    return str(row.id)


def owe_back(
    *,
    shop: str,
    provider: str,
    order_number: str,
    payment_id: str,
    transaction_id: str,
    amount: Money,
    reason: str,
    by: Actor,
) -> None:
    """Money that no order takes goes back whole; the same transaction once."""
    reference = f"{provider}/{transaction_id}"
    mine = models.Refund.objects.filter(shop=shop, order_number=order_number, reference=reference)
    if mine.exists():
        return
    row = models.Refund(
        id=ids.uuid7(),
        shop=shop,
        order_number=order_number,
        payment_id=payment_id,
        provider=provider,
        transaction_id=transaction_id,
        amount_minor=amount.minor,
        provider_minor=amount.minor,
        currency=amount.currency,
        reason=reason,
        reference=reference,
        is_stray=True,
        state=RefundState.DUE,
        started_at=clock.now(),
        next_at=clock.now(),
    )
    row.save(force_insert=True)
    ledger.post(entry=rules.stray_entry(row.value), by=by)
    later(paying_back.pay_back, refund_id=str(row.id))


def _same(row: models.Refund, amount: Money, units: Mapping[int, int]) -> str:
    refund = row.value
    if refund.amount != amount or {line.position: line.units for line in refund.lines} != dict(units):
        raise RefundDiffers(order_number=refund.order_number, reference=refund.reference)
    return refund.id


def _lines(order: Order, units: Mapping[int, int]) -> tuple[tuple[RefundLine, order_rules.Portion], ...]:
    """What the pieces that come back paid, line by line.

    refuses  MoreThanBought
    """
    by_position = {line.position: line for line in order.lines}
    found = []
    for position, pieces in sorted(units.items()):
        line = by_position.get(position)
        if line is None:
            raise MoreThanBought(position=position, units=pieces, left_units=0)
        portion = order_rules.portion(line, units=pieces)
        given = RefundLine(position=position, sku=line.sku, category=line.category, units=pieces, amount=portion.goods)
        found.append((given, portion))
    return tuple(found)


def _shared_out(
    order: Order,
    paid: models.Payment,
    *,
    amount: Money,
    lines: Sequence[tuple[RefundLine, order_rules.Portion]],
    reason: str,
    reference: str,
) -> tuple[models.Refund, tuple[Tender, ...], Parts]:
    """The refund's row, each tender's share, and what went back before."""
    before = _given_before(order)
    units = Parts.nothing(amount.currency)
    for _, one in lines:
        units += Parts(goods=one.goods, shipping=one.shipping, tax=one.tax)
    parts = rules.parts_given_back(amount, units=units, left=Parts.of(order) - before)
    taken = tendering.taken_by(order.number)
    left = [Money(paid.amount_minor - paid.refunded_minor, paid.currency)]
    shares = rules.shares(amount, left=[*left, *(one.tender.amount - one.refunded for one in taken)])
    if shares[0]:
        models.Payment.objects.filter(pk=paid.pk).update(refunded_minor=F("refunded_minor") + shares[0].minor)
    now = clock.now()
    row = models.Refund(
        id=ids.uuid7(),
        shop=order.shop,
        order_number=order.number,
        payment_id=str(paid.pk),
        provider=paid.provider,
        transaction_id=paid.transaction_id,
        amount_minor=amount.minor,
        provider_minor=shares[0].minor,
        goods_minor=parts.goods.minor,
        shipping_minor=parts.shipping.minor,
        tax_minor=parts.tax.minor,
        currency=amount.currency,
        reason=reason,
        reference=reference,
        state=RefundState.DUE,
        started_at=now,
        next_at=now,
    )
    return row, tendering.give_back(taken, shares[1:]), before


def _given_before(order: Order) -> Parts:
    sums = models.Refund.objects.filter(shop=order.shop, order_number=order.number, is_stray=False).aggregate(
        goods=Sum("goods_minor"), shipping=Sum("shipping_minor"), tax=Sum("tax_minor")
    )
    currency = order.total.currency
    return Parts(
        goods=Money(sums["goods"] or 0, currency),
        shipping=Money(sums["shipping"] or 0, currency),
        tax=Money(sums["tax"] or 0, currency),
    )


def _write_lines(refund_id: UUID, lines: Sequence[RefundLine]) -> None:
    models.RefundLine.objects.bulk_create(
        models.RefundLine(
            refund_id=refund_id,
            position=line.position,
            sku=line.sku,
            category=line.category,
            units=line.units,
            amount_minor=line.amount.minor,
        )
        for line in lines
    )
