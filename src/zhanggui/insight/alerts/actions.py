"""Looking at the days that are over, and saying which days are known to differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.alerts import models, queries, rules
from zhanggui.insight.alerts.errors import KnownDayUnfit, NoSuchKnownDay
from zhanggui.insight.alerts.queries import Judged
from zhanggui.insight.alerts.rules import Deviation, Normal, Place
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.insight.tree import rules as tree
from zhanggui.spine.facts.alerts import DeviationFound
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# What was told at the end of a day is in the tables some time after midnight.
SETTLED_AFTER: Final = timedelta(hours=2)
MOST_DAYS: Final = 7
SHOWN_DAYS: Final = 60
_DAY: Final = timedelta(days=1)

# Constraint insight_alerts_looked_pkey: of two who look at a day, one writes.
_LOOKED = """
insert into insight_alerts_looked (shop, day, at, found) values (%s, %s, %s, %s) on conflict (shop, day) do nothing
returning day
"""
# Constraint insight_alerts_normal_pkey. The band of a day is made again when one of the days before it was late.
_NORMAL = """
insert into insight_alerts_normal (shop, day, metric, expected, low, high)
select %s, day, metric, expected, low, high
from unnest(%s::date[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[]) as t(day, metric, expected, low, high)
on conflict (shop, day, metric) do update
set expected = excluded.expected, low = excluded.low, high = excluded.high
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a look at a day came to."""

    day: date
    normals: tuple[Normal, ...]
    deviations: tuple[Deviation, ...]


def look(*, shop: str, at: datetime, by: Actor) -> int:
    """Look at the days of a shop that are over and were not looked at yet; how many numbers were found outside.

    The first look of a shop is at its last day only, and the bands of two months are made for pages. An imported shop
    is not looked at: its days are history. Two looks at once find everything once.

    tells    insight.deviation_found
    refuses  NoSuchShop
    """
    books = shops.shop(shop)
    if books.kind is not ShopKind.OWN:
        return 0
    return sum(_keep(shop=shop, found=_look(books, day, at=at), at=at, by=by) for day in _days_to_look_at(books, at))


@operation
def know(*, shop: str, name: str, first: date, last: date) -> str:
    """Say that days are known to differ, such as a holiday; its number.

    refuses  KnownDayUnfit; it is known already, its name is missing or too long, the days are more than a month
    """
    wanted = rules.known_days(name=name, first=first, last=last)
    row = models.KnownDay(id=ids.uuid7(), shop=shop, name=wanted.name, first=first, last=last)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as known:
        raise KnownDayUnfit(field="name") from known
    return str(row.pk)


@operation
def forget(*, shop: str, id: str) -> None:
    """Take days back that were said to differ.

    refuses  NoSuchKnownDay
    """
    gone, _ = models.KnownDay.objects.filter(pk=UUID(id), shop=shop).delete()
    if not gone:
        raise NoSuchKnownDay(id=id)


def _days_to_look_at(shop: Shop, at: datetime) -> list[date]:
    """The days that are over and have come into the tables, oldest first, as far as nobody looked at them."""
    newest = clock.day_of(at - SETTLED_AFTER, shop.zone) - _DAY
    ends = metrics.days(shop.code)
    if ends is None or ends[1] < newest:
        return []
    last = queries.looked(shop.code)
    first = newest if last is None else max(last + _DAY, newest - (MOST_DAYS - 1) * _DAY)
    return [first + n * _DAY for n in range((newest - first).days + 1)]


def _look(shop: Shop, day: date, *, at: datetime) -> _Look:
    """Judge a day, in the whole shop and in its cells, and make the bands of this day and the next."""
    is_first = queries.looked(shop.code) is None
    shown = Period(day - SHOWN_DAYS * _DAY if is_first else day, day + 2 * _DAY)
    whole = queries.judged(shop.code, rules.watched(), shown, place=Place(), at=at)
    today = {key: one for key, numbers in whole.items() for one in numbers if one.day == day}
    found = list(_outside(shop, day, Place(), today, at=at))
    for cut in Cut:
        keys = rules.watched_in(cut)
        cells = queries.judged_in(shop.code, cut, keys, day, at=at) if keys else {}
        for cell, numbers in cells.items():
            found += _outside(shop, day, Place(cut=cut, cell=cell), numbers, at=at)
    normals = tuple(
        rules.normal_of(key, one.day, one.band)
        for key, numbers in whole.items()
        for one in numbers
        if one.band and not one.known
    )
    return _Look(day=day, normals=normals, deviations=tuple(found))


def _outside(shop: Shop, day: date, place: Place, today: Mapping[str, Judged], *, at: datetime) -> Iterator[Deviation]:
    money = next((today[key] for key in rules.MONEY if key in today), None)
    for key, one in today.items():
        if not one.is_outside or one.band is None:
            continue
        normal = rules.normal_of(key, day, one.band)
        yield Deviation(
            shop=shop.code,
            metric=key,
            place=place,
            day=day,
            actual=rules.in_units(key, rules.number_of(one.figure) or 0.0),
            expected=normal.expected,
            low=normal.low,
            high=normal.high,
            money_minor=_worth(key, one, money),
            currency=shop.currency,
            found_at=at,
        )


def _worth(key: str, one: Judged, money: Judged | None) -> int | None:
    """What a deviation came to in money: itself, or its part of the money that came instead of what was expected."""
    if one.band is None or money is None or money.band is None:
        return None
    came, missed = rules.number_of(one.figure) or 0.0, one.band.expected
    if key in rules.MONEY:
        return round(came - missed)
    if key not in rules.FACTORS:
        return None
    return tree.worth(factor=(came, missed), money=(rules.number_of(money.figure) or 0.0, money.band.expected))


@operation
def _keep(*, shop: str, found: _Look, at: datetime, by: Actor) -> int:
    """Write a look down, unless somebody else did."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED, [shop, found.day, at, len(found.deviations)])
        if cursor.fetchone() is None:
            return 0
        columns = ("day", "metric", "expected", "low", "high")
        cursor.execute(_NORMAL, [shop, *([getattr(one, name) for one in found.normals] for name in columns)])
    kept = [replace(one, id=str(ids.uuid7())) for one in found.deviations]
    told = record_all(
        [Told(fact=_fact(one), by=by, trail=Trail(shop=shop), subject=f"deviation:{one.id}", at=at) for one in kept]
    )
    models.Deviation.objects.bulk_create(_row(replace(one, fact=id)) for one, id in zip(kept, told, strict=True))
    return len(kept)


def _row(one: Deviation) -> models.Deviation:
    return models.Deviation(
        id=UUID(one.id),
        shop=one.shop,
        metric=one.metric,
        cut=str(one.place.cut or ""),
        cell=one.place.cell,
        day=one.day,
        actual=one.actual,
        expected=one.expected,
        low=one.low,
        high=one.high,
        money_minor=one.money_minor,
        currency=one.currency,
        found_at=one.found_at,
        fact=one.fact,
    )


def _fact(one: Deviation) -> DeviationFound:
    day = one.day.isoformat()
    cell = {str(one.place.cut): one.place.cell} if one.place.cut else {}
    return DeviationFound(
        metric=one.metric,
        cut=str(one.place.cut or ""),
        cell=one.place.cell,
        day=day,
        actual=one.actual,
        expected=one.expected,
        low=one.low,
        high=one.high,
        money_minor=one.money_minor,
        currency=one.currency,
        evidence=urlencode({"period": "custom", "from": day, "to": day, **cell}),
    )
