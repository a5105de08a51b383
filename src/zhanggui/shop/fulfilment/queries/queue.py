"""What is to be shipped, the most urgent first, and how promises were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from zhanggui.base import clock
from zhanggui.shop.fulfilment import models, rules
from zhanggui.shop.fulfilment.rules import Kept, Parcel, Promise, State

# Index shop_fulfilment_parcel_due. A parcel that was called off promised nothing.
_SHIPPED_IN_TIME = """
select (ship_by at time zone %s::varchar)::date as day, warehouse,
    count(*) filter (where shipped_at <= ship_by),
    count(*) filter (where coalesce(shipped_at, %s::timestamptz) > ship_by),
    count(*) filter (where shipped_at is null and ship_by >= %s::timestamptz)
from shop_fulfilment_parcel
where shop = %s::varchar and ship_by >= %s::timestamptz and ship_by < %s::timestamptz and state <> 'called_off'
group by 1, 2 order by 1, 2
"""
_ARRIVED_IN_TIME = """
select promised_on, warehouse,
    count(*) filter (where (delivered_at at time zone %s::varchar)::date <= promised_on),
    count(*) filter (where (delivered_at at time zone %s::varchar)::date > promised_on
        or delivered_at is null and (state in ('lost', 'returned_to_sender') or promised_on < %s::date)),
    count(*) filter (where delivered_at is null and state not in ('lost', 'returned_to_sender')
        and promised_on >= %s::date)
