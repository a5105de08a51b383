"""Parcels as the console shows them: by the time that is left, with what is in them and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base.operation.rules import Actor
from zhanggui.doors.console import parcel_words as words
from zhanggui.doors.console import stocking
from zhanggui.doors.console.words import language
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.fulfilment import actions, rules
from zhanggui.shop.fulfilment.rules import Parcel, PickRow, State
from zhanggui.supply.stock import queries as stock

# From here on the time that is left turns amber.
_WATCH: Final = timedelta(hours=12)


class Verb(StrEnum):
    """What can be done with many parcels at once."""

    PICK = "pick"
    PACK = "pack"
    SHIP = "ship"


BECOMES: Final = {Verb.PICK: State.PICKED, Verb.PACK: State.PACKED, Verb.SHIP: State.SHIPPED}
NEXT: Final = {State.PLANNED: Verb.PICK, State.PICKED: Verb.PACK, State.PACKED: Verb.SHIP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A parcel in a table.

    cards   of its SKUs, as far as they are known
    houses  names of warehouses by their codes
    """

    parcel: Parcel
    at: datetime
    cards: Mapping[str, Card]
    houses: Mapping[str, str]

    @property
    def state(self) -> str:
        """How it stands."""
        return str(words.STATES[self.parcel.state])

    @property
    def used(self) -> int:
        """Hundredths of its 48 hours that are used."""
        return self.parcel.time_used(self.at)

    @property
    def light(self) -> str:
        """late, watch or good: how its 48 hours stand."""
        if self.parcel.is_late(self.at):
            return "late"
        is_short = self.parcel.is_waiting and self.parcel.ship_by - self.at < _WATCH
        return "watch" if is_short else "good"

    @property
    def left(self) -> str:
        """The time that is left, or how it came out."""
        if self.parcel.is_waiting:
            return words.left(self.parcel.ship_by - self.at)
        return words.took(self.parcel.is_late(self.at)) if self.parcel.has_left else self.state

    @property
    def house(self) -> str:
        """The warehouse that it leaves from, by name."""
        return self.houses.get(self.parcel.warehouse, self.parcel.warehouse)

    @property
    def carrier(self) -> str:
        """Who brings it."""
        return words.carrier(self.parcel.carrier)

    @property
    def lines(self) -> tuple[tuple[rules.ParcelLine, str], ...]:
        """Its lines with what they are called."""
        return tuple((line, self._title(line.sku)) for line in self.parcel.lines)

    @property
    def weight_g(self) -> int:
        """What it weighs, or what its goods weigh by the catalogue; at least a gram."""
        if self.parcel.weight_g:
            return self.parcel.weight_g
        known = sum(self.cards[line.sku].weight_g * line.units for line in self.parcel.lines if line.sku in self.cards)
        return max(1, known)

    def _title(self, sku: str) -> str:
        card = self.cards.get(sku)
        if card is None:
            return sku
        variant = card.variant.to(language())
        return " · ".join(part for part in (card.title.to(language()), variant) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a verb would do with each of many parcels: to `ready` it is done, of `held` each has a reason."""

    verb: Verb
    ready: tuple[Row, ...]
    held: tuple[tuple[Row, str], ...]


def rows_of(
    parcels: Iterable[Parcel], *, cards: Mapping[str, Card], houses: Mapping[str, str], at: datetime
) -> tuple[Row, ...]:
    """Parcels as rows, in the same order."""
    return tuple(Row(parcel=parcel, at=at, cards=cards, houses=houses) for parcel in parcels)


def houses(shop: str) -> dict[str, str]:
    """The names of a shop's warehouses in the language of the page, by their codes. At most one statement."""
    return {house.code: stocking.house_name(house) for house in stock.warehouses(shop)}


def stops(
    parcels: Iterable[Parcel], *, titles: Mapping[str, str], houses: Mapping[str, str]
) -> list[tuple[PickRow, str, str]]:
    """What is still to be fetched, stop by stop, each with what it is called and the name of the warehouse."""
    return [
        (stop, titles.get(stop.sku, stop.sku), houses.get(stop.warehouse, stop.warehouse))
        for stop in rules.pick_rows(parcels)
    ]


def preview(verb: Verb, rows: Sequence[Row]) -> Preview:
    """What would happen; nothing does."""
    to = BECOMES[verb]
    may = [(row, not rules.refusal(row.parcel.state, to=to)) for row in rows]
    return Preview(
        verb=verb,
        ready=tuple(row for row, is_ready in may if is_ready),
        held=tuple((row, words.why_not(row.parcel.state, to=to)) for row, is_ready in may if not is_ready),
    )


def doing(verb: Verb, *, weights: Mapping[str, int], by: Actor) -> Callable[[str], object]:
    """A verb for one parcel after the other.

    weights  in grams, by parcel, for packing
    """
    if verb is Verb.PICK:
        return lambda parcel_id: actions.pick(parcel_id=parcel_id, by=by)
    if verb is Verb.PACK:
        return lambda parcel_id: actions.pack(parcel_id=parcel_id, weight_g=weights.get(parcel_id, 0), by=by)
    return lambda parcel_id: actions.ship(parcel_id=parcel_id, by=by)
