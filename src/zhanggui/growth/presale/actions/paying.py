"""Paying the balance: an ordinary order takes the pieces, or gives them back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.growth.presale import models, queries, rules
from zhanggui.growth.presale.errors import BalanceAsked, BalanceNotWhole
from zhanggui.growth.presale.rules import SOURCE, Claimed, State
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout import rules as checkout_rules
from zhanggui.shop.checkout.rules import Quote
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import TransitionRefused
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

# Primary keys, in their order. What has to be so is asked where the row is locked (docs/decisions/0007): of two windows
# that pay the same balance, and of a payment and the end of the time, the second one finds nothing.
_CLAIM = """
with mine as materialized (
    select r.id from growth_presale_reservation r
    where r.id = any(%s::uuid[]) and r.shop = %s::varchar and r.person = %s::varchar
        and r.state in ('deposit_paid', 'balance_open') and r.balance_order = ''
        and exists (select from growth_presale_presale p where p.id = r.presale_id and p.ended_as = ''
            and p.balance_from <= %s::timestamptz and p.balance_until > %s::timestamptz)
    order by r.id for update of r)
update growth_presale_reservation r set state = 'balance_open', balance_order = %s::varchar
from mine where r.id = mine.id
returning r.id
"""


@operation
def claim(*, quote: Quote, order_number: str, customer_id: UUID, trail: Trail, by: Actor) -> None:
    """Let an order pay the balances that its price counted on, and hand it the pieces that were kept for them.

    What it lets go of the order holds in the same transaction. All levels are waited for before, in the order in which
    the order's own hold waits for them.

    refuses  BalanceAsked if one is being paid in another window or no longer can be, BalanceNotWhole
    tells    supply.stock_released
    """
    wanted = rules.claimed(quote)
    if not wanted:
        return
    rows = _claimed(wanted, order_number=order_number, trail=trail)
    for one in wanted:
        row = rows[one.reservation]
        balance = row.presale.terms.balance
        if not rules.is_whole(one, quote, sku=row.sku, units=row.units, balance=balance):
            raise BalanceNotWhole(id=str(row.id), units=row.units)
    stock.wait_for(_stocked(quote))
    for row in rows.values():
        stock.release_lines(
            order_number=rules.held_as(row.id),
            units={row.stock_line: row.units},
            reference=f"balance/{order_number}",
            trail=trail,
            by=by,
        )


@operation
def take_over(*, order_number: str, is_paid: bool, trail: Trail, by: Actor) -> None:
    """Keep the pieces of an order for a balance that came to nothing for those who reserved them. A part of its end.

    The pieces are never free in between. Once the window is over, or the presale called off, they go back on sale with
    the rest. An order that was paid and is called off is none of ours: deposit and balance go back.

    refuses  TransitionRefused for a shopper who calls off the order of a deposit that is paid
    tells    supply.stock_held and supply.stock_released for what is kept
    """
    if not queries.is_used(trail.shop):
        return
    if is_paid and by.kind is ActorKind.CUSTOMER:
        _refuse_deposit(order_number)
    mine = models.Reservation.objects.filter(balance_order=order_number, state=State.BALANCE_OPEN)
    rows = list(mine.select_for_update(of=["self"]).select_related("presale").order_by("id"))
    if not rows or is_paid:
        return
    order = orders.order_by_number(order_number)
    left = {line.position: line.quantity for line in order.lines}
    for row in rows:
        is_over = bool(row.presale.ended_as) or row.presale.balance_until <= clock.now()
        if not is_over:
            _keep(row, order, left, trail=trail, by=by)
        row.balance_order = ""
        row.state = State.BALANCE_EXPIRED if is_over and not row.presale.ended_as else State.BALANCE_OPEN
        row.save(update_fields=["balance_order", "state", "stock_line"])


def _refuse_deposit(order_number: str) -> None:
    """A deposit does not come back because its order is called off, not even in the moment after it was paid."""
    if models.Reservation.objects.filter(deposit_order=order_number).exists():
        raise TransitionRefused(
            order_number=order_number,
            state=OrderState.PAID,
            to=OrderState.CANCELLED,
            reason="A deposit that is paid does not come back by calling its order off.",
        )


def _claimed(wanted: Sequence[Claimed], *, order_number: str, trail: Trail) -> dict[UUID, models.Reservation]:
    now = clock.now()
    asked = [one.reservation for one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [asked, trail.shop, trail.person, now, now, order_number])
        got = {row[0] for row in cursor.fetchall()}
    for id in asked:
        if id not in got:
            raise BalanceAsked(id=str(id))
    rows = models.Reservation.objects.filter(pk__in=asked).select_related("presale").order_by("id")
    return {row.id: row for row in rows}


def _stocked(quote: Quote) -> frozenset[str]:
    """All SKUs that an order of these goods will hold, bundles by their parts."""
    cards = catalogue.products(sorted({item.sku for item in quote.basket.items}))
    return frozenset(sku for card in cards.values() for sku, _ in checkout_rules.parts_of(card))


def _keep(row: models.Reservation, order: Order, left: dict[int, int], *, trail: Trail, by: Actor) -> None:
    """Pass a reservation's pieces from the order's lines that came from it to itself, under a line of their own."""
    source = f"{SOURCE}{row.id}"
    lines = {
        line.position: left[line.position]
        for line in order.lines
        if line.sku == row.sku and any(share.source == source for share in line.shares)
    }
    units = rules.spread(row.units, lines)
    for position, pieces in units.items():
        left[position] -= pieces
    row.stock_line += 1
    stock.pass_on(
        order_number=order.number,
        units=units,
        to=rules.held_as(row.id),
        to_line=row.stock_line,
        trail=trail,
        by=by,
    )
