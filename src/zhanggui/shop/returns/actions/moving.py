"""What every verb of a return needs: to find it, to lock, to move it on, to close it."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.jobs.actions import later
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.returns import models, queries, rules
from zhanggui.shop.returns.actions.evening import even_out
from zhanggui.shop.returns.errors import StepRefused, WordsMissing
from zhanggui.shop.returns.rules import Return, State
from zhanggui.spine.facts.returns import ReturnClosed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

_ORDERS_RETURNS: Final = 71_020


def lock_order(order_number: str) -> None:
    """Wait for whoever claims or refunds pieces of the same order; ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s::int, hashtext(%s::text))", [_ORDERS_RETURNS, order_number])


def order_for(order_number: str, *, trail: Trail, by: Actor) -> Order:
    """The order, if it is the shopper's own or somebody of the shop asks.

    refuses  NoSuchOrder
    """
    if by.kind is ActorKind.CUSTOMER:
        return orders.order(trail.shop, order_number, person=trail.person)
    return orders.order_for_staff(trail.shop, order_number)


def return_for(number: str, *, trail: Trail, by: Actor) -> Return:
    """The return, if it is the shopper's own or somebody of the shop asks.

    refuses  NoSuchReturn
    """
    if by.kind is ActorKind.CUSTOMER:
        return queries.return_of(trail.shop, number, person=trail.person)
    return queries.return_for_staff(trail.shop, number)


def move(number: str, *, to: State, **changed: Any) -> None:
    """Let a return go on, and write down what comes with it.

    refuses  StepRefused, in a sentence, if it does not stand where that follows
    """
    if to in rules.ENDED:
        changed["ended_at"] = clock.now()
    rows = models.Return.objects.filter(pk=number, state__in=rules.before(to))
    if not rows.update(state=to, **changed):
        state = State(models.Return.objects.values_list("state", flat=True).get(pk=number))
        raise StepRefused(return_number=number, state=state, to=to, reason=rules.refusal(state, to=to))


def close(found: Return, *, to: State, by: Actor, refunded: Money | None = None, **changed: Any) -> None:
    """Let a return end: what it did not take back may be given back once more, what it held in stock is let go.

    tells  shop.return_closed
    """
    if refunded is not None:
        changed["refunded_minor"] = refunded.minor
    move(found.number, to=to, **changed)
    is_taken = to in (State.REFUNDED, State.EXCHANGED)
    if to is not State.REFUNDED:
        models.Piece.objects.filter(return_of_id=found.number).update(is_claimed=False)
    trail = trail_of(found)
    if found.wish is rules.Wish.EXCHANGE and to is not State.EXCHANGED:
        stock.release(order_number=found.number, trail=trail, by=by)
    # Asked again: somebody may have begun to pay while this waited for the row.
    asks = models.Return.objects.exclude(paid_with="").filter(pk=found.number)
    if found.wish is rules.Wish.EXCHANGE and to is not State.EXCHANGED and asks.exists():
        later(even_out, return_number=found.number)
    given = refunded or found.to_give
    fact = ReturnClosed(
        order_number=found.order_number,
        return_number=found.number,
        outcome=to,
        lines=rules.told_lines(found.accepted if is_taken else ()),
        amount_minor=given.minor if is_taken else 0,
        currency=found.expected.currency,
    )
    record(fact, by=by, trail=trail, subject=f"return:{found.number}")


def trail_of(found: Return) -> Trail:
    """Where facts about a return belong: the walk that led to its order, caused by the request. One statement."""
    return orders.order_by_number(found.order_number).trail.after(found.requested_fact)


def said(words: str, *, needed: bool) -> str:
    """Words as they are kept.

    refuses  WordsMissing if they are needed and empty, or longer than a page holds
    """
    trimmed = words.replace("\0", "").strip()
    if (needed and not trimmed) or len(trimmed) > rules.LONGEST_WORDS:
        raise WordsMissing(length=len(trimmed))
    return trimmed
