"""Parcels, as values: what goes into which, what was picked, and what was promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.shop.fulfilment.errors import CannotMerge, CannotSplit, UnitsDiffer
from zhanggui.shop.fulfilment.rules.states import LEFT, WAITING, State
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.rules import Line as OrderLine
from zhanggui.shop.orders.rules import Order
from zhanggui.spine import envelope
from zhanggui.supply.stock.rules import Reservation

# What we promise: so long after its money came, an order has left.
TIME_TO_SHIP: Final = timedelta(hours=48)
# A parcel that leaves within this time is due soon.
SOON: Final = timedelta(hours=12)
# So long after the last parcel arrived an order is over, because it can no longer be given back without a reason.
TIME_TO_RETURN: Final = timedelta(days=7)
HEAVIEST_G: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLine:
    """Pieces of a SKU in a parcel.

    position      of the line of the order that they belong to
    picked_units  how many of them lie on the packing table
    amount        what was paid for them, after every share of discount, as the books keep it; of a bundle, this part's
                  share
    """

    position: int
    sku: str
    units: int
    picked_units: int = 0
    category: str = ""
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel on its way from a warehouse to one of an order's destinations.

    number       the order's number and which of its parcels this is, such as 261121-7K3MX-9QDT2-1
    destination  position of the place inside the order
    ship_by      when it must have left: 48 hours after the money came
    promised_on  the day by which it should arrive, in the shop's zone; None if none was promised
    label_asked_at  when the carrier was first asked for a label, though it may never have answered
    taken_in_at  when the goods of a parcel that came back were put away
    cause        the fact that happened to it last
    """

    id: str
    number: str
    shop: str
    order_number: str
    destination: int
    address_id: UUID
    warehouse: str
    carrier: str
    tracking: str
    label_address: str
    weight_g: int | None
    state: State
    paid_at: datetime
    ship_by: datetime
    promised_on: date | None
    label_asked_at: datetime | None
    picked_at: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    ended_at: datetime | None
    taken_in_at: datetime | None
    cause: UUID
    lines: tuple[ParcelLine, ...]

    @property
    def units(self) -> int:
        """Pieces in it."""
        return sum(line.units for line in self.lines)

    @property
    def picked_units(self) -> int:
        """Pieces of it that are picked."""
        return sum(line.picked_units for line in self.lines)

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to leave."""
        return self.state in WAITING

    @property
    def has_left(self) -> bool:
        """Whether it is out of the house, whatever became of it."""
        return self.state in LEFT

    def is_late(self, at: datetime) -> bool:
        """Whether it left, or still waits, past its 48 hours."""
        return (self.shipped_at or at) > self.ship_by and self.state is not State.CALLED_OFF

    def time_used(self, at: datetime) -> int:
        """How much of its 48 hours is used, in hundredths, 0 to 100."""
        used = ((self.shipped_at or at) - self.paid_at) / (self.ship_by - self.paid_at)
        return round(100 * min(1.0, max(0.0, used)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A parcel as it is planned."""

    destination: int
    warehouse: str
    lines: tuple[ParcelLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Pieces that move from one parcel to another when it is split."""

    position: int
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """Where scanned pieces belong.

    left_units  pieces that the parcel still wants, of any SKU; 0: it is picked
    """

    parcel_id: str
    number: str
    sku: str
    units: int
    left_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """One stop on the way through the warehouse: a SKU, and how many pieces go into which parcel."""

    warehouse: str
    sku: str
    units: int
    parcels: tuple[tuple[str, int], ...]


def drafts(order: Order, reserved: Iterable[Reservation]) -> tuple[Draft, ...]:
    """The parcels of an order: one per destination and warehouse, by what is reserved for it and has not left.

    law  every open unit is in exactly one parcel; the amounts of a line's parts sum to what the order told of the line
    """
    told = order_rules.told_lines(order.lines, booked=order.booked)
    worth = {
        line.position: Money(one.amount_minor, order.booked.currency)
        for line, one in zip(order.lines, told, strict=True)
    }
    is_shipped = {line.position: line for line in order.lines if line.needs_shipping}
    rows = [one for one in reserved if one.line in is_shipped and one.open_units]
    lines = [
        (is_shipped[position].destination, warehouse, line)
        for position, of_line in groupby(sorted(rows, key=_place), key=lambda row: row.line)
        for warehouse, line in _shared_out(is_shipped[position], tuple(of_line), worth=worth[position])
    ]
    lines.sort(key=lambda found: (found[0], found[1], found[2].position, found[2].sku))
    return tuple(
        Draft(destination=destination, warehouse=warehouse, lines=tuple(line for _, _, line in found))
        for (destination, warehouse), found in groupby(lines, key=lambda found: found[:2])
    )


def parcel_number(order_number: str, nth: int) -> str:
    """What a parcel is called: 261121-7K3MX-9QDT2 and 2 -> 261121-7K3MX-9QDT2-2."""
    return f"{order_number}-{nth}"


def nth_of(number: str) -> int:
    """Which of its order's parcels a number names."""
    return int(number.rsplit("-", 1)[1])


def split(parcel: Parcel, takes: Sequence[Take]) -> tuple[tuple[ParcelLine, ...], tuple[ParcelLine, ...]]:
    """The lines that stay in a parcel and the lines that move to a new one.

    Picked pieces stay as far as they fit. Amounts are shared by pieces.
    refuses  CannotSplit
    law      units, picked units and amounts of both sum to what was there
    """
    if parcel.state not in (State.PLANNED, State.PICKED):
        raise CannotSplit(parcel_id=parcel.id, reason="too_late")
    wanted = {(take.position, take.sku): take.units for take in takes if take.units}
    there = {(line.position, line.sku): line.units for line in parcel.lines}
    if not wanted or len(wanted) < len([take for take in takes if take.units]):
        raise CannotSplit(parcel_id=parcel.id, reason="nothing_moved")
    if any(not 0 < units <= there.get(key, 0) for key, units in wanted.items()):
        raise CannotSplit(parcel_id=parcel.id, reason="more_than_there")
    if wanted == there:
        raise CannotSplit(parcel_id=parcel.id, reason="nothing_left")
    halves = [_halved(line, moved=wanted.get((line.position, line.sku), 0)) for line in parcel.lines]
    return tuple(a for a, _ in halves if a.units), tuple(b for _, b in halves if b.units)


def merged(parcels: Sequence[Parcel]) -> tuple[ParcelLine, ...]:
    """The lines of several parcels as those of one.

    refuses  CannotMerge
    """
    if len(parcels) < 2:
        raise CannotMerge(reason="one_parcel")
    if any(parcel.state not in (State.PLANNED, State.PICKED) for parcel in parcels):
        raise CannotMerge(reason="too_late")
    if len({(parcel.order_number, parcel.destination, parcel.warehouse) for parcel in parcels}) > 1:
        raise CannotMerge(reason="not_alike")
    sums: dict[tuple[int, str], ParcelLine] = {}
    for line in (line for parcel in parcels for line in parcel.lines):
        had = sums.get((line.position, line.sku))
        sums[line.position, line.sku] = line if had is None else _together(had, line)
    return tuple(sums[key] for key in sorted(sums))


def check_count(parcel: Parcel, counted: Mapping[str, int]) -> None:
    """Hold what was counted into a parcel against what belongs there, by SKU.

    refuses  UnitsDiffer with the first SKU that differs
    """
    wanted: dict[str, int] = {}
    for line in parcel.lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.units
    for sku in sorted({*wanted, *counted}):
        if counted.get(sku, 0) != wanted.get(sku, 0):
            raise UnitsDiffer(
                parcel_id=parcel.id, sku=sku, wanted_units=wanted.get(sku, 0), counted_units=counted.get(sku, 0)
            )


def pick_rows(parcels: Iterable[Parcel]) -> tuple[PickRow, ...]:
    """What is still to be fetched for these parcels, as one way through each warehouse, by SKU."""
    stops = sorted(
        (parcel.warehouse, line.sku, parcel.number, line.units - line.picked_units)
        for parcel in parcels
        if parcel.state is State.PLANNED
        for line in parcel.lines
        if line.units > line.picked_units
    )
    rows = []
    for (warehouse, sku), found in groupby(stops, key=lambda stop: stop[:2]):
        into: dict[str, int] = {}
        for _, _, number, units in found:
            into[number] = into.get(number, 0) + units
        rows.append(PickRow(warehouse=warehouse, sku=sku, units=sum(into.values()), parcels=tuple(into.items())))
    return tuple(rows)


def told_lines(parcel: Parcel) -> tuple[envelope.Line, ...]:
    """The lines of a parcel as facts tell them."""
    return tuple(
        envelope.Line(sku=line.sku, category=line.category, quantity=line.units, amount_minor=line.amount.minor)
        for line in parcel.lines
    )


def _shared_out(line: OrderLine, rows: tuple[Reservation, ...], *, worth: Money) -> list[tuple[str, ParcelLine]]:
    """What lies reserved for a line, warehouse by warehouse, each with its share of what the line is worth."""
    amounts = worth.split([row.open_units for row in rows])
    return [
        (
            row.warehouse,
            ParcelLine(
                position=line.position, sku=row.sku, units=row.open_units, category=line.category, amount=amount
            ),
        )
        for row, amount in zip(rows, amounts, strict=True)
    ]


def _place(row: Reservation) -> tuple[int, str, str]:
    return row.line, row.sku, row.warehouse


def _halved(line: ParcelLine, *, moved: int) -> tuple[ParcelLine, ParcelLine]:
    stays = line.units - moved
    picked = min(line.picked_units, stays)
    amount, other = line.amount.split([stays, moved])
    return (
        replace(line, units=stays, picked_units=picked, amount=amount),
        replace(line, units=moved, picked_units=line.picked_units - picked, amount=other),
    )


def _together(one: ParcelLine, other: ParcelLine) -> ParcelLine:
    return replace(
        one,
        units=one.units + other.units,
        picked_units=one.picked_units + other.picked_units,
        amount=one.amount + other.amount,
    )
