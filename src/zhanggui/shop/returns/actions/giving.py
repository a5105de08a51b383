"""Money that goes back although no goods do."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as fulfilment_books
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import models, queries, rules
from zhanggui.shop.returns.actions.asking import request
from zhanggui.shop.returns.actions.inspecting import finish
from zhanggui.shop.returns.actions.moving import lock_order, order_for, said
from zhanggui.shop.returns.errors import CannotCallOff, GoodwillTooHigh, NothingToRefund
from zhanggui.shop.returns.rules import Reason
from zhanggui.spine.log.rules import Trail


@operation
def call_off_paid(*, order_number: str, reason: str, trail: Trail, by: Actor) -> None:
    """Call off an order that is paid and of which nothing has left: no parcel, stock back on sale, all money back.

    reason   a word, such as changed_mind
    refuses  NoSuchOrder, for another shopper's too; CannotCallOff if it is not paid, if it is the difference of an
             exchange, or if a file or a service was handed over and it is the shopper who asks; AlreadyLeft if a parcel
             has left
    tells    shop.order_cancelled, supply.stock_released; the money is told by payments
    """
    order = order_for(order_number, trail=trail, by=by)
    lock_order(order_number)
    is_used = by.kind is ActorKind.CUSTOMER and bool(fulfilment_books.delivered_at(order_number))
    if order.state is not OrderState.PAID or is_used or queries.exchange_of(order):
        raise CannotCallOff(order_number=order_number, state=order.state)
    fulfilment.call_off(order_number=order_number, by=by)
    order_actions.cancel_paid(order_number=order_number, reason=reason, trail=trail, by=by)
    order = orders.order_by_number(order_number)
    left = order.total - order.refunded
    if not left:
        return
    payments.refund(
        order_number=order_number,
        amount=left,
        units={
            line.position: line.quantity - line.returned_units
            for line in order.lines
            if line.quantity > line.returned_units
        },
        reason=reason,
        reference=f"call-off:{order_number}",
        trail=order.trail if trail.cause is None else order.trail.after(trail.cause),
        by=by,
    )


@operation
def give_lost(
    *, order_number: str, units: Mapping[int, int], words: str, idempotency_key: str = "", trail: Trail, by: Actor
) -> str:
    """Give back the money for pieces that never arrived, their share of the way out included; the return's number.

    words    what happened to the parcel, for colleagues and the shopper
    refuses  NoSuchOrder, NothingChosen, NotReturnable, WordsMissing
    tells    shop.return_requested, shop.return_closed; the money is told by payments
    """
    number = request(
        order_number=order_number,
        units=units,
        reason=Reason.LOST,
        words=said(words, needed=True),
        is_kept=True,
        trail=trail,
        by=by,
    )
    finish(return_number=number, by=by)
    return number


@operation
def give_goodwill(
    *,
    order_number: str,
    amount: Money,
    words: str,
    is_unlimited: bool = False,
    idempotency_key: str = "",
    trail: Trail,
    by: Actor,
) -> str:
    """Give money back without goods, to the cent: a scratch, a late parcel, an apology. The id of the gift.

    words         why, for colleagues
    is_unlimited  whoever gives it has the right to give more than `rules.goodwill_limit` in all
    refuses       NoSuchOrder, NothingToRefund, GoodwillTooHigh, WordsMissing; nothing is written
    tells         nothing; the money is told by payments
    """
    order = order_for(order_number, trail=trail, by=by)
    lock_order(order_number)
    words = said(words, needed=True)
    _check_gift(order, amount, is_unlimited=is_unlimited)
    id = ids.uuid7()
    models.Goodwill.objects.create(
        id=id,
        shop=order.shop,
        order_number=order_number,
        amount_minor=amount.minor,
        currency=amount.currency,
        words=words,
        given_by=str(by),
        given_at=clock.now(),
    )
    payments.refund(
        order_number=order_number,
        amount=amount,
        units={},
        reason="goodwill",
        reference=f"goodwill:{id}",
        trail=order.trail if trail.cause is None else order.trail.after(trail.cause),
        by=by,
    )
    return str(id)


def _check_gift(order: Order, amount: Money, *, is_unlimited: bool) -> None:
    """See that so much is left of what was paid, and that all gifts together stay within the limit.

    refuses  NothingToRefund, GoodwillTooHigh
    """
    left = order.total - order.refunded
    if order.paid_at is None or amount.minor <= 0 or amount > left:
        raise NothingToRefund(order_number=order.number, left_minor=left.minor)
    given = Money.total((one.amount for one in queries.goodwill_of(order.number)), amount.currency)
    limit = rules.goodwill_limit(order)
    if given + amount > limit and not is_unlimited:
        raise GoodwillTooHigh(
            order_number=order.number, amount_minor=(given + amount).minor, limit_minor=(limit - given).minor
        )
