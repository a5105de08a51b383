"""Reading the stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from zhanggui.supply.stock import models, rules
from zhanggui.supply.stock.rules import MAIN, Kind, Level, Movement, Shortage

# Every level against the sum of its movements, those without the other included.
_READD = """
select coalesce(l.sku, m.sku), coalesce(l.warehouse, m.warehouse), coalesce(l.on_hand_units, 0),
    coalesce(m.on_hand, 0), coalesce(l.held_units, 0), coalesce(m.held, 0)
from supply_stock_level l full join (
    select sku, warehouse,
        sum(case kind when 'received' then units when 'shipped' then -units else 0 end)::bigint as on_hand,
        sum(case kind when 'held' then units when 'received' then 0 else -units end)::bigint as held
    from supply_stock_movement group by sku, warehouse
) m on m.sku = l.sku and m.warehouse = l.warehouse
where (coalesce(l.on_hand_units, 0), coalesce(l.held_units, 0)) <> (coalesce(m.on_hand, 0), coalesce(m.held, 0))
order by 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A level that is not the sum of its movements; somebody wrote past the warehouse."""

    sku: str
    warehouse: str
    on_hand_units: int
    moved_on_hand_units: int
    held_units: int
    moved_held_units: int


def free(skus: Iterable[str], *, warehouse: str = MAIN) -> dict[str, int]:
    """How many pieces of each SKU can still be sold; 0 for one that was never received. One statement.

    Index supply_stock_level_once.
    """
    wanted = list(skus)
    levels = models.Level.objects.filter(sku__in=wanted, warehouse=warehouse)
    known = dict(levels.values_list("sku", F("on_hand_units") - F("held_units")))
    return {sku: known.get(sku, 0) for sku in wanted}


def short_of(wanted: Mapping[str, int], *, warehouse: str = MAIN) -> tuple[Shortage, ...]:
    """What could not be had if it were ordered now, by SKU; empty if all could. One statement."""
    return rules.shortages(wanted=wanted, free=free(wanted, warehouse=warehouse))


def what_is_left(missed: Mapping[str, int], *, warehouse: str = MAIN) -> tuple[Shortage, ...]:
    """What could not be held, by SKU, with what is free of it by now. One statement."""
    left = free(missed, warehouse=warehouse)
    return tuple(Shortage(sku=sku, asked_units=missed[sku], free_units=left[sku]) for sku in sorted(missed))


def level(sku: str, *, warehouse: str = MAIN) -> Level:
    """The level of one SKU; all zero if it was never received. One statement."""
    row = models.Level.objects.filter(sku=sku, warehouse=warehouse).first()
    return Level(
        sku=sku,
        warehouse=warehouse,
        on_hand_units=row.on_hand_units if row else 0,
        held_units=row.held_units if row else 0,
    )


def movements(reference: str) -> tuple[Movement, ...]:
    """All that moved under a reference, oldest first, then by SKU. One statement."""
    return tuple(
        Movement(
            reference=row.reference,
            sku=row.sku,
            warehouse=row.warehouse,
            kind=Kind(row.kind),
            units=row.units,
            at=row.at,
        )
        for row in models.Movement.objects.filter(reference=reference).order_by("at", "sku")
    )


def open_holds(*, after: str = "", limit: int = 1000) -> tuple[str, ...]:
    """The references whose promised pieces have neither gone back nor left, in alphabetical order, a part at a time."""
    names = _open().filter(reference__gt=after).order_by("reference").values_list("reference", flat=True)
    return tuple(names.distinct()[:limit])


def held_among(references: Iterable[str]) -> frozenset[str]:
    """Those of these references whose promised pieces have neither gone back nor left. One statement."""
    return frozenset(_open().filter(reference__in=list(references)).values_list("reference", flat=True))


def audit() -> tuple[Disagreement, ...]:
    """Add all movements up again; the levels that say otherwise, none if the stock is right."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        return tuple(
            Disagreement(
                sku=sku,
                warehouse=warehouse,
                on_hand_units=on_hand,
                moved_on_hand_units=moved_on_hand,
                held_units=held,
                moved_held_units=moved_held,
            )
            for sku, warehouse, on_hand, moved_on_hand, held, moved_held in cursor.fetchall()
        )


def _open() -> QuerySet[models.Movement]:
    """Holds that have not ended."""
    ends = models.Movement.objects.filter(kind__in=[Kind.RELEASED, Kind.SHIPPED])
    ended = ends.filter(reference=OuterRef("reference"), sku=OuterRef("sku"))
    return models.Movement.objects.filter(~Exists(ended), kind=Kind.HELD)
