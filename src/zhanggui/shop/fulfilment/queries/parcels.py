"""Reading parcels and what carriers saw of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Length

from zhanggui.base import clock
from zhanggui.shop.fulfilment import models, ports, rules
from zhanggui.shop.fulfilment.errors import NoSuchCarrier, NoSuchParcel
from zhanggui.shop.fulfilment.rules import Carrier, Parcel, Scan, State
from zhanggui.supply.stock import queries as stock

_PART = 1000
# Nothing was heard of a parcel for so long: we ask.
SILENCE = timedelta(minutes=20)
# After so long it is a person's business.
PATIENCE = timedelta(days=60)

# Orders whose parcels have all ended well before a moment, and whose lines without a parcel were handed over before it.
# Index shop_fulfilment_plan_open, then shop_fulfilment_parcel_order.
_KEPT_SINCE = """
select p.order_number from shop_fulfilment_plan p
where p.called_off_at is null and p.completed_at is null and p.planned_at <= %s::timestamptz
    and not exists (select from shop_fulfilment_parcel c where c.order_number = p.order_number
        and c.state <> 'called_off' and (c.delivered_at is null or c.delivered_at > %s::timestamptz))
    and not exists (select from shop_fulfilment_handover h where h.order_number = p.order_number
        and h.at > %s::timestamptz)
order by p.order_number limit %s::int
"""
# Parcels on their way, with a carrier that is plugged in, of which nothing new came in.
# Index shop_fulfilment_parcel_away, then shop_fulfilment_event_way.
_SILENT = """
select p.id::text from shop_fulfilment_parcel p
where p.state = 'shipped' and p.carrier = any(%s::varchar[]) and p.shipped_at < %s::timestamptz
    and p.shipped_at >= %s::timestamptz
    and not exists (select from shop_fulfilment_event e where e.carrier = p.carrier and e.tracking = p.tracking
        and e.received_at >= %s::timestamptz)
order by p.shipped_at, p.id limit %s::int
"""
# Orders whose parcels hold other pieces than are reserved for them in that warehouse and have not gone back on sale.
_READD = """
select c.order_number, l.position, l.sku, c.warehouse, sum(l.units)::bigint
from shop_fulfilment_parcel c join shop_fulfilment_line l on l.parcel_id = c.id
where c.state <> 'called_off' and c.order_number > %s::varchar and c.order_number <= %s::varchar
group by 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Pieces in an order's parcels that are not reserved for it."""

    order_number: str
    position: int
    sku: str
    warehouse: str
    parcel_units: int
    reserved_units: int


def carrier(name: str) -> Carrier:
    """The adapter of a carrier.

    refuses  NoSuchCarrier
    """
    found = ports.carriers.get(name)
    if found is None:
        raise NoSuchCarrier(carrier=name)
    return found


def carrier_names() -> tuple[str, ...]:
    """The carriers that are plugged in, the usual one first."""
    return tuple(ports.carriers)


def follow_address(parcel: Parcel) -> str:
    """The carrier's own page about a parcel; empty if there is none."""
    found = ports.carriers.get(parcel.carrier)
    return found.follow(parcel.tracking) if found and parcel.tracking else ""


def parcels(order_number: str) -> tuple[Parcel, ...]:
    """The parcels of an order, by number, those that were called off included. Two statements.

    Index shop_fulfilment_parcel_order.
    """
    return _values(models.Parcel.objects.filter(order_number=order_number).order_by(Length("number"), "number"))


def parcels_of(parcel_ids: Iterable[str], *, shop: str) -> tuple[Parcel, ...]:
    """Those of these parcels that the shop has, the most urgent first. Two statements. Primary key."""
    return _values(models.Parcel.objects.filter(pk__in=_uuids(parcel_ids), shop=shop).order_by("ship_by", "id"))


def parcel(shop: str, parcel_id: str) -> Parcel:
    """A parcel, for somebody who works in the shop. Two statements. Primary key.

    refuses  NoSuchParcel
    """
    return _only(parcel_id, models.Parcel.objects.filter(pk__in=_uuids([parcel_id]), shop=shop))


def parcel_by_id(parcel_id: str) -> Parcel:
    """A parcel of any shop, for our own jobs. Two statements. Primary key.

    refuses  NoSuchParcel
    """
    return _only(parcel_id, models.Parcel.objects.filter(pk__in=_uuids([parcel_id])))


def order_of(parcel_id: str) -> str:
    """The order that a parcel belongs to. One statement. Primary key.

    refuses  NoSuchParcel
    """
    found = models.Parcel.objects.filter(pk__in=_uuids([parcel_id])).values_list("order_number", flat=True).first()
    if found is None:
        raise NoSuchParcel(parcel_id=parcel_id)
    return found


def wanting(parcel_ids: Sequence[str], *, sku: str, units: int) -> tuple[str, ...]:
    """Those of these parcels that still want so many pieces of a SKU to be picked, the most urgent first."""
    lines = models.Line.objects.filter(parcel__in=_uuids(parcel_ids), parcel__state=State.PLANNED, sku=sku)
    open_lines = lines.filter(units__gte=F("picked_units") + units).order_by("parcel__ship_by", "parcel_id")
    return tuple(str(id) for id in open_lines.values_list("parcel_id", flat=True))


