"""The books of flash sales: for the console, and for the night that adds them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.growth.flash import models
from zhanggui.growth.flash.errors import NoSuchSale
from zhanggui.growth.flash.rules import Sale, State, quota_of
from zhanggui.supply.stock import queries as stock

_MOST: Final = 100
_MINUTES: Final = 15

# Index growth_flash_take_latest. Orders that gave everything back no longer count.
_NUMBERS = """
select i.sku, count(t.id) filter (where t.units > t.returned_units),
    coalesce(sum(t.units - t.returned_units), 0)::bigint,
    count(t.id) filter (where t.at > %s::timestamptz - interval '1 minute'),
    coalesce(sum(t.returned_units), 0)::bigint
from growth_flash_item i left join growth_flash_take t on t.item_id = i.id
where i.sale_id = %s::uuid group by i.sku
"""
_MINUTE = """
select date_trunc('minute', t.at) as minute, sum(t.units)::bigint, count(*)
from growth_flash_take t join growth_flash_item i on i.id = t.item_id
where i.sale_id = %s::uuid and t.at > %s::timestamptz group by 1 order by 1
"""
_WAITING = """
select count(*) filter (where opens_at > %s::timestamptz), count(*) from growth_flash_ticket where sale_id = %s::uuid
"""

# Every quota against what orders took of it, and every person's share against their orders.
_READD = """
select i.id, i.sale_id, 'taken', i.taken_units::bigint, coalesce(sum(t.units - t.returned_units), 0)::bigint as counted
from growth_flash_item i left join growth_flash_take t on t.item_id = i.id group by i.id
having i.taken_units <> coalesce(sum(t.units - t.returned_units), 0)
union all
select c.item_id, i.sale_id, 'claimed', c.units::bigint, coalesce(sum(t.units - t.returned_units), 0)::bigint
from growth_flash_claim c join growth_flash_item i on i.id = c.item_id
left join growth_flash_take t on t.claim_id = c.id group by c.id, i.sale_id
having c.units <> coalesce(sum(t.units - t.returned_units), 0)
order by 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A quota that is not what its orders took, or that the stock promises otherwise."""

    fault: str
    sale_id: str
    subject: str
    says: int
    should_say: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How one SKU of a sale goes.

    orders       that took pieces and kept some
    last_minute  orders of the last minute
    returned     pieces that came back while it was on, or after
    """

    orders: int
    taken: int
    last_minute: int
    returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """What orders took in one minute."""

    at: datetime
    units: int
    orders: int


def sale(shop: str, id: str) -> Sale:
    """One sale as it stands this moment. Two statements.

    refuses  NoSuchSale
    """
    found = models.Sale.objects.filter(pk=UUID(id), shop=shop).prefetch_related("items").first()
    if found is None:
        raise NoSuchSale(id=id)
    return found.value


def sales_of(shop: str, *, limit: int = _MOST) -> tuple[Sale, ...]:
    """The sales of a shop, latest beginning first. Two statements. Index growth_flash_sale_latest."""
    rows = models.Sale.objects.filter(shop=shop).order_by("-starts_at", "-id").prefetch_related("items")
    return tuple(row.value for row in rows[:limit])


def numbers(id: str, *, at: datetime) -> tuple[dict[str, Numbers], tuple[Minute, ...], int, int]:
    """How a sale goes: by SKU, minute by minute of the last quarter of an hour, how many wait, how many ever came.

    Three statements.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [at, id])
        by_sku = {row[0]: Numbers(orders=row[1], taken=row[2], last_minute=row[3], returned=row[4]) for row in cursor}
        cursor.execute(_MINUTE, [id, at - timedelta(minutes=_MINUTES)])
        minutes = tuple(Minute(at=row[0], units=row[1], orders=row[2]) for row in cursor)
        cursor.execute(_WAITING, [at, id])
        waiting, came = cursor.fetchone()
    return by_sku, minutes, waiting, came


def overdue(*, at: datetime) -> tuple[tuple[str, str], ...]:
    """The sales whose time is over and whose rest is not given back yet, each with its shop. One statement.

    Index growth_flash_sale_open.
    """
    rows = models.Sale.objects.exclude(state=State.ENDED).filter(ends_at__lte=at).order_by("ends_at", "id")
    return tuple((str(id), shop) for id, shop in rows.values_list("id", "shop")[:_MOST])


def unstarted(*, at: datetime) -> tuple[tuple[str, str], ...]:
    """The sales that have begun and of which nobody was told yet, each with its shop. One statement."""
    rows = models.Sale.objects.filter(state=State.SET, starts_at__lte=at).order_by("starts_at", "id")
    return tuple((str(id), shop) for id, shop in rows.values_list("id", "shop")[:_MOST])


def audit() -> tuple[Disagreement, ...]:
    """Add every quota up again, and hold it against what the stock promises to its sale; none if all is right."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        found = [
            Disagreement(fault=fault, sale_id=str(sale_id), subject=str(id), says=says, should_say=counted)
            for id, sale_id, fault, says, counted in cursor.fetchall()
        ]
    for row in models.Sale.objects.prefetch_related("items").order_by("id").iterator(chunk_size=200):
        found += _promised(row.value)
    return tuple(found)


def _promised(one: Sale) -> list[Disagreement]:
    """What is left of the quota is promised in the stock while the sale is open, and nothing is once it ended."""
    promised: dict[str, int] = {}
    for reservation in stock.reservations(quota_of(one.id)):
        promised[reservation.sku] = promised.get(reservation.sku, 0) + reservation.open_units
    should = {item.sku: 0 if one.state is State.ENDED else item.left_units for item in one.items}
    return [
        Disagreement(
            fault="promised", sale_id=one.id, subject=sku, says=promised.get(sku, 0), should_say=should.get(sku, 0)
        )
        for sku in sorted(promised.keys() | should.keys())
        if promised.get(sku, 0) != should.get(sku, 0)
    ]
