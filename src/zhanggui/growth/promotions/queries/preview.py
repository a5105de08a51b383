"""Sample baskets priced with a promotion that is not live, and without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.promotions import models
from zhanggui.growth.promotions import rules as pure
from zhanggui.growth.promotions.queries import live
from zhanggui.growth.promotions.rules import (
    Applied,
    Basket,
    Line,
    PriceOffer,
    PriceSource,
    Quoted,
    Rejected,
    Rule,
    Shopper,
    State,
)
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout import queries as counters

# Under which id a promotion is tried that was not kept yet.
DRAFT: Final = "draft"
_HELD: Final = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a basket comes to, and why. goods and postage: after all that applied."""

    goods: Money
    postage: Money
    applied: tuple[Applied, ...]
    rejected: tuple[Rejected, ...]

    @property
    def total(self) -> Money:
        """Goods and postage."""
        return self.goods + self.postage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A basket priced without the promotion and with it.

    cost  of its goods; None if that of a piece is not known
    """

    lines: tuple[tuple[Card, int], ...]
    before: Priced
    after: Priced
    cost: Money | None

    def margin(self, priced: Priced) -> Money | None:
        """What the goods bring above their cost, taxes not taken off."""
        return None if self.cost is None else priced.goods - self.cost

    @property
    def off(self) -> Money:
        """What the promotion takes off."""
        return self.before.total - self.after.total


def typical(shop: str, draft: Rule) -> list[dict[str, int]]:
    """A few baskets of best sellers, those of the promotion's goods first: one piece, two and one, one each of five."""
    best = catalogue.home(shop).best
    lines = {line.sku: line for line in _lines(shop, [(card, 1) for card in best])}
    cards = sorted(best, key=lambda card: not draft.target.fits(lines[card.sku]))
    skus = [card.sku for card in cards][:5]
    made = [
        dict.fromkeys(skus[:1], 1),
        {sku: 2 - place for place, sku in enumerate(skus[:2])},
        dict.fromkeys(skus, 1),
    ]
    return [basket for place, basket in enumerate(made) if basket and basket not in made[:place]]


def previewed(
    shop: str, draft: Rule, baskets: Sequence[Mapping[str, int]], *, at: datetime
) -> tuple[tuple[Sample, ...], dict[str, live.Called]]:
    """The baskets with and without a promotion, as somebody whom it is for and who holds every coupon that is out.

    at       of asking; the promotion is tried as if it held then. What is not sold is left out
    returns  the samples, and what the other promotions are called
    """
    cards = catalogue.products({sku for basket in baskets for sku in basket})
    live_ones = models.Promotion.objects.filter(shop=shop, state=State.LIVE, starts_at__lte=at).order_by("id")
    rows = [row for row in live_ones if (row.ends_at is None or at < row.ends_at) and str(row.id) != draft.id]
    rules = [
        replace(live.rule_of(row), coupon=f"{_HELD}-{row.id}" if row.is_coupon else "", per_person=None) for row in rows
    ]
    names = {str(row.id): live.Called(zh=row.name_zh, en=row.name_en) for row in rows}
    fits_now = replace(draft, starts_at=None, ends_at=None, per_person=None)
    fee = _postage(shop)
    samples = []
    for basket in baskets:
        held = [(cards[sku], units) for sku, units in basket.items() if sku in cards and cards[sku].shop == shop]
        if held:
            samples.append(_sample(shop, held, rules, fits_now, fee=fee, at=at))
    return tuple(samples), names


def _sample(
    shop: str, held: list[tuple[Card, int]], rules: list[Rule], draft: Rule, *, fee: Money, at: datetime
) -> Sample:
    basket = Basket(shop=shop, currency=fee.currency, lines=_lines(shop, held, at=at))
    shopper = Shopper(
        person=DRAFT,
        is_signed_in=True,
        tier=min(draft.audience.tiers, default=""),
        segments=draft.audience.segments,
    )
    known = all(card.cost for card, _ in held)
    return Sample(
        lines=tuple(held),
        before=_priced(basket, rules, shopper, fee=fee, at=at),
        after=_priced(basket, [*rules, draft], shopper, fee=fee, at=at),
        cost=Money.total((card.cost * units for card, units in held), fee.currency) if known else None,
    )


def _priced(basket: Basket, rules: Sequence[Rule], shopper: Shopper, *, fee: Money, at: datetime) -> Priced:
    quoted: Quoted = pure.quote(basket, rules, shopper, at=at)
    amounts = tuple(line.amount for line in quoted.lines)
    weights = [amount.minor for amount in amounts]
    shares = fee.split(weights if any(weights) else [1] * len(weights))
    posted = pure.postage(
        basket, amounts=amounts, postage=shares, rules=rules, shopper=shopper, at=at, applied=quoted.applied
    )
    return Priced(
        goods=quoted.goods,
        postage=Money.total(posted.postage, fee.currency),
        applied=(*quoted.applied, *posted.applied),
        rejected=(*quoted.rejected, *posted.rejected),
    )


def _postage(shop: str) -> Money:
    """What the first way to deliver costs, whatever is bought: so that free postage has something to take off."""
    offered = counters.offered(shop)
    return offered[0].rate if offered else Money.zero(shops.shop(shop).currency)


def _lines(shop: str, held: Sequence[tuple[Card, int]], *, at: datetime | None = None) -> tuple[Line, ...]:
    tags = catalogue.tags_of([card.sku for card, _ in held])
    paths = {category.key: category.path for category in catalogue.categories(shop)}
    floors = live.floors(shop)
    return tuple(
        Line(
            id=place,
            sku=card.sku,
            quantity=units,
            list_price=card.price,
            product=card.product,
            categories=paths.get(card.category, (card.category,)),
            tags=tags.get(card.sku, frozenset()),
            floor=floors.get(card.sku),
            prices=_sale(card, at),
        )
        for place, (card, units) in enumerate(held)
    )


def _sale(card: Card, at: datetime | None) -> tuple[PriceOffer, ...]:
    if at is None or card.price_at(at) >= card.price:
        return ()
    return (PriceOffer(id="", source=PriceSource.LIMITED, price=card.price_at(at)),)
