"""Placing an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout import queries, rules
from zhanggui.shop.checkout.errors import CartEmpty, NotDeliverable, QuoteChanged, TenderNotAllowed
from zhanggui.shop.checkout.ports import claims
from zhanggui.shop.checkout.queries import Offer, Place
from zhanggui.shop.checkout.rules import Drop, Placed, Quote, Stop, Wanted
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Contact
from zhanggui.shop.letters import actions as letters
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.rules import Booked, Destination, Line, NewOrder
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments.rules import Begun, Tender
from zhanggui.spine.log import actions as facts
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock import queries as levels
from zhanggui.supply.stock import rules as stock_rules
from zhanggui.supply.stock.errors import OutOfStock
from zhanggui.supply.stock.rules import Demand

# Longer wishes are cut; the order's page says so.
_LONGEST_NOTE = 500


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
    language: str = "",
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
    language         zh or en, in which the shop was read: letters speak it; the house's own if it is empty
    idempotency_key  made with the page; the same key gives the same order
    refuses  CartMoved, CartEmpty, NotDeliverable, NoSuchOption, SplitNotAllowed, QuoteChanged with the new total,
             OutOfStock with what is missing, ContactIncomplete, AddressIncomplete, TenderNotAllowed, NoSuchProvider,
             KeyReused, and what a wallet or card refuses; nothing is written, the cart is kept
    tells    shop.order_placed, shop.payment_started, supply.stock_held; shop.customer_registered the first time
    """
    lines = cart.take(cart_version=cart_version, trail=trail)
    if not lines:
        raise CartEmpty
    wish = _Wish(
        total_seen=total_seen,
        contact=contact,
        drops=drops,
        provider=provider,
        tenders=tenders,
        confirmed=confirmed,
        note=note[:_LONGEST_NOTE],
        language=language,
    )
    return _place({line.sku: line.quantity for line in lines}, wish, trail=trail, by=by)


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
    language: str = "",
    idempotency_key: str,
    trail: Trail,
    by: Actor,
) -> Placed:
    """Order pieces of one SKU past the cart, which stays as it is: the one click of a returning shopper.

    refuses, tells  as `place_order`
    """
    wish = _Wish(
        total_seen=total_seen, contact=contact, drops=(drop,), provider=provider, tenders=tenders, language=language
    )
    return _place({sku: quantity}, wish, trail=trail, by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """How the shopper wants some pieces, see `place_order`."""

    total_seen: Money
    contact: Contact
    drops: tuple[Drop, ...]
    provider: str
    tenders: tuple[Tender, ...]
    confirmed: frozenset[str] = frozenset()
    note: str = ""
    language: str = ""


def _place(units: Mapping[str, int], wish: _Wish, *, trail: Trail, by: Actor) -> Placed:
    now = clock.now()
    wanted = rules.spread(units, wish.drops)
    cards, (standing,) = catalogue.products_beside(units, levels.standing_asked(units))
    offer, quote = _offered(wanted, cards, wish, trail=trail, at=now)
    demand = _demand(wanted, cards, wish.drops)
    plan = levels.plan(demand, known=standing)
    if missing := queries.beyond_set_aside(trail.shop, trail.person, plan.shortages, at=now):
        raise OutOfStock(shortages=missing)
    with facts.together():
        customer_id, address_ids = _recognised(wish, trail=trail, by=by)
        order = _new_order(
            quote, offer, wish, customer_id=customer_id, address_ids=address_ids, shop=trail.shop, at=now
        )
        opened = orders.open_order(order=order, trail=trail, by=by)
        if wish.language:
            letters.note_language(order_number=opened.number, language=wish.language)
        after = trail.after(opened.fact_id)
        for claim in claims:
            claim(quote=quote, order_number=opened.number, customer_id=customer_id, trail=after, by=by)
        hold = partial(stock.hold, order_number=opened.number, demand=demand, plan=plan, until=opened.expires_at)
        # What wallet and cards pay whole is paid at once, and only what is held already is kept for a paid order.
        rest = order.total - Money.total((tender.amount for tender in wish.tenders), order.total.currency)
        if not rest:
            hold(trail=after, by=by)
        payment_id = payments.start(
            order_number=opened.number,
            due=order.total,
            provider=wish.provider,
            tenders=wish.tenders,
            trail=after,
            by=by,
        )
        if rest:
            hold(trail=after, by=by)
    begun = Begun(order_number=opened.number, provider=wish.provider, amount=rest, expires_at=opened.expires_at, at=now)
    return Placed(order_number=opened.number, payment_id=payment_id, begun=begun if rest else None)


def _offered(
    wanted: Sequence[Wanted], cards: dict[str, Card], wish: _Wish, *, trail: Trail, at: datetime
) -> tuple[Offer, Quote]:
    """What it costs now, if that is what the shopper saw and what is to be paid with can pay it."""
    total = wish.total_seen
    places = [Place(country=d.address.country, region=d.address.region, option=d.option) for d in wish.drops]
    offer = queries.offer(trail.shop, trail.person, wanted, at=at, places=places, currency=total.currency, cards=cards)
    if offer.gone or offer.quote is None:
        raise NotDeliverable(skus=offer.gone)
    if offer.quote.total != total:
        raise QuoteChanged(total=offer.quote.total)
    _check_tenders(wish.tenders, total=total)
    return offer, offer.quote


def _recognised(wish: _Wish, *, trail: Trail, by: Actor) -> tuple[UUID, tuple[UUID, ...]]:
    """The shopper as a customer, and the addresses frozen for this order, one for each drop."""
    first, *others = wish.drops
    known = customers.recognise(contact=wish.contact, address=first.address, trail=trail, by=by)
    further = [customers.freeze_address(customer_id=known.customer_id, address=drop.address) for drop in others]
    return known.customer_id, (known.address_id, *further)


def _check_tenders(tenders: tuple[Tender, ...], *, total: Money) -> None:
    asked = Money.total((tender.amount for tender in tenders), total.currency)
    if asked > total or any(tender.amount.minor <= 0 for tender in tenders):
        raise TenderNotAllowed(asked_minor=asked.minor, total_minor=total.minor)


def _demand(wanted: Sequence[Wanted], cards: Mapping[str, Card], drops: Sequence[Drop]) -> tuple[Demand, ...]:
    """What must lie in stock, by line of the order to be: a bundle asks for its parts."""
    ends = (drop.address for drop in drops)
    places = [stock_rules.Place(country=end.country, region=end.region, city=end.city) for end in ends]
    return tuple(
        Demand(
            line=position,
            sku=sku,
            units=per_piece * line.quantity,
            place=places[line.destination - 1],
            each_units=per_piece,
        )
        for position, line in enumerate(wanted, start=1)
        for sku, per_piece in rules.parts_of(cards[line.sku])
    )


def _new_order(
    quote: Quote,
    offer: Offer,
    wish: _Wish,
    *,
    customer_id: UUID,
    address_ids: Sequence[UUID],
    shop: str,
    at: datetime,
) -> NewOrder:
    placed_on = clock.day_of(at, shops.shop(shop).zone)
    rate = queries.booked(shop, quote.total.currency, on=placed_on)
    lines = tuple(
        _order_line(quote, offer.cards, index, confirmed_at=at if line.sku in wish.confirmed else None)
        for index, line in enumerate(quote.lines)
    )
    shipped = {line.destination for line in lines if line.needs_shipping}
    ends = enumerate(zip(wish.drops, offer.stops, address_ids, strict=True), start=1)
    return NewOrder(
        customer_id=customer_id,
        destinations=tuple(
            _destination(number, *end, quote=quote, placed_on=placed_on, is_shipped=number in shipped)
            for number, end in ends
        ),
        lines=lines,
        discount=quote.discount,
        goods=quote.goods,
        shipping=quote.shipping,
        tax=quote.tax,
        tax_included=quote.tax_included,
        total=quote.total,
        booked=Booked(currency=rate.quote, rate=rate.rate, rate_on=rate.on),
        note=wish.note,
    )


def _destination(
    number: int, drop: Drop, stop: Stop, address_id: UUID, *, quote: Quote, placed_on: date, is_shipped: bool
) -> Destination:
    return Destination(
        position=number,
        address_id=address_id,
        country=drop.address.country,
        region=drop.address.region,
        city=drop.address.city,
        option=stop.option.key,
        shipping=quote.shipping_to(number),
        promised_on=rules.promised_on(stop.option, placed_on=placed_on) if is_shipped else None,
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
            order_rules.Share(
                step=a.step, reason=a.reason, part=a.part, amount=part, funded_by=a.funded_by, source=a.source
            )
            for a in quote.adjustments
            if (part := a.shares[index])
        ),
        parts=tuple(order_rules.Part(sku=part.sku, units=part.units) for part in card.parts),
        needs_shipping=card.needs_shipping,
        no_reason_exception=card.no_reason_exception,
        exception_confirmed_at=confirmed_at if card.no_reason_exception or not card.needs_shipping else None,
    )
