"""A port of the catalogue: what promotions asked of everybody, for the lawful "was" price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.growth.promotions import models
from zhanggui.growth.promotions import rules as pure
from zhanggui.growth.promotions.queries import live, pricing
from zhanggui.growth.promotions.rules import Line
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card, PricePoint


def public_prices(
    cards: Sequence[Card], listed: Mapping[str, Sequence[PricePoint]], *, since: datetime
) -> Mapping[str, Sequence[PricePoint]]:
    """What promotions asked of everybody for these SKUs since a moment, each with its promotion.

    No statement in a shop without such promotions but for a kept answer; else one for the floors, and one for the tags
    if any of them looks at tags. Categories and tags are those of today (docs/decisions/0018).
    """
    shop = cards[0].shop if cards else ""
    held = [period for period in live.periods(shop) if period.until is None or period.until > since]
    if not held:
        return {}
    skus = [card.sku for card in cards]
    tags = catalogue.tags_of(skus) if any(period.rule.target.tags for period in held) else {}
    since_when = dict(models.Floor.objects.filter(shop=shop, sku__in=skus).values_list("sku", "set_at"))
    floors = live.floors(shop)
    found = {}
    for card in cards:
        line = Line(
            id=0,
            sku=card.sku,
            quantity=1,
            list_price=card.price,
            product=card.product,
            categories=pricing.path_of(shop, card.category),
            tags=tags.get(card.sku, frozenset()),
            floor=floors.get(card.sku),
        )
        found[card.sku] = pure.asked(line, listed[card.sku], held, floor_since=since_when.get(card.sku))
    return found
