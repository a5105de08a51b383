"""What is on sale now, for pages and for prices. Where no sale is near, nothing is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.growth.flash import models
from zhanggui.growth.flash.rules import SOURCE, Item, Sale, State
from zhanggui.growth.promotions.rules import PriceOffer, PriceSource, Special
from zhanggui.shop.catalogue.rules import Card, PriceKind, PricePoint

# How soon a page shows what another process changed; the database refuses what is no longer there anyway.
_SECONDS: Final = 3
# How long a sale that is over, or is still to come, stands in the hall.
_SHOWN_AFTER: Final = timedelta(hours=12)
_SHOWN_BEFORE: Final = timedelta(days=7)

# Indexes growth_flash_item_pkey and growth_flash_claim_once.
_LEFT = """
select i.id, least(i.quota_units - i.taken_units, i.per_person - coalesce(c.units, 0))
from growth_flash_item i left join growth_flash_claim c on c.item_id = i.id and c.person = %s::varchar
where i.id = any(%s::uuid[]) and i.is_open
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A SKU in a flash sale, with the sale."""

    sale: Sale
    item: Item


@kept(seconds=_SECONDS)
def shown(shop: str) -> tuple[Sale, ...]:
    """The sales that shoppers may see: those on, those of the next week, those just over; by their beginning.

    At most two statements, kept for three seconds. Index growth_flash_sale_latest.
    """
    now = clock.now()
    rows = models.Sale.objects.filter(shop=shop, starts_at__lt=now + _SHOWN_BEFORE, ends_at__gt=now - _SHOWN_AFTER)
    stopped_long_ago = Q(state=State.ENDED, ended_at__lt=now - _SHOWN_AFTER)
    never_begun = Q(state=State.ENDED, starts_at__gt=now)
    rows = rows.exclude(stopped_long_ago | never_begun).order_by("starts_at", "id")
    return tuple(row.value for row in rows.prefetch_related("items"))


def sale_of(shop: str, id: str) -> Sale | None:
    """One of the shown sales."""
    return next((sale for sale in shown(shop) if sale.id == id), None)


def item_of(shop: str, sku: str, *, at: datetime) -> Standing | None:
    """The flash sale that the page of a SKU speaks of: the one that is on, or the next to come."""
    found = [Standing(sale=sale, item=item) for sale, item in _open(shop, at) if item.sku == sku]
    return found[0] if found else None


def left_for(person: str, items: Iterable[str]) -> dict[str, int]:
    """Pieces that a person may still have, by item; what ended is left out. One statement."""
    wanted = [UUID(id) for id in items]
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [person, wanted])
        return {str(id): max(0, units) for id, units in cursor.fetchall()}


def prices(shop: str, person: str, skus: Sequence[str], *, at: datetime) -> Mapping[str, Sequence[PriceOffer]]:
    """The flash prices of some SKUs, for as many pieces as this person may still have of each.

    No statement unless one of them is on sale just now; then one.
    """
    items = _on(shop, skus, at)
    left = left_for(person, [item.id for item in items]) if items else {}
    return {
        item.sku: [PriceOffer(id=f"{SOURCE}{item.id}", source=PriceSource.FLASH, price=item.price, units=left[item.id])]
        for item in items
        if left.get(item.id)
    }


def set_aside(shop: str, person: str, skus: Sequence[str], *, at: datetime) -> Mapping[str, int]:
    """Pieces that a flash sale keeps for whoever buys in it, by SKU. No statement unless one is on sale just now."""
    items = _on(shop, skus, at)
    left = left_for(person, [item.id for item in items]) if items else {}
    return {item.sku: left.get(item.id, 0) for item in items}


@kept(seconds=_SECONDS)
def specials(shop: str) -> tuple[Special, ...]:
    """A port of promotions: what is or comes on sale and is not all taken, for the pages of these goods."""
    return tuple(
        Special(
            sku=item.sku,
            source=PriceSource.FLASH,
            price=item.price,
            starts_at=sale.starts_at,
            ends_at=sale.ends_at,
        )
        for sale in shown(shop)
        for item in sale.items
        if sale.state is not State.ENDED and item.left_units > 0
    )


def public_prices(
    cards: Sequence[Card], listed: Mapping[str, Sequence[PricePoint]], *, since: datetime
) -> Mapping[str, Sequence[PricePoint]]:
    """A port of the catalogue: the flash prices that everybody could have of these SKUs since a moment. One statement.

    A price counts until its sale ended, sold out or not. Index growth_flash_item_of_sku.
    """
    shops = {card.shop for card in cards}
    rows = models.Item.objects.filter(shop__in=shops, sku__in=[card.sku for card in cards], ends_at__gt=since)
    found: dict[str, list[PricePoint]] = {}
    for row in rows.select_related("sale").order_by("starts_at", "id"):
        until = min(row.ends_at, row.sale.ended_at or row.ends_at)
        if until > max(row.starts_at, since):
            point = PricePoint(
                price=Money(row.price_minor, row.currency),
                since=row.starts_at,
                until=until,
                kind=PriceKind.OFFER,
                source=f"{SOURCE}{row.id}",
            )
            found.setdefault(row.sku, []).append(point)
    return found


def forget() -> None:
    """Ask anew from now on what is on sale."""
    shown.forget()
    specials.forget()


def _on(shop: str, skus: Sequence[str], at: datetime) -> list[Item]:
    return [item for sale, item in _open(shop, at) if item.sku in skus and sale.is_on(at)]


def _open(shop: str, at: datetime) -> list[tuple[Sale, Item]]:
    """What is on or still to come, by the beginning."""
    sales = (sale for sale in shown(shop) if sale.state is not State.ENDED and at < sale.ends_at)
    return [(sale, item) for sale in sales for item in sale.items]
