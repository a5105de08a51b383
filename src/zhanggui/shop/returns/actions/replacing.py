"""What goes out for an exchange, and what goes back to the shopper because it was rejected."""

from __future__ import annotations

from zhanggui.base.jobs.actions import later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.returns import models, queries
from zhanggui.shop.returns.actions.inspecting import finish_in_time
from zhanggui.shop.returns.actions.moving import close, lock_order, return_for, said, trail_of
from zhanggui.shop.returns.errors import StillOut
from zhanggui.shop.returns.rules import State, Verdict, Wish
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock import queries as stock_books
from zhanggui.supply.stock.rules import Allocation

_LONGEST_CARRIER, _LONGEST_TRACKING = 40, 60


@operation
def send_replacement(*, return_number: str, carrier: str, tracking: str, trail: Trail, by: Actor) -> None:
    """Send what the shopper gets for what came back; the exchange is over by that, and no money moves.

    refuses  NoSuchReturn, StillOut if it is no exchange, StepRefused before the inspection, WordsMissing
    tells    supply.stock_shipped, shop.return_closed
    """
    found = return_for(return_number, trail=trail, by=by)
    if found.wish is not Wish.EXCHANGE:
        raise StillOut(return_number=return_number)
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


@operation
def refund_instead(*, return_number: str, trail: Trail, by: Actor) -> None:
    """Give the money back where an exchange was wanted; what was promised for it goes back on sale.

    refuses  NoSuchReturn, StillOut if it is no exchange or is over
    tells    supply.stock_released
    """
    found = return_for(return_number, trail=trail, by=by)
    lock_order(found.order_number)
    rows = models.Return.objects.filter(pk=found.number, wish=Wish.EXCHANGE, ended_at=None)
    back = queries.refund_preview(found, orders.order_by_number(found.order_number))
    if not rows.update(wish=Wish.REFUND, expected_minor=back.total.minor):
        raise StillOut(return_number=return_number)
    models.Piece.objects.filter(return_of_id=found.number).update(wanted_sku="")
    stock.release(order_number=found.number, trail=trail_of(found), by=by)
    if found.state is State.INSPECTED:
        later(finish_in_time, return_number=found.number)


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