def scans(carrier: str, trackings: Iterable[str]) -> dict[str, tuple[Scan, ...]]:
    """What a carrier saw, by tracking number, oldest first. One statement. Index shop_fulfilment_event_way."""
    rows = models.Event.objects.filter(carrier=carrier, tracking__in=list(trackings)).order_by("at", "event_id")
    found: dict[str, list[Scan]] = {}
    for row in rows:
        found.setdefault(row.tracking, []).append(row.value)
    return {tracking: tuple(seen) for tracking, seen in found.items()}


def scans_of(parcels: Iterable[Parcel]) -> dict[str, tuple[Scan, ...]]:
    """What carriers saw of these parcels, by parcel, oldest first. One statement per carrier."""
    by_carrier: dict[str, dict[str, str]] = {}
    for one in parcels:
        if one.tracking:
            by_carrier.setdefault(one.carrier, {})[one.tracking] = one.id
    return {ids[tracking]: seen for name, ids in by_carrier.items() for tracking, seen in scans(name, ids).items()}


def delivered_at(order_number: str) -> dict[int, datetime]:
    """When the shopper had each line of an order, by position: with its last parcel, or at once if nothing was shipped.

    A line of which a parcel is still awaited, lost or on its way back is left out. Three statements.
    """
    found: dict[int, datetime | None] = {}
    for one in parcels(order_number):
        for line in () if one.state is State.CALLED_OFF else one.lines:
            had = found.get(line.position, one.delivered_at)
            found[line.position] = max(had, one.delivered_at) if had and one.delivered_at else None
    handed_over = models.Handover.objects.filter(order_number=order_number).values_list("position", "at")
    return {position: at for position, at in (found | dict(handed_over)).items() if at}


def newly_late(*, at: datetime) -> tuple[str, ...]:
    """Parcels that should have left by now and of which that was not told yet. Index shop_fulfilment_parcel_queue."""
    rows = models.Parcel.objects.filter(state__in=rules.WAITING, ship_by__lt=at, late_told_at=None)
    return _ids(rows.order_by("ship_by", "id"))


def newly_overdue(shop: str, *, today: date) -> tuple[str, ...]:
    """Parcels that should have arrived before today and of which that was not told yet.

    Index shop_fulfilment_parcel_away.
    """
    rows = models.Parcel.objects.filter(shop=shop, state=State.SHIPPED, promised_on__lt=today, overdue_told_at=None)
    return _ids(rows.order_by("shipped_at", "id"))


def kept_since(*, at: datetime) -> tuple[str, ...]:
    """Orders of which everything had arrived by a moment and that are not closed yet. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_SINCE, [at, at, at, _PART])
        return tuple(row[0] for row in cursor.fetchall())


def silent() -> tuple[str, ...]:
    """Parcels on their way of which nothing was heard for a while. One statement."""
    since = clock.now() - SILENCE
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, [list(ports.carriers), since, since - PATIENCE, since, _PART])
        return tuple(row[0] for row in cursor.fetchall())


def audit() -> tuple[Disagreement, ...]:
    """Hold the pieces in parcels against the pieces reserved; none if no parcel holds what is not there for it."""
    found: list[Disagreement] = []
    after = ""
    while numbers := _planned(after):
        with connection.cursor() as cursor:
            cursor.execute(_READD, [after, numbers[-1]])
            rows = cursor.fetchall()
        for number in sorted({row[0] for row in rows}):
            kept = {
                (one.line, one.sku, one.warehouse): one.units - one.released_units for one in stock.reservations(number)
            }
            found += [
                Disagreement(
                    order_number=number,
                    position=position,
                    sku=sku,
                    warehouse=warehouse,
                    parcel_units=units,
                    reserved_units=kept.get((position, sku, warehouse), 0),
                )
                for order_number, position, sku, warehouse, units in rows
                if order_number == number and units > kept.get((position, sku, warehouse), 0)
            ]
        after = numbers[-1]
    return tuple(found)


def _planned(after: str) -> list[str]:
    rows = models.Plan.objects.filter(order_number__gt=after, planned_at__isnull=False, completed_at=None)
    return list(rows.order_by("order_number").values_list("order_number", flat=True)[:_PART])


def _ids(rows: QuerySet[models.Parcel]) -> tuple[str, ...]:
    return tuple(str(id) for id in rows.values_list("id", flat=True)[:_PART])


def _only(parcel_id: str, rows: QuerySet[models.Parcel]) -> Parcel:
    found = _values(rows)
    if not found:
        raise NoSuchParcel(parcel_id=parcel_id)
    return found[0]


def _values(rows: QuerySet[models.Parcel]) -> tuple[Parcel, ...]:
    return tuple(row.value for row in rows.prefetch_related("lines"))


def _uuids(said: Iterable[str]) -> list[UUID]:
    """The ids that texts write; a text that writes none is left out."""
    found = []
    for text in said:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
