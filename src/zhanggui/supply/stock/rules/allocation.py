"""Which warehouse gives which pieces to an order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Final

from zhanggui.supply.stock.rules.levels import Level, Shortage
from zhanggui.supply.stock.rules.places import THE_MAIN_ONE, Place, Warehouse

# Up to so many warehouses every way to split an order is looked at; beyond, the best few of them are.
MOST_COMPARED: Final = 10


@dataclass(frozen=True, slots=True)
class Demand:
    """What a line of an order needs of a SKU; a bundle's line has one demand for each of its parts.

    line        the line's position in the order, from 1
    units       pieces of the SKU, > 0
    place       where they go; None if that is not known or makes no difference
    each_units  pieces of the SKU in one piece of the line: more than 1 only for a bundle's part
    """

    line: int
    sku: str
    units: int
    place: Place | None = None
    each_units: int = 1


@dataclass(frozen=True, slots=True)
class Allocation:
    """Pieces of a SKU that one warehouse gives to one line."""

    line: int
    sku: str
    warehouse: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who would give what: everything that was asked for, or what of it is missing.

    allocations  in the order of line, SKU and warehouse; empty if anything is missing
    shortages    by SKU
    days         days from the order to the door by line, its slowest piece; empty if anything is missing
    """

    allocations: tuple[Allocation, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    days: Mapping[int, int] = field(default_factory=dict)

    def meets(self, demand: Iterable[Demand]) -> bool:
        """Whether it gives every line exactly what the demand asks for."""
        asked = summed((each.line, each.sku, each.units) for each in demand)
        return asked == summed((each.line, each.sku, each.units) for each in self.allocations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Pieces of a SKU in one warehouse that are promised to one line of an order.

    units       what was promised at first; it never changes
    expires_at  until when the promise holds; None once it is kept for good
    """

    order_number: str
    line: int
    sku: str
    warehouse: str
    units: int
    shipped_units: int = 0
    released_units: int = 0
    each_units: int = 1
    expires_at: datetime | None = None

    @property
    def open_units(self) -> int:
        """Pieces that are still promised and in the house."""
        return self.units - self.shipped_units - self.released_units


_Left = dict[tuple[str, str], int]
_Rank = tuple[int, int, int, int, str]


def summed(counted: Iterable[tuple[int, str, int]]) -> dict[tuple[int, str], int]:
    """Units by line and SKU."""
    sums: dict[tuple[int, str], int] = {}
    for line, sku, units in counted:
        sums[line, sku] = sums.get((line, sku), 0) + units
    return sums


def allocate(demand: Sequence[Demand], levels: Iterable[Level], warehouses: Iterable[Warehouse], at: datetime) -> Plan:
    """Choose warehouses for all that is asked for: as few parcels as can be, then the quickest, cheapest, nearest.

    What is in the house goes before what may be sold before it is here. The order of what is handed in makes no
    difference. Everything is allocated, or nothing is and the shortages say what is missing.

    source  Shanghai has 1 pot, Chengdu 1 pot and 1 cup: a pot and a cup for Shanghai come from Chengdu in one parcel
    """
    known = {house.code: house for house in (THE_MAIN_ONE, *warehouses) if house.is_open(at)}
    usable = sorted(
        (level for level in levels if level.warehouse in known), key=lambda level: (level.sku, level.warehouse)
    )
    there = {(level.sku, level.warehouse): level.there_units for level in usable}
    free = {(level.sku, level.warehouse): max(0, level.free_units) for level in usable}
    for left in [there, free] if there != free else [there]:
        search = _Search(left=dict(left), houses=known, there=there)
        if search.run(demand):
            allocations = search.allocations(demand)
            return Plan(allocations=allocations, days=search.days(demand, allocations))
    return Plan(shortages=search.shortages(demand))


class _Search:
    """One run over what is left of every SKU in every warehouse; `taken` says who gets what of it."""

    def __init__(self, *, left: _Left, houses: Mapping[str, Warehouse], there: _Left) -> None:
        self.left = left
        self.houses = houses
        self.there = there
        self.taken: dict[tuple[Place | None, str, str], int] = {}
        self.missing: dict[str, int] = {}
        self.ranked: dict[Place | None, list[str]] = {}

    def run(self, demand: Sequence[Demand]) -> bool:
        """Serve one place after the other, then look again for whom an earlier one took the last piece."""
        needs: dict[Place | None, dict[str, int]] = {}
        for each in sorted(demand, key=_turn):
            of_place = needs.setdefault(each.place, {})
            of_place[each.sku] = of_place.get(each.sku, 0) + each.units
        for place, units in needs.items():
            for sku, short in self._serve(place, units).items():
                if lacking := self._reroute(place, sku, short, needs):
                    self.missing[sku] = self.missing.get(sku, 0) + lacking
        return not self.missing

    def shortages(self, demand: Sequence[Demand]) -> tuple[Shortage, ...]:
        """What is missing, by SKU."""
        asked: dict[str, int] = {}
        for each in demand:
            asked[each.sku] = asked.get(each.sku, 0) + each.units
        return tuple(
            Shortage(sku=sku, asked_units=asked[sku], free_units=asked[sku] - self.missing[sku])
            for sku in sorted(self.missing)
        )

    def allocations(self, demand: Sequence[Demand]) -> tuple[Allocation, ...]:
        """Hand what each place gets out to its lines, a line being served by one warehouse if it can be."""
        given: dict[tuple[int, str, str], int] = {}
        rest = dict(self.taken)
        for each in sorted(demand, key=_turn):
            need = each.units
            houses = self._houses_of(each.place, each.sku)
            whole = [code for code in houses if rest.get((each.place, each.sku, code), 0) >= need]
            for code in whole[:1] or houses:
                units = min(need, rest.get((each.place, each.sku, code), 0))
                if units:
                    rest[each.place, each.sku, code] -= units
                    given[each.line, each.sku, code] = given.get((each.line, each.sku, code), 0) + units
                    need -= units
        return tuple(Allocation(*key, units) for key, units in sorted(given.items()))

    def days(self, demand: Sequence[Demand], allocations: Iterable[Allocation]) -> dict[int, int]:
        """Days to the door by line; a piece that is not in the house yet takes its warehouse's time to restock more."""
        places = {(each.line, each.sku): each.place for each in demand}
        lacking = self._sold_before_it_came()
        found: dict[int, int] = {}
        for each in allocations:
            house = self.houses[each.warehouse]
            days = house.days_to(places[each.line, each.sku]) or 0
            days += house.restock_days if (each.sku, each.warehouse) in lacking else 0
            found[each.line] = max(found.get(each.line, 0), days)
        return found

    def _sold_before_it_came(self) -> set[tuple[str, str]]:
        """Of what more is taken than is in the house."""
        sums: dict[tuple[str, str], int] = {}
        for (_, sku, code), units in self.taken.items():
            sums[sku, code] = sums.get((sku, code), 0) + units
        return {key for key, units in sums.items() if units > self.there.get(key, 0)}

    def _serve(self, place: Place | None, units: Mapping[str, int]) -> dict[str, int]:
        """Take as much of each SKU as can be had for a place; what is missing of it."""
        chosen = self._best_houses(place, units)
        missing = {}
        for sku, asked in units.items():
            need = asked
            whole = [code for code in chosen if self.left.get((sku, code), 0) >= need]
            for code in whole[:1] or chosen:
                need -= self._take(place, sku, code, need)
            if need:
                missing[sku] = need
        return missing

    def _take(self, place: Place | None, sku: str, code: str, units: int) -> int:
        units = min(units, self.left.get((sku, code), 0))
        if units:
            self.left[sku, code] -= units
            self.taken[place, sku, code] = self.taken.get((place, sku, code), 0) + units
        return units

    def _best_houses(self, place: Place | None, units: Mapping[str, int]) -> list[str]:
        """The fewest warehouses that have it all between them, best first; all that have some of it if none do."""
        houses = [code for code in self._ranked(place) if any(self.left.get((sku, code), 0) for sku in units)]
        for size in range(1, len(houses) + 1):
            parties = combinations(houses if size < 3 else houses[:MOST_COMPARED], size)
            enough: list[tuple[str, ...]] = [codes for codes in parties if self._have(codes, units)]
            if enough:
                return list(min(enough, key=lambda codes: self._worth(codes, place)))
        return houses

    def _have(self, codes: Iterable[str], units: Mapping[str, int]) -> bool:
        return all(sum(self.left.get((sku, code), 0) for code in codes) >= need for sku, need in units.items())

    def _worth(self, codes: Iterable[str], place: Place | None) -> tuple[int, int, int, list[_Rank]]:
        """How several warehouses compare to others: the slowest counts, then all costs, then all ways."""
        ranks = [_rank(self.houses[code], place) for code in codes]
        return (max(rank[0] for rank in ranks), sum(rank[1] for rank in ranks), sum(rank[2] for rank in ranks), ranks)

    def _houses_of(self, place: Place | None, sku: str) -> list[str]:
        return [code for code in self._ranked(place) if (sku, code) in self.left]

    def _ranked(self, place: Place | None) -> list[str]:
        """The warehouses that deliver to a place, best first. A total order: codes are unique."""
        if place not in self.ranked:
            serving = [house for house in self.houses.values() if house.days_to(place) is not None]
            self.ranked[place] = [house.code for house in sorted(serving, key=lambda house: _rank(house, place))]
        return self.ranked[place]

    def _reroute(self, place: Place | None, sku: str, need: int, places: Collection[Place | None]) -> int:
        """Let other places take their pieces elsewhere, so that this one is served too; how many remain missing."""
        while need and (way := self._way(place, sku, places)):
            need -= self._shift(place, sku, way, need)
        return need

    def _way(self, place: Place | None, sku: str, places: Collection[Place | None]) -> list[tuple[str, Place | None]]:
        """A chain of warehouses and the places that give them up, ending at one with a piece left; the shortest one."""
        waiting: list[tuple[Place | None, list[tuple[str, Place | None]]]] = [(place, [])]
        seen: set[str] = set()
        while waiting:
            asking, way = waiting.pop(0)
            for code in self._houses_of(asking, sku):
                if code in seen:
                    continue
                seen.add(code)
                if self.left[sku, code]:
                    return [*way, (code, None)]
                holders = [other for other in places if other != asking and self.taken.get((other, sku, code))]
                waiting += [(other, [*way, (code, other)]) for other in holders]
        return []

    def _shift(self, place: Place | None, sku: str, way: Sequence[tuple[str, Place | None]], need: int) -> int:
        """Move pieces along a chain, each place taking what the next one gives up; how many."""
        last = way[-1][0]
        given_up = [self.taken[holder, sku, code] for code, holder in way[:-1]]
        units = min(need, self.left[sku, last], *given_up)
        asking = place
        for code, holder in way[:-1]:
            self.taken[asking, sku, code] = self.taken.get((asking, sku, code), 0) + units
            self.taken[holder, sku, code] -= units
            asking = holder
        return self._take(asking, sku, last, units)


def _turn(one: Demand) -> tuple[int, str, int, int, str]:
    """In which order demands are served: however they come in, also two of one line for one SKU."""
    return one.line, one.sku, one.units, one.each_units, str(one.place)


def _rank(house: Warehouse, place: Place | None) -> _Rank:
    return (house.days_to(place) or 0, house.handling_minor, house.km_to(place), house.priority, house.code)
