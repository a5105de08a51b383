"""What promotions make of a basket: two steps of the checkout's pipeline, and the same with every reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.base.rates import queries as exchange
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import ports
from zhanggui.growth.promotions import rules as pure
from zhanggui.growth.promotions.queries import live
from zhanggui.growth.promotions.rules import (
    COUPON,
    PROMOTION,
    STEP,
    Applied,
    Basket,
    Layer,
    Line,
    Posted,
    PriceOffer,
    PriceSource,
    Quoted,
    Rejected,
    Rule,
    Shopper,
)
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout.rules import Adjustment, Draft, Item, Part
from zhanggui.shop.checkout.rules import Basket as CheckoutBasket


@dataclass(slots=True, kw_only=True)
class Explained:
    """A basket with all that promotions say about it.

    basket   as the checkout priced it
    rules    those that touch it: by themselves, or by a coupon that is held
    chosen   the coupons that the shopper picked; None: the best were picked for them
    posted   what became of the postage; None where nothing takes off postage
    """

    basket: CheckoutBasket
    seen: Basket
    rules: tuple[Rule, ...]
    shopper: Shopper
    chosen: frozenset[str] | None
    quoted: Quoted
    posted: Posted | None = None

    @property
    def applied(self) -> tuple[Applied, ...]:
        """What took something off, in the order of the layers."""
        return (*self.quoted.applied, *(self.posted.applied if self.posted else ()))

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """What did not apply, in the order of the layers."""
        return (*self.quoted.rejected, *(self.posted.rejected if self.posted else ()))


# The basket that was priced last, for the step of the postage and for the page that shows the reasons: nothing is asked
# twice, and the reasons are those of the very price. Told apart by being the same object, so none outlives its request.
_latest: ContextVar[Explained | None] = ContextVar("latest", default=None)


def offers(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The step that gives every item its price and takes off what promotions and coupons take off the goods.

    No statement while no promotion is on, but for those that plugged prices ask.

    law  the same basket, shopper and moment give the same adjustments, in the order of the layers
    """
    plugged = _plugged(draft.basket, at=at)
    if not plugged and not _may_change(draft.basket):
        return []
    said = _explained_once(draft.basket, at=at, plugged=plugged).quoted
    return [_adjustment(applied, part=Part.GOODS) for applied in said.applied]


