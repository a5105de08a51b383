"""What a page says about promotions before anything lies in a cart: prices for everybody, offers, coupons to be had.

Nobody is known to such a page. What those pay who take part in a flash sale, a team or a presale is said beside the
price, with its reason; how one takes part stands on pages of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zhanggui.base.money import Money
from zhanggui.growth.promotions import ports
from zhanggui.growth.promotions import rules as pure
from zhanggui.growth.promotions.queries import coupons, live, pricing
from zhanggui.growth.promotions.queries.coupons import Offered
from zhanggui.growth.promotions.rules import Basket, Layer, Line, PriceOffer, PriceSource, Rule, Shopper, Special
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What promotions say about a SKU.

    price    of one piece, for everybody
    by       the promotion that makes the price; None at the list price and at the catalogue's own sale
    for_some lower prices that some people have, each with its promotion, dearest first
    offers   promotions that may take something off besides, by layer; none that needs a coupon
    coupons  that can be claimed and fit it
    specials lower prices of whoever takes part, lowest first
    """

    price: Money
    by: Rule | None = None
    for_some: tuple[tuple[Rule, Money], ...] = ()
    offers: tuple[Rule, ...] = ()
    coupons: tuple[Offered, ...] = ()
    specials: tuple[Special, ...] = ()


def shown(shop: str, cards: Iterable[Card], *, at: datetime) -> dict[str, Shown]:
    """What promotions say about each SKU. No statement, but one if a promotion looks at tags.

    law  the price is what one piece costs in the cart of somebody of whom nothing is known
    """
    cards, now = list(cards), live.standing(shop)
    offered = coupons.on_offer(shop)
    special = _specials_of(shop, {card.sku for card in cards}, at=at)
    if not now.rules and not offered:
        return {card.sku: _beside(Shown(price=card.price_at(at)), special.get(card.sku, ())) for card in cards}
    sees_tags = now.sees_tags or any(one.rule.target.tags for one in offered)
    tags = catalogue.tags_of([card.sku for card in cards]) if sees_tags and cards else {}
    lines = [_line(shop, card, tags.get(card.sku, frozenset()), at=at) for card in cards]
    return {
        card.sku: _beside(
            _shown(Basket(shop=shop, currency=card.price.currency, lines=(line,)), card, offered, at=at),
            special.get(card.sku, ()),
        )
        for card, line in zip(cards, lines, strict=True)
    }


def edition(shop: str) -> Hashable:
    """Another one whenever a page that shows promotions has to be made anew. No statement but for kept answers."""
    offered = tuple((one.batch, one.left_units == 0) for one in coupons.on_offer(shop))
    return live.standing(shop).edition, offered, _specials(shop)


def turns(shop: str, *, after: datetime) -> tuple[datetime, ...]:
    """The moments to come at which a promotion, or a price of whoever takes part, begins or ends."""
    said = [moment for rule in live.standing(shop).rules for moment in (rule.starts_at, rule.ends_at)]
    said += [moment for each in _specials(shop) for moment in (each.starts_at, each.ends_at)]
    return tuple(moment for moment in said if moment is not None and moment > after)


def may_change(shop: str) -> bool:
    """Whether what goods cost together may be another than their prices say."""
    now = live.standing(shop)
    return bool(now.rules or now.by_coupon)


def names(shop: str) -> dict[str, live.Called]:
    """What the promotions of now are called, by id."""
    return dict(live.standing(shop).names)


def going_on(shop: str, *, at: datetime) -> tuple[Rule, ...]:
    """The promotions that hold now for whoever qualifies and need no coupon, by layer."""
    return tuple(sorted((rule for rule in live.standing(shop).rules if _holds(rule, at)), key=_by_layer))


def _specials(shop: str) -> tuple[Special, ...]:
    """All prices of whoever takes part, now or soon; kept answers."""
    return tuple(each for asked in ports.specials for each in asked(shop))


def _specials_of(shop: str, skus: Collection[str], *, at: datetime) -> dict[str, list[Special]]:
    """The prices of whoever takes part that can be had now, by SKU, lowest first."""
    found: dict[str, list[Special]] = {}
    for each in _specials(shop):
        if each.sku in skus and each.is_on(at):
            found.setdefault(each.sku, []).append(each)
    return {sku: sorted(those, key=lambda each: (each.price.minor, each.source)) for sku, those in found.items()}


def _beside(shown: Shown, specials: Iterable[Special]) -> Shown:
    """With those of the specials that are lower than what everybody pays."""
    lower = tuple(each for each in specials if each.price < shown.price)
    return replace(shown, specials=lower) if lower else shown


def _line(shop: str, card: Card, tags: frozenset[str], *, at: datetime) -> Line:
    now = card.price_at(at)
    on_sale = (PriceOffer(id="", source=PriceSource.LIMITED, price=now),) if now < card.price else ()
    return Line(
        id=0,
        sku=card.sku,
        quantity=1,
        list_price=card.price,
        product=card.product,
        categories=pricing.path_of(shop, card.category),
        tags=tags,
        floor=live.floors(shop).get(card.sku),
        prices=on_sale,
    )


def _shown(basket: Basket, card: Card, offered: Sequence[Offered], *, at: datetime) -> Shown:
    touching = [rule for rule in live.standing(basket.shop).index.touching(basket, at=at) if _holds(rule, at)]
    prices = [rule for rule in touching if rule.layer is Layer.PRICE]
    price, by = _price(basket, prices, Shopper(), at=at) if prices else (card.price_at(at), None)
    for_some = []
    for rule in prices:
        if not _is_for_all(rule):
            theirs, mine = _price(basket, prices, _of(rule), at=at)
            if theirs < price and mine is rule:
                for_some.append((rule, theirs))
    line = basket.lines[0]
    return Shown(
        price=price,
        by=by,
        for_some=tuple(sorted(for_some, key=lambda each: (-each[1].minor, each[0].id))),
        offers=tuple(rule for rule in touching if rule.layer is not Layer.PRICE),
        coupons=tuple(one for one in offered if one.left_units != 0 and one.rule.target.fits(line)),
    )


def _price(basket: Basket, rules: Sequence[Rule], shopper: Shopper, *, at: datetime) -> tuple[Money, Rule | None]:
    quoted = pure.quote(basket, rules, shopper, at=at)
    won = quoted.applied[0].rule if quoted.applied else ""
    return quoted.goods, next((rule for rule in rules if rule.id == won), None)


def _of(rule: Rule) -> Shopper:
    """Somebody who qualifies for it by one of the ways that it names."""
    tier = min(rule.audience.tiers, default="")
    segments = frozenset() if tier else rule.audience.segments
    return Shopper(is_signed_in=True, tier=tier, segments=segments)


def _is_for_all(rule: Rule) -> bool:
    audience = rule.audience
    return not (audience.tiers or audience.segments or audience.is_signed_in_only)


def _holds(rule: Rule, at: datetime) -> bool:
    has_begun = rule.starts_at is None or rule.starts_at <= at
    has_budget = rule.budget_left is None or rule.budget_left.minor > 0
    return has_begun and has_budget and (rule.ends_at is None or at < rule.ends_at)


def _by_layer(rule: Rule) -> tuple[int, int, str]:
    return rule.layer, -rule.priority, rule.id
