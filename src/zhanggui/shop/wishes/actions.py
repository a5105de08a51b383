"""The verbs of the wish list; the shopper is the person of the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.wishes import models, queries
from zhanggui.shop.wishes.errors import ListFull, NotForSale
from zhanggui.shop.wishes.rules import MOST_WISHES
from zhanggui.spine.log.rules import Trail

# Index shop_wishes_wish_once. What stands on both lists keeps the older wish, and with it the price of that day.
_MERGE: Final = """
with moved as (delete from shop_wishes_wish where shop = %s::varchar and person = %s::varchar
    returning shop, sku, price_minor, currency, at)
insert into shop_wishes_wish as w (shop, person, sku, price_minor, currency, at)
select shop, %s::varchar, sku, price_minor, currency, at from moved order by at desc limit %s::int
on conflict on constraint shop_wishes_wish_once do update
    set price_minor = excluded.price_minor, currency = excluded.currency, at = excluded.at where excluded.at < w.at
"""


@operation
def add(*, sku: str, trail: Trail) -> bool:
    """Put a SKU on the list with today's price; False if it stands there already.

    refuses  NotForSale, ListFull beyond 200
    """
    card = catalogue.products([sku]).get(sku)
    if card is None or not card.is_listed or card.shop != trail.shop:
        raise NotForSale(sku=sku)
    if queries.is_wished(trail.shop, trail.person, sku):
        return False
    if queries.count(trail.shop, trail.person) >= MOST_WISHES:
        raise ListFull(most=MOST_WISHES)
    at = clock.now()
    now = card.price_at(at)
    wish = models.Wish(
        shop=trail.shop, person=trail.person, sku=sku, price_minor=now.minor, currency=now.currency, at=at
    )
    models.Wish.objects.bulk_create([wish], ignore_conflicts=True)
    return True


@operation
def remove(*, sku: str, trail: Trail) -> bool:
    """Take a SKU off the list; False if it did not stand there."""
    gone, _ = models.Wish.objects.filter(shop=trail.shop, person=trail.person, sku=sku).delete()
    return bool(gone)


@operation
def toggle(*, sku: str, trail: Trail) -> bool:
    """Put a SKU on the list, or take it off if it stands there; whether it stands there now.

    refuses  NotForSale, ListFull
    """
    return not remove(sku=sku, trail=trail) and add(sku=sku, trail=trail)


@operation
def merge(*, shop: str, from_person: str, to_person: str) -> None:
    """Put what a guest wished for on the list of the account that was signed in to."""
    if from_person == to_person:
        return
    room = max(MOST_WISHES - queries.count(shop, to_person), 0)
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, [shop, from_person, to_person, room])


@operation
def erase(*, shop: str, persons: Sequence[str]) -> None:
    """Forget the wishes of people who are to be forgotten."""
    models.Wish.objects.filter(shop=shop, person__in=list(persons)).delete()
