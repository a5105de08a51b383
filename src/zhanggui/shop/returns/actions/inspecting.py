"""Looking at what came back, piece by piece, and giving the money back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import models, queries, rules
from zhanggui.shop.returns.actions.evening import even_out
from zhanggui.shop.returns.actions.moving import close, lock_order, move, return_for, said, trail_of
from zhanggui.shop.returns.errors import PictureNotAllowed, StillOut, VerdictMissing
from zhanggui.shop.returns.rules import Finding, Kept, Piece, Return, State, Verdict, Wish
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.rules import Condition

_CONDITIONS = {Verdict.SELLABLE: Condition.SELLABLE, Verdict.DEFECTIVE: Condition.DEFECTIVE}


@job(name="returns.finish")
def finish_in_time(return_number: str) -> None:
    """The job that gives the money back after an inspection, by itself."""
    finish(return_number=return_number, by=job_actor("returns.finish"))


@operation
def inspect(
    *, return_number: str, findings: Sequence[Finding], pictures: Sequence[Kept] = (), trail: Trail, by: Actor
) -> None:
    """Write down what every piece is. Good ones go back on sale, broken ones aside, rejected ones to the shopper.

    The refund then runs by itself; if every piece is rejected, the return ends here.

    findings  one for each piece
    refuses   NoSuchReturn, StepRefused, VerdictMissing, WordsMissing, PictureNotAllowed; nothing is written
    tells     supply.stock_taken_back; shop.return_closed if all is rejected
    """
    found = return_for(return_number, trail=trail, by=by)
    _check(found, findings, pictures)
    move(found.number, to=State.INSPECTED, inspected_at=clock.now())
    for finding in findings:
        pieces = models.Piece.objects.filter(return_of_id=found.number, number=finding.piece)
        is_rejected = finding.verdict is Verdict.REJECTED
        pieces.update(
            verdict=finding.verdict, found=said(finding.found, needed=is_rejected), is_claimed=not is_rejected
        )
    models.Picture.objects.bulk_create(
        models.Picture(return_of_id=found.number, position=place, digest=kept.digest, kind=kept.kind, is_ours=True)
        for place, kept in enumerate(pictures, start=1)
    )
    _put_away(queries.return_by_number(found.number), by=by)
    _go_on(queries.return_by_number(found.number), by=by)


@operation
def finish(*, return_number: str, by: Actor) -> bool:
    """Give the money for an inspected return back, from the frozen shares; False if it has gone already.

    refuses  NoSuchReturn, StepRefused, StillOut for an exchange: it ends when the replacement is sent
    tells    shop.return_closed; the money is told by payments
    """
    found = queries.return_by_number(return_number)
    lock_order(found.order_number)
    found = queries.return_by_number(return_number)
    if found.state is State.REFUNDED:
        return False
    if found.wish is Wish.EXCHANGE:
        raise StillOut(return_number=return_number)
    order = orders.order_by_number(found.order_number)
    back = queries.refund_preview(found, order)
    _freeze(found, back)
    close(found, to=State.REFUNDED, by=by, refunded=back.total)
    parts = {order.number: (back.own, found.units), **{number: (more, {}) for number, more in back.on_top.items()}}
    for number, (amount, units) in parts.items():
        if amount:
            payments.refund(
                order_number=number,
                amount=amount,
                units=units,
                reason=found.reason,
                reference=found.number,
                trail=order.trail.after(found.requested_fact),
                by=by,
            )
    return True


def _check(found: Return, findings: Sequence[Finding], pictures: Sequence[Kept]) -> None:
    asked = Counter(finding.piece for finding in findings)
    for piece in found.pieces:
        if asked.pop(piece.number, 0) != 1:
            raise VerdictMissing(return_number=found.number, piece=piece.number)
    if asked or any(finding.verdict is Verdict.NONE for finding in findings):
        raise VerdictMissing(return_number=found.number, piece=min(asked, default=0))
    if len(pictures) > rules.MOST_PICTURES:
        raise PictureNotAllowed(reason="number", most=rules.MOST_PICTURES)


def _put_away(found: Return, *, by: Actor) -> None:
    """Give the pieces that are ours to the warehouse; a bundle's parts lie there one by one."""
    order = orders.order_by_number(found.order_number)
    for verdict, condition in _CONDITIONS.items():
        pieces = [piece for piece in found.pieces if piece.verdict is verdict]
        units = _stocked(order, pieces)
        if units:
            stock.take_back(
                reference=found.number,
                warehouse=found.warehouse,
                units=units,
                condition=condition,
                trail=trail_of(found),
                by=by,
            )


def _stocked(order: Order, pieces: Sequence[Piece]) -> dict[str, int]:
    units: Counter[str] = Counter()
    for piece in pieces:
        line = order.line(piece.slot.position)
        if line.parts:
            units.update({part.sku: part.units for part in line.parts})
        elif line.needs_shipping:
            units[piece.sku] += 1
    return dict(sorted(units.items()))


def _go_on(found: Return, *, by: Actor) -> None:
    rejected = [piece for piece in found.pieces if piece.verdict is Verdict.REJECTED]
    if not found.accepted:
        why = "\n".join(dict.fromkeys(piece.found for piece in rejected))
        close(found, to=State.REJECTED, by=by, refused_why=why)
        return
    if found.wish is Wish.REFUND:
        order = orders.order_by_number(found.order_number)
        expected = queries.refund_preview(found, order).total
        models.Return.objects.filter(pk=found.number).update(expected_minor=expected.minor)
        later(finish_in_time, return_number=found.number)
    elif rejected:
        units = dict(sorted(Counter(piece.slot.position for piece in rejected).items()))
        stock.release_lines(order_number=found.number, units=units, trail=trail_of(found), by=by)
        models.Return.objects.filter(pk=found.number).update(expected_minor=found.to_give.minor)
        if found.paid_with:
            later(even_out, return_number=found.number)


def _freeze(found: Return, back: rules.Back) -> None:
    """Write down with every piece what went back for it."""
    for piece in back.pieces:
        rows = models.Piece.objects.filter(
            return_of_id=found.number, position=piece.slot.position, unit=piece.slot.unit, is_claimed=True
        )
        rows.update(
            goods_minor=piece.goods.minor,
            tax_minor=piece.tax.minor,
            shipping_minor=piece.shipping.minor,
            is_refunded=True,
        )
