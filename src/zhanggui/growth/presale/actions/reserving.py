"""Reserving pieces: the deposit's order, the limits and the stock, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.presale import models, queries, rules
from zhanggui.growth.presale.errors import LawNotConfirmed, LimitReached, NotOpen, SoldOut, TermsMoved
from zhanggui.growth.presale.queries import Shown
from zhanggui.growth.presale.rules import DEPOSIT_LINE, PREPAYMENT_LINE, Phase, State, phase
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.checkout import rules as checkout_rules
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Address, Contact, Recognised
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders.rules import Booked, Destination, Line, NewOrder
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log import actions as facts
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.rules import Demand, Place

# Index growth_presale_taken_once. The limit is asked where the row is locked; no row comes back beyond it.
_TAKE = """
insert into growth_presale_taken as t (presale_id, person, units, per_person)
select %s::uuid, %s::varchar, %s::int, %s::int where %s::int <= %s::int
on conflict on constraint growth_presale_taken_once do update set units = t.units + excluded.units
    where t.units + excluded.units <= t.per_person
returning units
"""
# Primary key. Everybody who reserves meets here; the quota is asked where the row is locked.
_RESERVE = """
update growth_presale_presale set reserved_units = reserved_units + %s::int
where id = %s::uuid and ended_as = '' and reserved_units + %s::int <= quantity
returning reserved_units
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """Pieces that are kept for somebody who is about to pay the deposit."""

    reservation_id: str
    order_number: str
    payment_id: str


@operation
def reserve(
    *,
    presale_id: str,
    units: int,
    first_seen: Money,
    address: Address,
    has_agreed: bool,
    provider: str,
    language: str,
    idempotency_key: str,
    trail: Trail,
    by: Actor,
) -> Reserved:
    """Keep pieces for a signed-in shopper, open the deposit's order and start its payment: all of it, or nothing.

    Whoever is too late is refused by a plain read. What everybody wants, the quota and the stock, is locked last.

    first_seen  what the page said is paid now, for all pieces together
    has_agreed  whether the shopper said to know that a deposit is not paid back
    refuses  NoSuchPresale, NotOpen, LawNotConfirmed, TermsMoved, LimitReached, SoldOut, OutOfStock, NoSuchProvider,
             AddressIncomplete, ContactIncomplete; nothing is written
    tells    shop.order_placed, shop.payment_started, supply.stock_held
    """
    now = clock.now()
    presale = queries.presale(trail.shop, presale_id)
    _check(presale, units=units, first_seen=first_seen, has_agreed=has_agreed, at=now)
    card = catalogue.products([presale.terms.sku])[presale.terms.sku]
    with facts.together():
        contact = Contact(name=address.recipient, phone=address.phone)
        known = customers.recognise(contact=contact, address=address, trail=trail, by=by)
        order = _order(presale, card, units, known=known, address=address, at=now)
        opened = orders.open_order(order=order, trail=trail, by=by)
        after = trail.after(opened.fact_id)
        row = _row(presale, units, order_number=opened.number, language=language, customer_id=known.customer_id, at=now)
        row.person = trail.person
        payment_id = payments.start(order_number=opened.number, due=order.total, provider=provider, trail=after, by=by)
        _count(presale, units, person=trail.person)
        row.save(force_insert=True)
        stock.hold(
            order_number=rules.held_as(row.id),
            demand=_demand(card, units, line=row.stock_line, address=address),
            until=None,
            trail=after,
            by=by,
        )
    return Reserved(reservation_id=str(row.id), order_number=opened.number, payment_id=payment_id)


def _check(presale: Shown, *, units: int, first_seen: Money, has_agreed: bool, at: datetime) -> None:
    terms = presale.terms
    if presale.ended_as is not None or phase(terms, at=at) is not Phase.DEPOSIT:
        raise NotOpen(opens_at=terms.deposit_from, closes_at=terms.deposit_until)
    if not has_agreed:
        raise LawNotConfirmed
    if first_seen != terms.first * units or units < 1:
        raise TermsMoved(first=terms.first * max(units, 1))
    if presale.left_units < units:
        raise SoldOut(left_units=presale.left_units)


def _count(presale: Shown, units: int, *, person: str) -> None:
    """Count the pieces for the person and for the presale, both within their limits.

    refuses  LimitReached, SoldOut
    """
    most = presale.terms.per_person
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [presale.id, person, units, most, units, most])
        if cursor.fetchone() is None:
            raise LimitReached(per_person=most, taken_units=queries.taken(presale.id, person))
        cursor.execute(_RESERVE, [units, presale.id, units])
        if cursor.fetchone() is None:
            raise SoldOut(left_units=queries.presale(presale.shop, presale.id).left_units)


def _order(presale: Shown, card: Card, units: int, *, known: Recognised, address: Address, at: datetime) -> NewOrder:
    """The deposit's order: a line for what is a deposit by law, another one for what is paid beyond it."""
    terms = presale.terms
    zero = Money.zero(terms.price.currency)
    rate = checkout.booked(presale.shop, zero.currency, on=clock.day_of(at, shops.shop(presale.shop).zone))
    booked = Booked(currency=rate.quote, rate=rate.rate, rate_on=rate.on)
    lines = [_line(1, DEPOSIT_LINE, "定金", "Deposit", card, terms.deposit, units)]
    if terms.prepayment:
        lines.append(_line(2, PREPAYMENT_LINE, "订金", "Prepayment", card, terms.prepayment, units))
    total = terms.first * units
    place = Destination(
        address_id=known.address_id,
        country=address.country,
        region=address.region,
        city=address.city,
        shipping=zero,
    )
    return NewOrder(
        customer_id=known.customer_id,
        destinations=(place,),
        lines=tuple(lines),
        discount=zero,
        goods=total,
        shipping=zero,
        tax=zero,
        tax_included=zero,
        total=total,
        booked=booked,
    )


def _line(position: int, sku: str, zh: str, en: str, card: Card, each: Money, units: int) -> Line:
    """What is paid now, as a line that is not shipped: the goods, their cost and their tax come with the balance."""
    zero = Money.zero(each.currency)
    return Line(
        position=position,
        sku=sku,
        category="",
        title_zh=f"{zh} · {card.title.zh}"[:200],
        title_en=f"{en} · {card.title.en or card.title.zh}"[:200],
        variant_zh=card.variant.zh,
        variant_en=card.variant.en,
        quantity=units,
        list_price=each,
        listed=each * units,
        discount=zero,
        amount=each * units,
        shipping=zero,
        tax=zero,
        tax_included=zero,
        cost=Money.zero(card.cost.currency),
        needs_shipping=False,
    )


def _row(
    presale: Shown, units: int, *, order_number: str, language: str, customer_id: UUID, at: datetime
) -> models.Reservation:
    terms = presale.terms
    return models.Reservation(
        id=ids.uuid7(),
        presale_id=presale.id,
        shop=presale.shop,
        customer_id=customer_id,
        sku=terms.sku,
        units=units,
        deposit_minor=(terms.deposit * units).minor,
        prepayment_minor=(terms.prepayment * units).minor,
        balance_minor=(terms.balance * units).minor,
        currency=terms.price.currency,
        state=State.DEPOSIT_DUE,
        deposit_order=order_number,
        language=language[:10],
        agreed_at=at,
        made_at=at,
    )


def _demand(card: Card, units: int, *, line: int, address: Address) -> tuple[Demand, ...]:
    place = Place(country=address.country, region=address.region, city=address.city)
    return tuple(
        Demand(line=line, sku=sku, units=each * units, place=place, each_units=each)
        for sku, each in checkout_rules.parts_of(card)
    )
