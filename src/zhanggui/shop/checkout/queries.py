"""Reading what an order would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.base.rates import queries as exchange
from zhanggui.base.rates.rules import Rate
from zhanggui.base.shops import queries as shops
from zhanggui.guard.tax import queries as taxes
from zhanggui.guard.tax import rules as tax_rules
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.cart.rules import Cart
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout import models, rules
from zhanggui.shop.checkout.errors import NoSuchOption
from zhanggui.shop.checkout.ports import price_steps, set_aside
from zhanggui.shop.checkout.rules import Option, Wanted
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.rules import Shortage


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is to go, as far as anybody knows, and how.

    option  key of the way to deliver; the shop's first one that goes there if it is empty
    """

    country: str = ""
    region: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What some lines would cost now.

    cards  the products of the lines, by SKU; unknown ones are missing
    quote  for the lines that can be bought; None if there is none
    gone   SKUs that are no longer sold
    stops  where they go, in the order of the places asked for
    """

    cards: dict[str, Card]
    quote: rules.Quote | None
    gone: tuple[str, ...]
    stops: tuple[rules.Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """All that the cart page and the checkout page show.

    cards      the products of the cart, by SKU
    quote      what the lines that are still sold cost together; None if there is none
    gone       SKUs in the cart that are no longer sold
    shortages  SKUs of which fewer pieces are free than stand in the cart
    stops      where it goes, and how
    options    the ways to deliver to the first place, in the order they are offered
    """

    cart: Cart
    cards: dict[str, Card]
    quote: rules.Quote | None
    gone: tuple[str, ...]
    shortages: tuple[Shortage, ...]
    stops: tuple[rules.Stop, ...]
    options: tuple[Option, ...]

    @property
    def can_be_ordered(self) -> bool:
        """Whether all that stands in the cart can be had now."""
        return self.quote is not None and not self.gone and not self.shortages

    @property
    def free_from(self) -> Money | None:
        """The goods total from which the first place's delivery costs nothing; None if there is none."""
        return self.stops[0].option.free_from


def counter(
    shop: str,
    person: str,
    *,
    at: datetime,
    places: Sequence[Place] = (),
    currency: str = "",
    cart: Cart | None = None,
) -> Counter:
    """The cart of a shopper with prices, reasons and what stands in the way of ordering it. Two statements.

    places    where it is to go: one for all of it, until the shopper says otherwise
    currency  in which it is to be paid; the shop's own if it is empty
    cart      as it was read a moment ago; it is read here otherwise
    """
    cart = cart or carts.cart(shop, person)
    wanted = [Wanted(sku=line.sku, quantity=line.quantity) for line in cart.lines]
    return _seen(shop, person, cart, wanted, at=at, places=tuple(places) or (Place(),), currency=currency)


def counter_at(
    shop: str, person: str, *, at: datetime, places: Sequence[Place], given: Sequence[Mapping[str, int]], currency: str
) -> Counter:
    """The cart shared out over several places: the further ones get what is given, the first one the rest.

    A piece too many at one place is left with the first; the checkout refuses it when the order is placed.
    """
    cart = carts.cart(shop, person)
    wanted = []
    for line in cart.lines:
        left = line.quantity
        for number, part in enumerate(given, start=2):
            pieces = min(part.get(line.sku, 0), left)
            left -= pieces
            wanted += [Wanted(sku=line.sku, quantity=pieces, destination=number)] if pieces else []
        wanted += [Wanted(sku=line.sku, quantity=left)] if left else []
    # As `rules.spread` has it when the order is placed: an offer may prefer the first of two lines, and which of them
    # is free may decide over the postage of its place.
    wanted.sort(key=lambda one: one.destination)
    return _seen(shop, person, cart, wanted, at=at, places=places, currency=currency)


def offer(
    shop: str,
    person: str,
    lines: Sequence[Wanted],
    *,
    at: datetime,
    places: Sequence[Place],
    currency: str = "",
    cards: dict[str, Card] | None = None,
) -> Offer:
    """What these lines would cost now. One statement, and those of the steps that are plugged in.

    cards    of the lines, as they were read a moment ago; they are read here otherwise
    refuses  NoSuchOption, NoRate
    """
    cards = catalogue.products([line.sku for line in lines]) if cards is None else cards
    ours = shops.shop(shop)
    paid_in = currency or ours.currency
    day = clock.day_of(at, ours.zone)
    rate = exchange.rate(ours.currency, paid_in, day)
    stops = tuple(_stop(shop, place, rate=rate) for place in places)
    sold = {sku for sku, card in cards.items() if card.is_listed and card.shop == shop}
    fixed = catalogue.prices_in(sorted(sold), paid_in) if paid_in != ours.currency else {}
    known = taxes.rates(shop)
    items = tuple(
        rules.item(
            line,
            cards[line.sku],
            tax=_tax(known, stops[line.destination - 1], cards[line.sku], on=day),
            list_price=fixed.get(line.sku) or rate.convert(cards[line.sku].price),
            at=at,
        )
        for line in lines
        if line.sku in sold
    )
    basket = rules.Basket(shop=shop, person=person, currency=paid_in, items=items, stops=stops)
    return Offer(
        cards=cards,
        quote=rules.quote(basket, price_steps, at=at) if items else None,
        gone=tuple(dict.fromkeys(line.sku for line in lines if line.sku not in sold)),
        stops=stops,
    )