def postage(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """The step that takes off postage; it looks at what the goods cost before points.

    No statement while no promotion takes off postage.
    """
    basket = draft.basket
    on_postage = [a for a in draft.adjustments if a.part is Part.SHIPPING]
    if not on_postage or not _may_take_postage(basket.shop):
        return []
    points = [a for a in draft.adjustments if a.step == "points"]
    items = range(len(basket.items))
    said = _explained_once(basket, at=at)
    said.posted = pure.postage(
        said.seen,
        amounts=[draft.amounts[i] - Money.total((a.shares[i] for a in points), basket.currency) for i in items],
        postage=[Money.total((a.shares[i] for a in on_postage), basket.currency) for i in items],
        rules=said.rules,
        shopper=said.shopper,
        at=at,
        chosen=said.chosen,
        applied=said.quoted.applied,
    )
    return [_adjustment(applied, part=Part.SHIPPING) for applied in said.posted.applied]


def explain(basket: CheckoutBasket, *, at: datetime) -> Quoted:
    """The whole quote of layers 1 to 6: what applied, what did not, and why."""
    return _explained(basket, at=at).quoted


def said_of(basket: CheckoutBasket) -> Explained | None:
    """What promotions said of the basket that was priced just now; None if nothing could change it. No statement."""
    latest = _latest.get()
    return latest if latest is not None and latest.basket is basket else None


def _explained_once(
    basket: CheckoutBasket, *, at: datetime, plugged: Mapping[str, Sequence[PriceOffer]] | None = None
) -> Explained:
    said = said_of(basket)
    if said is None:
        said = _explained(basket, at=at, plugged=plugged)
        _latest.set(said)
    return said


def _explained(
    basket: CheckoutBasket, *, at: datetime, plugged: Mapping[str, Sequence[PriceOffer]] | None = None
) -> Explained:
    lines, rules = _seen(basket, _plugged(basket, at=at) if plugged is None else plugged, at=at)
    shopper = _shopper(basket.shop, basket.person, rules, at=at)
    chosen = _chosen(basket, rules)
    quoted = pure.quote(lines, rules, shopper, at=at, chosen=chosen)
    return Explained(basket=basket, seen=lines, rules=rules, shopper=shopper, chosen=chosen, quoted=quoted)


def _chosen(basket: CheckoutBasket, rules: Sequence[Rule]) -> frozenset[str] | None:
    """The coupons that the shopper picked, as long as one of them can still be had; picking none stands."""
    held = {rule.coupon for rule in rules if rule.coupon}
    picked = live.chosen_by(basket.shop, basket.person) if held else None
    return None if picked and picked.isdisjoint(held) else picked


def _plugged(basket: CheckoutBasket, *, at: datetime) -> dict[str, list[PriceOffer]]:
    """The prices of others, by SKU; one in another currency than the basket is paid in is rejected with its reason."""
    skus = [item.sku for item in basket.items]
    offered: dict[str, list[PriceOffer]] = {}
    for source in ports.prices:
        for sku, prices in source(basket.shop, basket.person, skus, at=at).items():
            if prices:
                offered.setdefault(sku, []).extend(prices)
    return offered


def _seen(
    basket: CheckoutBasket, plugged: Mapping[str, Sequence[PriceOffer]], *, at: datetime
) -> tuple[Basket, tuple[Rule, ...]]:
    """A basket as promotions see it, and those that touch it: by themselves, or by a coupon that is held."""
    lines = _basket(basket, plugged, at=at)
    touching = live.standing(basket.shop).index.touching(lines, at=at)
    return lines, (*touching, *live.held_by(basket.shop, basket.person, at=at))


def _may_change(basket: CheckoutBasket) -> bool:
    """Whether anything but the prices of others could make this basket cost something else."""
    return bool(
        len(live.standing(basket.shop).index)
        or live.by_coupon(basket.shop)
        or any(item.sale_price for item in basket.items)
    )


def _may_take_postage(shop: str) -> bool:
    by_coupon = live.by_coupon(shop).values()
    return live.standing(shop).takes_postage or any(rule.layer is Layer.SHIPPING for rule in by_coupon)


def _basket(basket: CheckoutBasket, prices: Mapping[str, Sequence[PriceOffer]], *, at: datetime) -> Basket:
    floors = _floors(basket.shop, basket.currency, at=at)
    tags = catalogue.tags_of([item.sku for item in basket.items]) if live.standing(basket.shop).sees_tags else {}
    return Basket(
        shop=basket.shop,
        currency=basket.currency,
        lines=tuple(
            Line(
                id=number,
                sku=item.sku,
                quantity=item.quantity,
                list_price=item.list_price,
                product=item.product,
                categories=path_of(basket.shop, item.category),
                tags=tags.get(item.sku, frozenset()),
                floor=floors.get(item.sku),
                prices=(*_sale(item), *prices.get(item.sku, ())),
            )
            for number, item in enumerate(basket.items)
        ),
    )


def _floors(shop: str, currency: str, *, at: datetime) -> Mapping[str, Money]:
    """The floors by SKU, converted at the rate of the day as the list prices are. At most two statements, kept."""
    floors, ours = live.floors(shop), shops.shop(shop)
    if not floors or currency == ours.currency:
        return floors
    rate = exchange.rate(ours.currency, currency, clock.day_of(at, ours.zone))
    return {sku: rate.convert(floor) for sku, floor in floors.items()}


def _sale(item: Item) -> tuple[PriceOffer, ...]:
    """The catalogue's own sale price, which is a limited-time price like any other."""
    if item.sale_price is None:
        return ()
    return (PriceOffer(id="", source=PriceSource.LIMITED, price=item.sale_price),)


def _shopper(shop: str, person: str, rules: Sequence[Rule], *, at: datetime) -> Shopper:
    """What the rules ask of a shopper, and no more."""
    looks_at_tiers = any(rule.audience.tiers for rule in rules)
    looks_at_segments = any(rule.audience.segments for rule in rules)
    looks_at_accounts = any(rule.audience.is_signed_in_only for rule in rules)
    tier = membership.tier(shop, person) if looks_at_tiers or looks_at_accounts else ""
    found = (segments(shop, person, at=at) for segments in ports.segments)
    return Shopper(
        person=person,
        is_signed_in=bool(tier),
        tier=tier,
        segments=frozenset().union(*found) if looks_at_segments else frozenset(),
        used=live.uses_of(shop, person, tuple(rules)),
    )


def _adjustment(applied: Applied, *, part: Part) -> Adjustment:
    """An applied promotion as the checkout keeps it. The catalogue's own sale is nobody's promotion."""
    if applied.coupon:
        source = f"{COUPON}{applied.coupon}"
    elif applied.rule and ":" not in applied.rule:
        source = f"{PROMOTION}{applied.rule}"
    else:
        source = applied.rule
    is_sale = not applied.rule
    return Adjustment(
        step="sale_price" if is_sale else STEP,
        reason="sale" if is_sale else applied.kind,
        part=part,
        amount=applied.amount,
        shares=applied.shares,
        funded_by=applied.funded_by,
        source=source,
    )


def path_of(shop: str, category: str) -> tuple[str, ...]:
    """The keys of a category's ancestors and its own, from the top down. At most one statement, kept."""
    return _paths(shop).get(category, (category,))


@kept(seconds=30)
def _paths(shop: str) -> dict[str, tuple[str, ...]]:
    return {category.key: category.path for category in catalogue.categories(shop)}
