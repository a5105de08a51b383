"""Placing an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout import models, queries, rules
from zhanggui.shop.checkout.errors import (
    CartEmpty,
    NotDeliverable,
    OptionNotAllowed,
    QuoteChanged,
    TenderNotAllowed,
)
from zhanggui.shop.checkout.queries import Offer, Place
from zhanggui.shop.checkout.rules import Drop, Option, Placed, Quote, Wanted
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Contact
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.rules import Booked, Destination, Line, NewOrder
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments.rules import Tender
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock import queries as levels
from zhanggui.supply.stock import rules as stock_rules
from zhanggui.supply.stock.errors import OutOfStock
from zhanggui.supply.stock.rules import Demand

# Longer wishes are cut; the order's page says so.
_LONGEST_NOTE = 500


@operation
def put_up_options(*, shop: str, options: Sequence[Option]) -> None:
    """Deliver these ways from now on, and no other.

    refuses  OptionNotAllowed if one costs less than nothing, is not in the shop's currency or takes days backwards
    """
    currency = shops.shop(shop).currency
    for option in options:
        amounts = [option.rate, option.per_kg, *([option.free_from] if option.free_from is not None else [])]
        is_right = all(amount.minor >= 0 and amount.currency == currency for amount in amounts)
        if not is_right or not 0 <= option.days[0] <= option.days[1]:
            raise OptionNotAllowed(key=option.key, currency=currency)
    models.Option.objects.filter(shop=shop).exclude(key__in=[o.key for o in options]).update(is_offered=False)
    models.Option.objects.bulk_create(
        [_option_row(shop, option) for option in options],
        update_conflicts=True,
        unique_fields=["shop", "key"],
        update_fields=_OPTION_FIELDS,
    )
    queries.options.forget()


@operation
def place_order(
    *,
    cart_version: int,
    total_seen: Money,
    contact: Contact,
    drops: tuple[Drop, ...],
    provider: str,
    tenders: tuple[Tender, ...] = (),
    confirmed: frozenset[str] = frozenset(),
    note: str = "",
    idempotency_key: str,
    trail: Trail,
    by: Actor,
) -> Placed:
    """Turn the cart of the trail's person into an order, hold its stock and start its payment: all of it, or nothing.

    Taking the cart comes first, so that one cart becomes one order whatever keys it is sent with; holding the stock
    comes last, so that a SKU everybody wants is locked for a moment only.

    cart_version, total_seen  as the page showed them; the order is paid in the currency of the total
    drops            where it goes: one place for all, or several with the pieces for each
    tenders          what is paid from a wallet or gift cards; the provider takes the rest
    confirmed        SKUs that the shopper knows not to be taken back without a reason
    idempotency_key  made with the page; the same key gives the same order
    refuses  CartMoved, CartEmpty, NotDeliverable, NoSuchOption, SplitNotAllowed, QuoteChanged with the new total,
             OutOfStock with what is missing, ContactIncomplete, AddressIncomplete, TenderNotAllowed, NoSuchProvider,
             KeyReused, and what a wallet or card refuses; nothing is written, the cart is kept
    tells    shop.order_placed, shop.payment_started, supply.stock_held; shop.customer_registered the first time
    """
    lines = cart.take(cart_version=cart_version, trail=trail)
    if not lines:
        raise CartEmpty
    return _place(
        {line.sku: line.quantity for line in lines},
        total_seen=total_seen,
        contact=contact,
        drops=drops,
        provider=provider,
        tenders=tenders,
        confirmed=confirmed,
        note=note,
        trail=trail,
        by=by,
    )


@operation
def order_now(
    *,
    sku: str,
    quantity: int,
    total_seen: Money,
    contact: Contact,
    drop: Drop,
    provider: str,
    tenders: tuple[Tender, ...] = (),
    idempotency_key: str,
    trail: Trail,
    by: Actor,
) -> Placed:
    """Order pieces of one SKU past the cart, which stays as it is: the one click of a returning shopper.

    refuses, tells  as `place_order`
    """
    return _place(
        {sku: quantity},
        total_seen=total_seen,
        contact=contact,
        drops=(drop,),
        provider=provider,
        tenders=tenders,
        confirmed=frozenset(),
        note="",
        trail=trail,
        by=by,
    )


def _place(
    units: Mapping[str, int],
    *,
    total_seen: Money,
    contact: Contact,
    drops: tuple[Drop, ...],
    provider: str,
    tenders: tuple[Tender, ...],
    confirmed: frozenset[str],
    note: str,
    trail: Trail,
    by: Actor,
) -> Placed:
    now = clock.now()
    wanted = rules.spread(units, drops)
    places = [Place(country=d.address.country, region=d.address.region, option=d.option) for d in drops]
    offer = queries.offer(trail.shop, trail.person, wanted, at=now, places=places, currency=total_seen.currency)
    if offer.gone or offer.quote is None:
        raise NotDeliverable(skus=offer.gone)
    if offer.quote.total != total_seen:
        raise QuoteChanged(total=offer.quote.total)
    _check_tenders(tenders, total=offer.quote.total)
    demand = _demand(wanted, offer.cards, drops)
    plan = levels.plan(demand)
    if plan.shortages:
        raise OutOfStock(shortages=plan.shortages)
    known = customers.recognise(contact=contact, address=drops[0].address, trail=trail, by=by)
    further = [customers.freeze_address(customer_id=known.customer_id, address=drop.address) for drop in drops[1:]]
    order = _new_order(
        offer.quote,
        offer,
        drops=drops,
        address_ids=(known.address_id, *further),
        customer_id=known.customer_id,
        confirmed=confirmed,
        note=note[:_LONGEST_NOTE],
        trail=trail,
        at=now,
    )
    opened = orders.open_order(order=order, trail=trail, by=by)
    after = trail.after(opened.fact_id)
    hold = partial(stock.hold, demand=demand, plan=plan, until=opened.expires_at, trail=after, by=by)
    # What wallet and cards pay whole is paid at once, and only what is held already is kept for a paid order.
    is_covered = Money.total((tender.amount for tender in tenders), order.total.currency) == order.total
    if is_covered:
        hold(order_number=opened.number)
    payment_id = payments.start(
        order_number=opened.number, due=order.total, provider=provider, tenders=tenders, trail=after, by=by
    )
    if not is_covered:
        hold(order_number=opened.number)
    return Placed(order_number=opened.number, payment_id=payment_id)


def _check_tenders(tenders: tuple[Tender, ...], *, total: Money) -> None:
    asked = Money.total((tender.amount for tender in tenders), total.currency)
    if asked > total or any(tender.amount.minor <= 0 for tender in tenders):
        raise TenderNotAllowed(asked_minor=asked.minor, total_minor=total.minor)


def _demand(wanted: Sequence[Wanted], cards: Mapping[str, Card], drops: Sequence[Drop]) -> tuple[Demand, ...]:
    """What must lie in stock, by line of the order to be: a bundle asks for its parts."""
    return tuple(
        Demand(
            line=position,
            sku=sku,
            units=per_piece * line.quantity,
            place=stock_rules.Place(
                country=drops[line.destination - 1].address.country,
                region=drops[line.destination - 1].address.region,
                city=drops[line.destination - 1].address.city,
            ),
            each_units=per_piece,
        )
        for position, line in enumerate(wanted, start=1)
        for sku, per_piece in rules.parts_of(cards[line.sku])
    )


def _new_order(
    quote: Quote,
    offer: Offer,
    *,
    drops: Sequence[Drop],
    address_ids: Sequence[UUID],
    customer_id: UUID,
    confirmed: frozenset[str],
    note: str,
    trail: Trail,
    at: datetime,
) -> NewOrder:
    placed_on = clock.day_of(at, shops.shop(trail.shop).zone)
    rate = queries.booked(trail.shop, quote.total.currency, on=placed_on)
    lines = tuple(
        _order_line(quote, offer.cards, index, confirmed_at=at if line.sku in confirmed else None)
        for index, line in enumerate(quote.lines)
    )
    shipped = {line.destination for line in lines if line.needs_shipping}
    destinations = tuple(
        Destination(
            position=number,
            address_id=address_id,
            country=drop.address.country,
            region=drop.address.region,
            city=drop.address.city,
            option=stop.option.key,
            shipping=quote.shipping_to(number),
            promised_on=rules.promised_on(stop.option, placed_on=placed_on) if number in shipped else None,
        )
        for number, (drop, stop, address_id) in enumerate(zip(drops, offer.stops, address_ids, strict=True), start=1)
    )
    return NewOrder(
        customer_id=customer_id,
        destinations=destinations,
        lines=lines,
        discount=quote.discount,
        goods=quote.goods,
        shipping=quote.shipping,
        tax=quote.tax,
        tax_included=quote.tax_included,
        total=quote.total,
        booked=Booked(currency=rate.quote, rate=rate.rate, rate_on=rate.on),
        note=note,
    )


def _order_line(quote: Quote, cards: Mapping[str, Card], index: int, *, confirmed_at: datetime | None) -> Line:
    line = quote.lines[index]
    card = cards[line.sku]
    return Line(
        position=index + 1,
        destination=line.destination,
        sku=line.sku,
        category=card.category,
        title_zh=card.title.zh,
        title_en=card.title.en,
        variant_zh=card.variant.zh,
        variant_en=card.variant.en,
        quantity=line.quantity,
        list_price=line.list_price,
        listed=line.listed,
        discount=line.discount,
        amount=line.amount,
        shipping=line.shipping,
        tax=line.tax,
        tax_rate=line.tax_rate,
        tax_included=line.tax_included,
        cost=card.cost,
        shares=tuple(
            order_rules.Share(step=a.step, reason=a.reason, part=a.part, amount=a.shares[index], funded_by=a.funded_by)
            for a in quote.adjustments
            if a.shares[index]
        ),
        parts=tuple(order_rules.Part(sku=part.sku, units=part.units) for part in card.parts),
        needs_shipping=card.needs_shipping,
        no_reason_exception=card.no_reason_exception,
        exception_confirmed_at=confirmed_at if card.no_reason_exception else None,
    )


_OPTION_FIELDS = [
    *("name_zh", "name_en", "countries", "rate_minor", "per_kg_minor", "free_from_minor", "currency"),
    *("least_days", "most_days", "position", "is_offered"),
]


def _option_row(shop: str, option: Option) -> models.Option:
    return models.Option(
        shop=shop,
        key=option.key,
        name_zh=option.name_zh,
        name_en=option.name_en,
        countries=list(option.countries),
        rate_minor=option.rate.minor,
        per_kg_minor=option.per_kg.minor,
        free_from_minor=None if option.free_from is None else option.free_from.minor,
        currency=option.rate.currency,
        least_days=option.days[0],
        most_days=option.days[1],
        position=option.position,
        is_offered=True,
    )
