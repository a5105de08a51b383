"""The difference that an exchange costs more: asked for with an order of its own, and given up in time.

That order holds no goods, so its payment, its provider, its expiry and its books are those of every order. The goods of
the exchange stay a parcel of the return.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.rules import Destination, Line, NewOrder, Order
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import queries as payment_books
from zhanggui.shop.returns import models, queries
from zhanggui.shop.returns.actions.evening import close_order
from zhanggui.shop.returns.actions.moving import lock_order, return_for, trail_of
from zhanggui.shop.returns.actions.replacing import make_refund
from zhanggui.shop.returns.errors import NothingDue
from zhanggui.shop.returns.rules import Return
from zhanggui.spine.facts.returns import ExchangeLapsed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where the difference of an exchange is paid: an order of its own, and the attempt to pay it."""

    order_number: str
    payment_id: str


@operation
def pay_difference(*, return_number: str, provider: str, trail: Trail, by: Actor) -> Asked:
    """Begin to pay what an exchange costs more; the order that asks for it, while it waits, stays the same.

    refuses  NoSuchReturn, for another shopper's too; NothingDue, NoSuchProvider
    tells    shop.difference_placed the first time, and shop.payment_started as `payments.pay_again` does
    """
    lock_order(return_for(return_number, trail=trail, by=by).order_number)
    found = return_for(return_number, trail=trail, by=by)
    first = orders.order_by_number(found.order_number)
    payment_books.provider(provider, currency=first.total.currency)
    if not found.is_open or not found.to_pay or found.pay_by is None or clock.now() >= found.pay_by:
        raise NothingDue(return_number=return_number)
    walk = first.trail.after(found.requested_fact)
    if standing := _standing(found):
        id = payments.pay_again(order_number=standing, provider=provider, trail=walk, by=by)
        return Asked(order_number=standing, payment_id=id)
    opened = order_actions.open_order(order=_order(found, first), trail=walk, by=by)
    _hang_on(found, opened.number)
    id = payments.start(
        order_number=opened.number, due=found.to_pay, provider=provider, trail=walk.after(opened.fact_id), by=by
    )
    return Asked(order_number=opened.number, payment_id=id)


@job(name="returns.lapse")
def lapse(return_number: str) -> None:
    """End an exchange whose difference was not paid in time: it goes on as a refund, and the goods are on sale again.

    The order that asks for the difference is closed at its provider first; if that says it was paid, it is paid.
    """
    found = queries.return_by_number(return_number)
    if found.paid_with and orders.order_by_number(found.paid_with).is_open:
        close_order(order_number=found.paid_with)
    _lapse(return_number=return_number)


@operation
def _lapse(*, return_number: str) -> bool:
    """Tells  shop.exchange_lapsed, supply.stock_released"""
    found = queries.return_by_number(return_number)
    lock_order(found.order_number)
    found = queries.return_by_number(return_number)
    if not found.is_open or not found.to_pay or found.pay_by is None or clock.now() < found.pay_by:
        return False
    if queries.is_paid(found):
        models.Return.objects.filter(pk=found.number).update(pay_by=None)
        return False
    if found.paid_with and orders.order_by_number(found.paid_with).is_open:
        return False
    by = job_actor("returns.lapse")
    fact = ExchangeLapsed(
        order_number=found.order_number,
        return_number=found.number,
        amount_minor=found.to_pay.minor,
        currency=found.to_pay.currency,
    )
    record(fact, by=by, trail=trail_of(found), subject=f"return:{found.number}")
    make_refund(found, by=by)
    return True


def _standing(found: Return) -> str:
    """The order that asks for the difference already; empty if there is none, or it was given up.

    refuses  NothingDue if it is paid, or is about to be closed
    """
    if not found.paid_with:
        return ""
    standing = orders.order_by_number(found.paid_with)
    is_over = standing.is_open and (standing.total != found.to_pay or clock.now() >= standing.expires_at)
    if standing.state in order_rules.STANDS or is_over:
        raise NothingDue(return_number=found.number)
    return standing.number if standing.is_open else ""


def _hang_on(found: Return, order_number: str) -> None:
    """Let an order ask for the difference, if the return still stands as it was read.

    refuses  NothingDue: it was called off or inspected meanwhile
    """
    rows = models.Return.objects.filter(pk=found.number, state=found.state, wish=found.wish, paid_with=found.paid_with)
    if not rows.update(paid_with=order_number):
        raise NothingDue(return_number=found.number)


def _order(found: Return, first: Order) -> NewOrder:
    """An order for the difference alone: a line per SKU that is wanted, nothing to send."""
    zero = Money.zero(first.total.currency)
    wanted = sorted({piece.wanted_sku for piece in found.accepted if piece.difference})
    cards = catalogue.products(wanted)
    lines = tuple(_line(found, first, cards[sku], position) for position, sku in enumerate(wanted, start=1))
    place = next(
        one for one in first.destinations if one.position == first.line(found.pieces[0].slot.position).destination
    )
    goods = Money.total((line.amount for line in lines), zero.currency)
    tax = Money.total((line.tax for line in lines), zero.currency)
    return NewOrder(
        customer_id=first.customer_id,
        destinations=(
            Destination(
                address_id=place.address_id,
                country=place.country,
                region=place.region,
                city=place.city,
                option=place.option,
                shipping=zero,
            ),
        ),
        lines=lines,
        discount=zero,
        goods=goods,
        shipping=zero,
        tax=tax,
        tax_included=Money.total((line.tax_included for line in lines), zero.currency),
        total=goods + tax,
        booked=first.booked,
        difference_of=first.number,
    )


def _line(found: Return, first: Order, card: Card, position: int) -> Line:
    """What one SKU that is wanted costs more, for all of its pieces together."""
    pieces = [piece for piece in found.accepted if piece.wanted_sku == card.sku]
    zero = Money.zero(first.total.currency)
    whole = Money.total((piece.difference for piece in pieces), zero.currency)
    tax = Money.total((piece.new_tax - piece.tax for piece in pieces if piece.new_tax is not None), zero.currency)
    goods, rate = whole - tax, first.line(pieces[0].slot.position).tax_rate
    return Line(
        position=position,
        sku=card.sku,
        category=card.category,
        title_zh=card.title.zh,
        title_en=card.title.en,
        variant_zh=card.variant.zh,
        variant_en=card.variant.en,
        quantity=1,
        list_price=goods,
        listed=goods,
        discount=zero,
        amount=goods,
        shipping=zero,
        tax=tax,
        tax_rate=rate,
        tax_included=zero if tax or not rate else goods.times(rate / (Decimal(1) + rate)),
        cost=zero,
        needs_shipping=False,
    )
