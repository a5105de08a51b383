"""Levels, movements and warehouses as rows of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.functional import Promise

from zhanggui.base.money import Money
from zhanggui.doors.console import stock_words
from zhanggui.doors.console.scope import Query, Scope
from zhanggui.doors.console.words import language
from zhanggui.shop.catalogue.rules import Card
from zhanggui.supply.stock.queries import Asked, Order, Want
from zhanggui.supply.stock.rules import EFFECTS, Level, Movement, Warehouse, WarehouseKind, Zone

_WIDE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A level in a table, with a picture of it.

    free, held  how wide their parts of the bar are, in hundredths of the whole width
    light       good, watch or bad
    """

    level: Level
    title: str
    house: str
    free: int
    held: int
    light: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A movement in a table.

    change  what it did to the pieces that can be sold or promised, with its sign
    """

    movement: Movement
    words: Promise
    house: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column: where a click sorts by it, and how it is sorted now."""

    name: Promise
    address: str
    order: str
    is_figure: bool


def asked_of(query: Query, scope: Scope, *, skus: Iterable[str] = ()) -> Asked:
    """The levels that an address asks for; those with the fewest free pieces first, if it does not say."""
    want, order = query.get("want", ""), query.get("sort", "")
    return Asked(
        shop=scope.shop.code,
        warehouse=query.get("warehouse", "")[:40],
        wanted=query.get("q", "").strip()[:60],
        skus=tuple(skus),
        want=Want(want) if want in tuple(Want) else Want.ALL,
        order=Order(order) if order in tuple(Order) else Order.FREE,
        is_descending=query.get("dir", "") == "desc",
    )


def address_of(asked: Asked, scope: Scope, **more: str) -> str:
    """The query part of an address that shows these levels."""
    said = {
        "warehouse": asked.warehouse,
        "q": asked.wanted,
        "want": asked.want,
        "sort": asked.order,
        "dir": "desc" if asked.is_descending else "asc",
    }
    return scope.query(**{name: value for name, value in (said | more).items() if value})


def heads(asked: Asked, scope: Scope) -> list[Head]:
    """The heads of the table's columns."""
    now = "descending" if asked.is_descending else "ascending"
    return [
        Head(
            name=name,
            address=address_of(
                asked, scope, sort=order, dir="asc" if order != asked.order or asked.is_descending else "desc"
            ),
            order=now if order == asked.order else "none",
            is_figure=order not in (Order.SKU, Order.WAREHOUSE),
        )
        for order, name in stock_words.COLUMNS.items()
    ]


def house_name(house: Warehouse) -> str:
    """A warehouse's name in the language of the page."""
    return house.name_zh if language().startswith("zh") or not house.name_en else house.name_en


def title(card: Card | None) -> str:
    """What a SKU is called on the shelf; empty for one that is on none."""
    return " · ".join(part for part in (card.title.to(language()), card.variant.to(language())) if part) if card else ""


def rows(levels: Iterable[Level], *, cards: Mapping[str, Card], houses: Iterable[Warehouse], low: int) -> list[Row]:
    """Levels as rows; the longest bar is as wide as the column."""
    names = {house.code: house_name(house) for house in houses}
    shown = list(levels)
    most = max((max(level.on_hand_units, level.held_units) for level in shown), default=0) or 1
    return [
        Row(
            level=level,
            title=title(cards.get(level.sku)),
            house=names.get(level.warehouse, level.warehouse),
            free=level.there_units * _WIDE // most,
            held=level.held_units * _WIDE // most,
            light="bad" if level.free_units <= 0 else "watch" if level.free_units <= low else "good",
        )
        for level in shown
    ]


def steps(moved: Iterable[Movement], houses: Iterable[Warehouse]) -> list[Step]:
    """Movements as rows."""
    names = {house.code: house_name(house) for house in houses}
    return [
        Step(
            movement=one,
            words=stock_words.KINDS[one.kind],
            house=names.get(one.warehouse, one.warehouse),
            change=_signed(one),
        )
        for one in moved
    ]


def zones_as_text(zones: Iterable[Zone]) -> str:
    """Zones as a person writes them: one on a line, country, region, days."""
    return "\n".join(", ".join(part for part in (z.country, z.region, str(z.days)) if part) for z in zones)


def house_of(said: Mapping[str, str], *, code: str, scope: Scope) -> tuple[Warehouse | None, str]:
    """A warehouse as a form describes it, or the field that cannot be read."""
    for field, read in (("latitude", _milli), ("longitude", _milli), ("priority", _whole), ("restock_days", _whole)):
        if read(said.get(field, "")) is False:
            return None, field
    try:
        handling = Money.of(said.get("handling", "") or "0", scope.shop.currency).minor
    except (ValueError, InvalidOperation):
        return None, "handling"
    zones = _zones(said.get("zones", ""))
    if zones is None:
        return None, "zones"
    kind = said.get("kind", "")
    return Warehouse(
        code=code,
        shop=scope.shop.code,
        name_zh=said.get("name_zh", "").strip(),
        name_en=said.get("name_en", "").strip(),
        kind=WarehouseKind(kind) if kind in tuple(WarehouseKind) else WarehouseKind.REGIONAL,
        country=said.get("country", "").strip().upper(),
        region=said.get("region", "").strip(),
        latitude_milli=_milli(said.get("latitude", "")) or None,
        longitude_milli=_milli(said.get("longitude", "")) or None,
        handling_minor=handling,
        zones=zones,
        sells=said.get("sells") == "1",
        priority=_whole(said.get("priority", "")) or 0,
        restock_days=_whole(said.get("restock_days", "")) or 0,
    ), ""


def _signed(one: Movement) -> str:
    effect = EFFECTS[one.kind]
    does = effect.on_hand or effect.defective or effect.in_transit or -effect.held
    return f"+{one.units}" if does > 0 else f"−{one.units}"


def _milli(said: str) -> int | bool | None:
    """Thousandths of a degree; None if nothing is said, False if it is no number."""
    if not said.strip():
        return None
    try:
        return round(Decimal(said.strip()) * 1000)
    except (InvalidOperation, ValueError, OverflowError):
        return False


def _whole(said: str) -> int | bool | None:
    text = said.strip()
    if not text:
        return None
    return int(text) if text.removeprefix("-").isdecimal() and len(text) <= 6 else False


def _zones(said: str) -> tuple[Zone, ...] | None:
    """The zones that a person wrote; None if a line cannot be read."""
    found = []
    for line in said.splitlines():
        parts = [part.strip() for part in line.replace("，", ",").split(",") if part.strip()]
        if not parts:
            continue
        if not parts[-1].isdecimal() or len(parts) > 3 or len(parts[-1]) > 4:
            return None
        country, region = ([*parts[:-1], "", ""])[:2]
        found.append(Zone(country=country.upper(), region=region, days=int(parts[-1])))
    return tuple(found)
