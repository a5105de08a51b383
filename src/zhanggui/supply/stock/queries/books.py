"""What there is, what is promised to whom, and what moved it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import F, QuerySet

from zhanggui.supply.stock import models
from zhanggui.supply.stock.rules import MAIN, Level, Movement, Reservation, Transfer

_OVERDUE = """
select r.order_number, min(l.shop) from supply_stock_reservation r
join supply_stock_level l on (l.sku, l.warehouse) = (r.sku, r.warehouse)
where r.expires_at <= %s::timestamptz and r.units > r.shipped_units + r.released_units
group by r.order_number order by r.order_number limit %s
"""


def level(sku: str, *, warehouse: str = MAIN) -> Level:
    """The level of one SKU; all zero if it was never received. One statement."""
    row = models.Level.objects.filter(sku=sku, warehouse=warehouse).first()
    return row.value if row else Level(sku=sku, warehouse=warehouse, on_hand_units=0, held_units=0)


def levels_of(sku: str) -> tuple[Level, ...]:
    """The levels of one SKU in all warehouses that ever had some, by warehouse. One statement."""
    return tuple(row.value for row in models.Level.objects.filter(sku=sku).order_by("warehouse"))


def shop_of(sku: str, *, warehouse: str) -> str:
    """Whose goods a level counts; empty if nobody has said. One statement."""
    found = models.Level.objects.filter(sku=sku, warehouse=warehouse).values_list("shop", flat=True).first()
    return found or ""


def reservations(order_number: str) -> tuple[Reservation, ...]:
    """All that was promised to an order, by line, SKU and warehouse, with what has become of it. One statement."""
    rows = models.Reservation.objects.filter(order_number=order_number)
    return tuple(row.value for row in rows.order_by("line", "sku", "warehouse"))


def open_reservations_of(sku: str, *, limit: int = 100) -> tuple[Reservation, ...]:
    """Who is promised pieces of a SKU, longest ago first. One statement. Index supply_stock_reservation_open."""
    return tuple(row.value for row in _open().filter(sku=sku).order_by("id")[:limit])


def movements(reference: str) -> tuple[Movement, ...]:
    """All that moved under a reference, oldest first, then by line and SKU. One statement.

    Index supply_stock_movement_once.
    """
    rows = models.Movement.objects.filter(reference=reference)
    return tuple(row.value for row in rows.order_by("at", "line", "sku", "warehouse"))


def movements_of(sku: str, *, before: int | None = None, limit: int = 50) -> tuple[tuple[int, Movement], ...]:
    """What moved a SKU, newest first, each with its number to go on from. One statement.

    Index supply_stock_movement_of_sku.
    """
    rows = models.Movement.objects.filter(sku=sku)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return tuple((row.pk, row.value) for row in rows.order_by("-id")[:limit])


def transfers(shop: str, *, limit: int = 200) -> tuple[Transfer, ...]:
    """What is on its way between warehouses of a shop, longest ago first. One statement."""
    rows = models.Transfer.objects.filter(shop=shop, units__gt=F("arrived_units") + F("lost_units"))
    return tuple(row.value for row in rows.order_by("sent_at", "id")[:limit])


def open_holds(*, after: str = "", limit: int = 1000) -> tuple[str, ...]:
    """The orders whose promised pieces have neither gone back nor left, in alphabetical order, a part at a time."""
    names = _open().filter(order_number__gt=after).order_by("order_number").values_list("order_number", flat=True)
    return tuple(names.distinct()[:limit])


def held_among(order_numbers: Iterable[str]) -> frozenset[str]:
    """Those of these orders whose promised pieces have neither gone back nor left. One statement."""
    rows = _open().filter(order_number__in=list(order_numbers))
    return frozenset(rows.values_list("order_number", flat=True))


def overdue(*, at: datetime, limit: int = 1000) -> tuple[tuple[str, str], ...]:
    """The orders whose promise has run out by a moment and still holds pieces, each with the shop of its goods.

    One statement. Index supply_stock_reservation_ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [at, limit])
        return tuple(cursor.fetchall())


def _open() -> QuerySet[models.Reservation]:
    """Promises of which pieces are still in the house."""
    return models.Reservation.objects.filter(units__gt=F("shipped_units") + F("released_units"))
