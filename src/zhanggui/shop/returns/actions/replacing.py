"""What goes out for an exchange, and what goes back to the shopper because it was rejected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhanggui.base.jobs.actions import later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import models, queries, rules
from zhanggui.shop.returns.actions.agreeing import agree, price, set_aside
from zhanggui.shop.returns.actions.evening import even_out
from zhanggui.shop.returns.actions.inspecting import finish_in_time
from zhanggui.shop.returns.actions.moving import close, lock_order, return_for, said, trail_of
from zhanggui.shop.returns.errors import DifferenceDue, StillOut
from zhanggui.shop.returns.rules import Return, State, Verdict, Wish
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock import queries as stock_books
from zhanggui.supply.stock.rules import Allocation

_LONGEST_CARRIER, _LONGEST_TRACKING = 40, 60
_BEFORE_INSPECTION: Final = sorted(rules.OPEN - {State.INSPECTED})


@operation
def send_replacement(*, return_number: str, carrier: str, tracking: str, trail: Trail, by: Actor) -> None:
    """Send what the shopper gets for what came back; the exchange is over by that. What it costs less is paid back.

    refuses  NoSuchReturn, StillOut if it is no exchange, DifferenceDue if that has not been paid, StepRefused before
             the inspection, WordsMissing
    tells    supply.stock_shipped, shop.return_closed; money that goes back is told by payments
    """
    lock_order(return_for(return_number, trail=trail, by=by).order_number)
    found = return_for(return_number, trail=trail, by=by)
    if found.wish is not Wish.EXCHANGE:
        raise StillOut(return_number=return_number)
    if not queries.is_paid(found):
        raise DifferenceDue(
            return_number=return_number, amount_minor=found.to_pay.minor, currency=found.to_pay.currency
        )
    close(
        found,
        to=State.EXCHANGED,
        by=by,
        replacement_carrier=said(carrier, needed=True)[:_LONGEST_CARRIER],
        replacement_tracking=said(tracking, needed=True)[:_LONGEST_TRACKING],
    )
    pieces = [
        Allocation(line=kept.line, sku=kept.sku, warehouse=kept.warehouse, units=kept.open_units)
        for kept in stock_books.reservations(found.number)
        if kept.open_units
    ]
    stock.ship(order_number=found.number, parcel_id=found.number, pieces=pieces, trail=trail_of(found), by=by)
    if found.to_give:
        payments.refund(
            order_number=found.order_number,
            amount=found.to_give,
            units={},
            reason=found.reason,
            reference=found.number,
            trail=trail_of(found),
            by=by,
        )


@operation
def refund_instead(*, return_number: str, trail: Trail, by: Actor) -> None:
    """Give the money back where an exchange was wanted; what was promised for it goes back on sale.

    A difference that was paid goes back too.

    refuses  NoSuchReturn, StillOut if it is no exchange or is over
    tells    supply.stock_released
    """
    found = return_for(return_number, trail=trail, by=by)
    lock_order(found.order_number)
    make_refund(queries.return_by_number(return_number), by=by)


def make_refund(found: Return, *, by: Actor) -> None:
    """Let an exchange go on as a refund, as if nothing else had ever been wanted. A part of what ends an exchange.

    refuses  StillOut if it is no exchange or is over
    tells    supply.stock_released
    """
    back = queries.refund_preview(found, orders.order_by_number(found.order_number))
    rows = models.Return.objects.filter(pk=found.number, wish=Wish.EXCHANGE, ended_at=None)
    if not rows.update(wish=Wish.REFUND, expected_minor=back.total.minor, pay_by=None):
        raise StillOut(return_number=found.number)
    pieces = models.Piece.objects.filter(return_of_id=found.number)
    pieces.update(wanted_sku="", new_goods_minor=None, new_tax_minor=None)
    stock.release(order_number=found.number, trail=trail_of(found), by=by)
    if found.paid_with:
        later(even_out, return_number=found.number)
    if found.state is State.INSPECTED:
        later(finish_in_time, return_number=found.number)


@operation
def exchange_instead(*, return_number: str, wanted: Mapping[int, str], trail: Trail, by: Actor) -> None:
    """Send other goods where the money was wanted back, before the pieces were inspected: of any product of the shop.

    wanted   a SKU by line position; the same again if it is left out
    refuses  NoSuchReturn, StillOut if it is an exchange already or is inspected, CannotExchange, OutOfStock
    tells    supply.stock_held and, if it costs more, shop.exchange_due; for a return that waits for a decision when it
             is approved
    """
    lock_order(return_for(return_number, trail=trail, by=by).order_number)
    found = return_for(return_number, trail=trail, by=by)
    order = orders.order_by_number(found.order_number)
    instead = agree(order, found.units, wanted, is_staff=True)
    pieces = list(models.Piece.objects.filter(return_of_id=found.number).order_by("position", "unit"))
    for piece in pieces:
        piece.wanted_sku = instead[piece.position]
    price(order, pieces, queries.refund_preview(found, order))
    expected = rules.saved(queries.piece_value(piece, order.total.currency) for piece in pieces)
    rows = models.Return.objects.filter(pk=found.number, wish=Wish.REFUND, state__in=_BEFORE_INSPECTION)
    if not rows.update(wish=Wish.EXCHANGE, expected_minor=expected):
        raise StillOut(return_number=return_number)
    models.Piece.objects.bulk_update(pieces, ["wanted_sku", "new_goods_minor", "new_tax_minor"])
    if found.state is not State.REQUESTED:
        set_aside(queries.return_by_number(found.number), order, by=by)


@operation
def note_sent_back(*, return_number: str, carrier: str, tracking: str, trail: Trail, by: Actor) -> None:
    """Know that rejected pieces are on their way back to the shopper, so that the shopper can follow them.

    refuses  NoSuchReturn, StillOut if nothing was rejected or it was sent before, WordsMissing
    """
    found = return_for(return_number, trail=trail, by=by)
    rows = models.Return.objects.filter(
        pk=found.number, sent_back_tracking="", pieces__verdict=Verdict.REJECTED
    ).values("pk")
    changed = models.Return.objects.filter(pk__in=rows, sent_back_tracking="").update(
        sent_back_carrier=said(carrier, needed=True)[:_LONGEST_CARRIER],
        sent_back_tracking=said(tracking, needed=True)[:_LONGEST_TRACKING],
    )
    if not changed:
        raise StillOut(return_number=return_number)
