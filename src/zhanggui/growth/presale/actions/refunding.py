"""Giving back what was paid first, the way it came."""

from __future__ import annotations

from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.presale import models
from zhanggui.growth.presale.rules import held_as
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import portion
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.rules import Trail


def give_back(
    row: models.Reservation,
    pieces: int,
    *,
    positions: tuple[int, ...] = (1, 2),
    reason: str,
    trail: Trail,
    by: Actor,
    nth: int = 0,
) -> Money:
    """Refund pieces of the deposit's order, once; how much that is. What somebody gave back by hand is not given twice.

    positions  its lines: 1 is the deposit, 2 the prepayment if there is one
    nth        how many pieces will be back then, where they come back one after the other
    tells      shop.refund_started
    """
    order = orders.order_by_number(row.deposit_order)
    left = {
        line: min(pieces, line.quantity - line.returned_units) for line in order.lines if line.position in positions
    }
    units = {line.position: few for line, few in left.items() if few}
    paid = Money.total((portion(line, units=few).total for line, few in left.items() if few), row.currency)
    amount = min(paid, order.total - order.refunded)
    if amount:
        payments.refund(
            order_number=order.number,
            amount=amount,
            units=units,
            reason=reason,
            reference=f"{held_as(row.id)}/{nth}",
            trail=trail,
            by=by,
        )
    return amount
