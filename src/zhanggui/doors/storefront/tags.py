"""What stands beside a price before anything lies in a cart: prices for some, offers, coupons, the label of a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language

from zhanggui.base.money import Money
from zhanggui.doors.storefront import offer_words as words
from zhanggui.growth.promotions import queries
from zhanggui.growth.promotions.queries import Shown
from zhanggui.growth.promotions.rules import Layer, Rule
from zhanggui.shop.catalogue import queries as catalogue

_MOST_OFFERS: Final = 4
_MOST_COUPONS: Final = 3
# What is worth saying on a card first: what the basket reaches together, then what pieces bring, then postage.
_ON_CARDS: Final = (Layer.SHOP_THRESHOLD, Layer.CROSS_THRESHOLD, Layer.ITEM, Layer.SHIPPING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """An offer beside a price.

    who  whom it is for; empty for everybody
    """

    name: str
    terms: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimable:
    """A coupon beside a price."""

    batch: str
    face: str
    terms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingPart:
    """What those pay who take part in something, such as a team.

    people  how many have to buy together; 1 for whoever comes
    """

    name: str
    price: Money
    ends_at: datetime | None
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deals:
    """All that stands beside the price of a product.

    prices    what it costs some people, by whom
    specials  what it costs those who take part, lowest first
    """

    specials: tuple[TakingPart, ...]
    prices: tuple[tuple[str, Money], ...]
    offers: tuple[Deal, ...]
    coupons: tuple[Claimable, ...]


def deals(shop: str, shown: Shown) -> Deals | None:
    """What stands beside a price; None if nothing does. No statement, but one where an offer names goods."""
    if not (shown.for_some or shown.offers or shown.coupons or shown.specials):
        return None
    named = {sku for rule in shown.offers for sku in words.goods_of(rule)}
    cards = catalogue.products(sorted(named)) if named else {}
    titles = {sku: card.title.to(_language()) for sku, card in cards.items()}
    around = words.Around(shop=shop, names=queries.names(shop), titles=titles)
    return Deals(
        specials=tuple(
            TakingPart(
                name=str(queries.PRICE_NAMES[each.source]), price=each.price, ends_at=each.ends_at, people=each.people
            )
            for each in shown.specials
        ),
        prices=tuple((words.people(rule.audience, shop=shop), price) for rule, price in shown.for_some),
        offers=tuple(_deal(rule, around) for rule in shown.offers[:_MOST_OFFERS]),
        coupons=tuple(
            Claimable(batch=one.batch, face=face, terms=terms)
            for one in shown.coupons[:_MOST_COUPONS]
            for face, terms in (words.face(one.rule, around),)
        ),
    )


def labels(shop: str, shown: Mapping[str, Shown]) -> dict[str, str]:
    """The one offer that stands on each card, by SKU: the lowest price of those who take part, with its reason; else
    of the offers for everybody the one that counts most goods together.
    """
    names = queries.names(shop)
    found = {}
    for sku, each in shown.items():
        open_to_all = [rule for rule in each.offers if rule.layer in _ON_CARDS and not _is_for_some(rule)]
        best = min(open_to_all, key=lambda rule: (_ON_CARDS.index(rule.layer), -rule.priority, rule.id), default=None)
        if each.specials:
            lowest = each.specials[0]
            found[sku] = f"{queries.PRICE_NAMES[lowest.source]} {words.amount(lowest.price)}"
        elif best is not None and best.id in names:
            found[sku] = names[best.id].to(_language())
    return found


def name(shop: str, rule: Rule) -> str:
    """What a promotion is called."""
    return words.Around(shop=shop, names=queries.names(shop)).name(rule.id, rule.kind)


def _deal(rule: Rule, around: words.Around) -> Deal:
    return Deal(
        name=around.name(rule.id),
        terms=words.sentence(rule, around),
        who=words.people(rule.audience, shop=around.shop),
    )


def _is_for_some(rule: Rule) -> bool:
    return bool(rule.audience.tiers or rule.audience.segments)


def _language() -> str:
    return get_language() or "en"