from shop_fulfilment_parcel
where shop = %s::varchar and promised_on >= %s::date and promised_on < %s::date and state <> 'called_off'
group by 1, 2 order by 1, 2
"""


class Due(StrEnum):
    """How urgent parcels are.

    SOON  they must leave within the next hours, or are late already
    """

    ANY = "any"
    LATE = "late"
    SOON = "soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which parcels of a shop are wanted.

    state      None: all that are still to leave; of one order, all
    warehouse  empty: any
    order_number  empty: of any order
    """

    shop: str
    at: datetime
    state: State | None = None
    warehouse: str = ""
    due: Due = Due.ANY
    order_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the parcels that were asked for.

    count  all of them
    """

    parcels: tuple[Parcel, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many parcels wait in a shop, and where.

    soon, late  how many of them must leave within the next hours, and how many should have left
    """

    by_state: dict[State, int]
    late: int
    soon: int
    warehouses: tuple[str, ...]

    @property
    def waiting(self) -> int:
        """Parcels that are still to leave."""
        return sum(self.by_state.get(state, 0) for state in rules.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A parcel that was found by its carrier's number."""

    id: str
    number: str
    carrier: str
    state: State


def queue(asked: Asked, *, limit: int, offset: int = 0) -> Page:
    """Parcels, the most urgent first. Three statements. Index shop_fulfilment_parcel_queue."""
    rows = _asked(asked)
    found = rows.order_by("ship_by", "id").prefetch_related("lines")[offset : offset + limit]
    return Page(parcels=tuple(row.value for row in found), count=rows.count())


def standing(shop: str, *, at: datetime) -> Standing:
    """How many parcels wait and how many are on their way. Two statements."""
    away = Q(state=State.SHIPPED)
    waiting = Q(state__in=rules.WAITING)
    rows = models.Parcel.objects.filter(waiting | away, shop=shop)
    by_state = dict(rows.order_by().values_list("state").annotate(Count("id")))
    sums = models.Parcel.objects.filter(waiting, shop=shop).aggregate(
        late=Count("id", filter=Q(ship_by__lt=at)),
        soon=Count("id", filter=Q(ship_by__gte=at, ship_by__lt=at + rules.SOON)),
    )
    warehouses = models.Parcel.objects.filter(waiting, shop=shop).values_list("warehouse", flat=True)
    return Standing(
        by_state={State(state): count for state, count in by_state.items()},
        late=sums["late"],
        soon=sums["soon"],
        warehouses=tuple(warehouses.distinct().order_by("warehouse")),
    )


def pressing(shop: str, *, at: datetime) -> tuple[int, int]:
    """How many parcels should have left, and how many more must leave within the next hours. One statement.

    Index shop_fulfilment_parcel_queue.
    """
    rows = models.Parcel.objects.filter(shop=shop, state__in=rules.WAITING, ship_by__lt=at + rules.SOON)
    sums = rows.aggregate(late=Count("id", filter=Q(ship_by__lt=at)), soon=Count("id", filter=Q(ship_by__gte=at)))
    return sums["late"], sums["soon"]


def late_orders(shop: str, *, at: datetime, limit: int = 1000) -> tuple[str, ...]:
    """The orders of which a parcel should have left and has not, the longest overdue first. One statement.

    Index shop_fulfilment_parcel_queue.
    """
    rows = models.Parcel.objects.filter(shop=shop, state__in=rules.WAITING, ship_by__lt=at)
    return tuple(dict.fromkeys(rows.order_by("ship_by", "id").values_list("order_number", flat=True)[:limit]))


def waiting_of(shop: str, order_numbers: Iterable[str]) -> tuple[Parcel, ...]:
    """The parcels of these orders that are still to leave, the most urgent first. Two statements.

    Index shop_fulfilment_parcel_order.
    """
    rows = models.Parcel.objects.filter(shop=shop, order_number__in=list(order_numbers), state__in=rules.WAITING)
    return tuple(row.value for row in rows.order_by("ship_by", "id").prefetch_related("lines"))


def tracked(shop: str, tracking: str) -> tuple[Tracked, ...]:
    """The parcels that a carrier knows under a number. One statement.

    Index shop_fulfilment_parcel_tracking, looked into once for each carrier.
    """
    rows = models.Parcel.objects.filter(shop=shop, tracking=tracking).exclude(tracking="").order_by("carrier")
    return tuple(
        Tracked(id=str(id), number=number, carrier=carrier, state=State(state))
        for id, number, carrier, state in rows.values_list("id", "number", "carrier", "state")
    )


def due_soon(shop: str, *, at: datetime, limit: int = 10) -> Page:
    """Parcels that must leave within the next hours, the most urgent first, without the late ones."""
    rows = models.Parcel.objects.filter(
        shop=shop, state__in=rules.WAITING, ship_by__gte=at, ship_by__lt=at + rules.SOON
    )
    found = rows.order_by("ship_by", "id").prefetch_related("lines")[:limit]
    return Page(parcels=tuple(row.value for row in found), count=rows.count())


def late(shop: str, *, at: datetime, limit: int = 10) -> Page:
    """Parcels that should have left and have not, the longest overdue first."""
    return queue(Asked(shop=shop, at=at, due=Due.LATE), limit=limit)


def overdue(shop: str, *, today: date, limit: int = 10) -> Page:
    """Parcels that have left and should have arrived before today, the longest overdue first."""
    rows = models.Parcel.objects.filter(shop=shop, state=State.SHIPPED, promised_on__lt=today)
    found = rows.order_by("promised_on", "id").prefetch_related("lines")[:limit]
    return Page(parcels=tuple(row.value for row in found), count=rows.count())


def kept(shop: str, *, promise: Promise, start: date, end: date, zone: str, at: datetime) -> tuple[Kept, ...]:
    """How a promise was kept for the parcels that were due on these days, by day and warehouse. One statement.

    start, end  half open, business days of the shop
    """
    today = clock.day_of(at, zone)
    if promise is Promise.SHIP:
        first, last = clock.span_of(start, zone)[0], clock.span_of(end, zone)[0]
        return _kept(_SHIPPED_IN_TIME, [zone, at, at, shop, first, last])
    return _kept(_ARRIVED_IN_TIME, [zone, zone, today, today, shop, start, end])


def _kept(sql: str, args: list[Any]) -> tuple[Kept, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return tuple(
            Kept(day=day, warehouse=warehouse, kept=kept, broken=broken, open=waiting)
            for day, warehouse, kept, broken, waiting in cursor.fetchall()
        )


def _asked(asked: Asked) -> QuerySet[models.Parcel]:
    rows = models.Parcel.objects.filter(shop=asked.shop)
    if asked.state:
        rows = rows.filter(state=asked.state)
    elif not asked.order_number:
        rows = rows.filter(state__in=rules.WAITING)
    if asked.warehouse:
        rows = rows.filter(warehouse=asked.warehouse)
    if asked.order_number:
        rows = rows.filter(order_number=asked.order_number)
    if asked.due is Due.LATE:
        rows = rows.filter(ship_by__lt=asked.at)
    if asked.due is Due.SOON:
        rows = rows.filter(ship_by__lt=asked.at + rules.SOON)
    return rows
