"""Placing an order."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout import models, queries
from zhanggui.shop.checkout.errors import CartEmpty, NotDeliverable, QuoteChanged, TermsNotAllowed
from zhanggui.shop.checkout.rules import Placed, Quote, QuoteLine, Terms
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Address, Contact, Recognised
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders.rules import Line, NewOrder
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock import queries as levels
from zhanggui.supply.stock.errors import OutOfStock


@operation
def set_terms(*, shop: str, terms: Terms) -> None:
    """Say what delivery costs in a shop from now on.

    refuses  TermsNotAllowed if an amount is below nothing or not in the shop's currency
    """
    currency = shops.shop(shop).currency
    amounts = [terms.flat_rate] if terms.free_from is None else [terms.flat_rate, terms.free_from]
    if any(amount.minor < 0 or amount.currency != currency for amount in amounts):
        raise TermsNotAllowed(shop=shop, currency=currency)
    models.Terms.objects.update_or_create(
        pk=shop,
        defaults={
            "flat_rate_minor": terms.flat_rate.minor,
            "free_from_minor": None if terms.free_from is None else terms.free_from.minor,
            "currency": currency,
        },
    )


@operation
def place_order(
    *,
    cart_version: int,
    total_seen: Money,
    contact: Contact,
    address: Address,
    provider: str,
    idempotency_key: str,
    trail: Trail,
    by: Actor,
) -> Placed:
    """Turn the cart of the trail's person into an order, hold its stock and start its payment: all of it, or nothing.

    Taking the cart comes first, so that one cart becomes one order whatever keys it is sent with; holding the stock
    comes last, so that a SKU everybody wants is locked for a moment only.

    cart_version, total_seen  as the page showed them
    idempotency_key           made with the page; the same key gives the same order
    refuses  CartMoved, CartEmpty, NotDeliverable, QuoteChanged with the new quote, OutOfStock with what is missing,
             ContactIncomplete, AddressIncomplete, NoSuchProvider, KeyReused; nothing is written, the cart is kept
    tells    shop.order_placed, shop.payment_started, supply.stock_held; shop.customer_registered the first time
    """
    lines = cart.take(cart_version=cart_version, trail=trail)
    if not lines:
        raise CartEmpty
    offer = queries.offer(trail.shop, trail.person, lines, at=clock.now())
    if offer.gone or offer.quote is None:
        raise NotDeliverable(skus=offer.gone)
    if offer.quote.total != total_seen:
        raise QuoteChanged(quote=offer.quote)
    units = {line.sku: line.quantity for line in lines}
    if shortages := levels.short_of(units):
        raise OutOfStock(shortages=shortages)
    known = customers.recognise(contact=contact, address=address, trail=trail, by=by)
    order = orders.open_order(order=_new_order(offer.quote, offer.cards, known), trail=trail, by=by)
    after = trail.after(order.fact_id)
    due = offer.quote.total
    payment_id = payments.start(order_number=order.number, due=due, provider=provider, trail=after, by=by)
    stock.hold(order_number=order.number, units=units, trail=after, by=by)
    return Placed(order_number=order.number, payment_id=payment_id)


def _new_order(quote: Quote, cards: dict[str, Card], known: Recognised) -> NewOrder:
    return NewOrder(
        customer_id=known.customer_id,
        address_id=known.address_id,
        lines=tuple(_order_line(line, cards[line.sku]) for line in quote.lines),
        discount=quote.discount,
        goods=quote.goods,
        shipping=quote.shipping,
        tax=quote.tax,
        total=quote.total,
    )


def _order_line(line: QuoteLine, card: Card) -> Line:
    return Line(
        sku=line.sku,
        category=card.category,
        title_zh=card.title.zh,
        title_en=card.title.en,
        quantity=line.quantity,
        list_price=line.list_price,
        listed=line.listed,
        discount=line.discount,
        amount=line.amount,
        shipping=line.shipping,
        tax=line.tax,
    )