def demand_of(lines: Sequence[Wanted], cards: Mapping[str, Card], *, gone: Sequence[str] = ()) -> dict[str, int]:
    """What must lie in stock for these lines, in units by SKU, the parts of bundles summed up."""
    units: dict[str, int] = {}
    for line in lines:
        card = cards.get(line.sku)
        if card is None or line.sku in gone:
            continue
        for sku, per_piece in rules.parts_of(card):
            units[sku] = units.get(sku, 0) + per_piece * line.quantity
    return units


def beyond_set_aside(shop: str, person: str, shortages: Sequence[Shortage], *, at: datetime) -> tuple[Shortage, ...]:
    """What is still missing once what is kept for this shopper counts as free; nothing is asked if nothing is missing.

    source  5 asked, 1 free, 3 set aside -> 5 asked, 4 free; 4 asked -> nothing missing
    """
    if not shortages:
        return ()
    skus = [shortage.sku for shortage in shortages]
    kept_for_them = [keeps(shop, person, skus, at=at) for keeps in set_aside]
    missing = []
    for shortage in shortages:
        free_units = shortage.free_units + sum(each.get(shortage.sku, 0) for each in kept_for_them)
        if free_units < shortage.asked_units:
            missing.append(replace(shortage, free_units=free_units))
    return tuple(missing)


@kept(seconds=30)
def options(shop: str) -> tuple[Option, ...]:
    """The ways a shop delivers, in the order they are offered; free and within a week until somebody sets one.

    At most one statement; kept for half a minute. Index shop_checkout_option_once.
    """
    zero = Money.zero(shops.shop(shop).currency)
    return offered(shop) or (Option(rate=zero, per_kg=zero, days=(2, 7)),)


def offered(shop: str) -> tuple[Option, ...]:
    """The ways that somebody set, as they stand this moment. One statement."""
    rows = models.Option.objects.filter(shop=shop, is_offered=True).order_by("position", "key")
    return tuple(row.value for row in rows)


def options_to(shop: str, country: str, *, currency: str, at: datetime) -> tuple[Option, ...]:
    """The ways to deliver to a country, with their prices in a currency."""
    ours = shops.shop(shop)
    rate = exchange.rate(ours.currency, currency, clock.day_of(at, ours.zone))
    return tuple(_priced(option, rate) for option in options(shop) if option.goes_to(country))


def booked(shop: str, currency: str, *, on: date) -> Rate:
    """The rate at which the books of a shop keep what is paid in a currency on that day. At most one statement.

    refuses  NoRate
    """
    return exchange.rate(currency, shops.shop(shop).currency, on)


def currencies(shop: str, *, on: date) -> tuple[str, ...]:
    """What an order can be paid in, the shop's own currency first. At most one statement."""
    return exchange.currencies(shops.shop(shop).currency, on)


def _seen(
    shop: str,
    person: str,
    cart: Cart,
    wanted: Sequence[Wanted],
    *,
    at: datetime,
    places: Sequence[Place],
    currency: str,
) -> Counter:
    skus = [line.sku for line in wanted]
    cards, (free,) = catalogue.products_beside(skus, stock.free_asked(skus))
    seen = offer(shop, person, wanted, at=at, places=places, currency=currency, cards=cards)
    short = stock.short_of(demand_of(wanted, cards, gone=seen.gone), known=free)
    return Counter(
        cart=cart,
        cards=seen.cards,
        quote=seen.quote,
        gone=seen.gone,
        shortages=beyond_set_aside(shop, person, short, at=at),
        stops=seen.stops,
        options=options_to(shop, places[0].country, currency=seen.stops[0].option.rate.currency, at=at),
    )


def _stop(shop: str, place: Place, *, rate: Rate) -> rules.Stop:
    fitting = [option for option in options(shop) if option.goes_to(place.country)]
    chosen = next((option for option in fitting if place.option in ("", option.key)), None)
    if chosen is None:
        raise NoSuchOption(option=place.option, country=place.country)
    return rules.Stop(country=place.country, region=place.region, option=_priced(chosen, rate))


def _priced(option: Option, rate: Rate) -> Option:
    return option if rate.base == rate.quote else rules.in_currency(option, rate)


def _tax(known: Sequence[tax_rules.Rate], stop: rules.Stop, card: Card, *, on: date) -> tax_rules.Rate:
    return tax_rules.rate_for(known, country=stop.country, region=stop.region, tax_class=card.tax_class, on=on)
