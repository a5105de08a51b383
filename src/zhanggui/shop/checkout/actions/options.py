"""The ways to deliver that a shop offers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from zhanggui.base.operation.actions import operation
from zhanggui.base.shops import queries as shops
from zhanggui.shop.checkout import models, queries
from zhanggui.shop.checkout.errors import LastOption, OptionMoved, OptionNotAllowed
from zhanggui.shop.checkout.rules import Option

# Whoever changes the ways to deliver of a shop waits for whoever does so already.
_ALONE = "select pg_advisory_xact_lock(hashtextextended('shop_checkout_option ' || %s::text, 0))"
_OPTION_FIELDS = [
    *("name_zh", "name_en", "countries", "rate_minor", "per_kg_minor", "free_from_minor", "currency"),
    *("least_days", "most_days", "position", "is_offered"),
]


@operation
def put_up_options(*, shop: str, options: Sequence[Option]) -> None:
    """Deliver these ways from now on, and no other.

    refuses  OptionNotAllowed if one costs less than nothing, is not in the shop's currency or takes days backwards
    """
    _offered_alone(shop)
    models.Option.objects.filter(shop=shop).exclude(key__in=[o.key for o in options]).update(is_offered=False)
    _put_up(shop, options)


@operation
def keep_option(*, shop: str, option: Option, seen: str) -> None:
    """Offer a way to deliver, or change one that is offered, if it still is what was looked at.

    seen     the edition that was looked at, as `Option.edition` says it; empty for a new way
    refuses  OptionMoved (also for a new way whose key another one has), OptionNotAllowed; nothing is written
    """
    standing = {one.key: one.edition for one in _offered_alone(shop)}
    if standing.get(option.key, "") != seen:
        raise OptionMoved(key=option.key)
    _put_up(shop, [option])


@operation
def drop_option(*, shop: str, key: str, seen: str) -> None:
    """Offer a way to deliver no longer; orders that were placed with it keep it.

    seen     the edition that was looked at
    refuses  OptionMoved, LastOption; nothing is written
    """
    standing = {one.key: one.edition for one in _offered_alone(shop)}
    if key not in standing or standing[key] != seen:
        raise OptionMoved(key=key)
    if len(standing) == 1:
        raise LastOption(key=key)
    models.Option.objects.filter(shop=shop, key=key).update(is_offered=False)
    queries.options.forget()


def _offered_alone(shop: str) -> tuple[Option, ...]:
    """The ways to deliver as they stand, while nobody else changes them. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [shop])
    return queries.offered(shop)


def _put_up(shop: str, options: Sequence[Option]) -> None:
    currency = shops.shop(shop).currency
    for option in options:
        amounts = [option.rate, option.per_kg, *([option.free_from] if option.free_from is not None else [])]
        is_right = all(amount.minor >= 0 and amount.currency == currency for amount in amounts)
        if not is_right or not 0 <= option.days[0] <= option.days[1]:
            raise OptionNotAllowed(key=option.key, currency=currency)
    models.Option.objects.bulk_create(
        [_option_row(shop, option) for option in options],
        update_conflicts=True,
        unique_fields=["shop", "key"],
        update_fields=_OPTION_FIELDS,
    )
    queries.options.forget()


def _option_row(shop: str, option: Option) -> models.Option:
    return models.Option(
        shop=shop,
        key=option.key,
        name_zh=option.name_zh,
        name_en=option.name_en,
        countries=list(option.countries),
        rate_minor=option.rate.minor,
        per_kg_minor=option.per_kg.minor,
        free_from_minor=None if option.free_from is None else option.free_from.minor,
        currency=option.rate.currency,
        least_days=option.days[0],
        most_days=option.days[1],
        position=option.position,
        is_offered=True,
    )
