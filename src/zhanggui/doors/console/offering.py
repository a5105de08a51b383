"""Promotions, flash sales and presales as insight wants to know them; `config/wiring.py` plugs them in there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.flash import queries as flash
from zhanggui.growth.presale import queries as presale
from zhanggui.growth.promotions import queries as promoting
from zhanggui.growth.promotions.rules import Line, State, Target
from zhanggui.insight.campaigns.rules import Goods, Kind, Offer
from zhanggui.insight.metrics import queries as metrics
from zhanggui.shop.catalogue import queries as catalogue

_MOST_SKUS: Final = 100_000
_NEVER_LIVE: Final = (State.DRAFT, State.ASKED)


def promotions(shop: str, first: date, until: date) -> Sequence[Offer]:
    """The promotions of a shop that held between two days, with the goods that they look at today."""
    zone = shops.shop(shop).zone
    start, end = (clock.span_of(day, zone)[0] for day in (first, until))
    return [
        Offer(
            kind=Kind.PROMOTION,
            id=one.id,
            name_zh=one.plan.name_zh,
            name_en=one.plan.name_en,
            start=clock.day_of(one.plan.starts_at, zone),
            end=_end(one.plan.ends_at, zone),
            goods=_goods(shop, one.plan.target),
        )
        for one in promoting.planned(shop, start=start, end=end)
        if one.state not in _NEVER_LIVE
    ]


def flash_sales(shop: str, first: date, until: date) -> Sequence[Offer]:
    """The flash sales of a shop that began before the one day and ended after the other. Two statements."""
    zone = shops.shop(shop).zone
    found = [
        Offer(
            kind=Kind.FLASH,
            id=sale.id,
            name_zh=sale.name.zh,
            name_en=sale.name.en,
            start=clock.day_of(sale.starts_at, zone),
            end=_end(sale.ended_at or sale.ends_at, zone),
            goods=Goods(skus=frozenset(item.sku for item in sale.items)),
        )
        for sale in flash.sales_of(shop)
        if sale.starts_at < (sale.ended_at or sale.ends_at)
    ]
    return [one for one in found if one.start < until and (one.end is None or first < one.end)]


def presales(shop: str, first: date, until: date) -> Sequence[Offer]:
    """The presales of a shop between two days, from the first deposit to the last balance. At most two statements."""
    zone = shops.shop(shop).zone
    start, end = (clock.span_of(day, zone)[0] for day in (first, until))
    found = presale.presales_between(shop, start=start, end=end)
    cards = catalogue.products(sorted({one.terms.sku for one in found})) if found else {}
    titles = {sku: card.title for sku, card in cards.items()}
    return [
        Offer(
            kind=Kind.PRESALE,
            id=str(one.id),
            name_zh=titles[one.terms.sku].zh if one.terms.sku in titles else one.terms.sku,
            name_en=titles[one.terms.sku].en if one.terms.sku in titles else one.terms.sku,
            start=clock.day_of(one.terms.deposit_from, zone),
            end=_end(min(one.terms.balance_until, one.ended_at or one.terms.balance_until), zone),
            goods=Goods(skus=frozenset({one.terms.sku})),
        )
        for one in found
        if one.ended_at is None or one.ended_at > one.terms.deposit_from
    ]


def _end(ends_at: datetime | None, zone: str) -> date | None:
    """The day after the last one on which any of it holds."""
    if ends_at is None:
        return None
    return clock.day_of(ends_at - timedelta(microseconds=1), zone) + timedelta(days=1)


def _goods(shop: str, target: Target) -> Goods:
    if target.is_everything and not (target.but_skus or target.but_categories):
        return Goods(is_all=True)
    return Goods(skus=frozenset(line.sku for line in _lines(shop) if target.fits(line)))


@kept(seconds=60)
def _lines(shop: str) -> tuple[Line, ...]:
    """Every SKU that was ever listed, as the target of a promotion looks at it today. Three statements."""
    listed = metrics.listings_like(shop, "", limit=_MOST_SKUS)
    skus = [one.sku for one in listed]
    handles, tags = catalogue.handles_by_sku(shop, skus), catalogue.tags_of(skus)
    paths = {category.key: category.path for category in catalogue.categories(shop)}
    one_minor = Money(1, shops.shop(shop).currency)
    return tuple(
        Line(
            id=0,
            sku=one.sku,
            quantity=1,
            list_price=one_minor,
            product=handles.get(one.sku, ""),
            categories=paths.get(one.category, (one.category,)),
            tags=tags.get(one.sku, frozenset()),
        )
        for one in listed
    )
