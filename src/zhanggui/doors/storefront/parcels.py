"""The parcels of an order as its shopper sees them: where each is, who brings it, when it is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.shop.fulfilment import queries
from zhanggui.shop.fulfilment.rules import LEFT, WAITING, Parcel, ScanKind, State
from zhanggui.shop.orders.rules import Line, Order
from zhanggui.shop.orders.rules import State as OrderState

_STATES: Final = {
    State.PLANNED: lazy("Being got ready"),
    State.PICKED: lazy("Being packed"),
    State.PACKED: lazy("Packed, about to leave"),
    State.SHIPPED: lazy("On its way to you"),
    State.DELIVERED: lazy("Delivered"),
    State.LOST: lazy("Lost on the way; we are seeing to your money"),
    State.RETURNED_TO_SENDER: lazy("Could not be delivered and came back to us"),
}
_SCANS: Final = {
    ScanKind.BOOKED: lazy("The carrier was told of it"),
    ScanKind.ACCEPTED: lazy("Picked up by the carrier"),
    ScanKind.IN_TRANSIT: lazy("On the way"),
    ScanKind.OUT_FOR_DELIVERY: lazy("Out for delivery today"),
    ScanKind.ATTEMPTED: lazy("Nobody was there; the carrier tries again"),
    ScanKind.DELIVERED: lazy("Delivered"),
    ScanKind.LOST: lazy("Lost on the way"),
    ScanKind.RETURNED: lazy("On its way back to us"),
}
_CARRIERS: Final = {"sandbox": lazy("Trial carrier"), "SF Express": lazy("SF Express")}
_COMING: Final = (OrderState.PAID, OrderState.SHIPPING, OrderState.SHIPPED)
_STAGES: Final = (pgettext_lazy("payment", "Paid"), lazy("Packed"), lazy("Shipped"), lazy("Delivered"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the four stages of a parcel.

    is_done, is_here  behind it; where it stands now
    """

    name: str
    is_done: bool
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A parcel on the shopper's page.

    nth      which of the order's parcels it is, from 1; of: how many there are
    goods    lines of the order that are in it, with pieces of the line; of a bundle's line the parts it holds
    follow   the carrier's own page about it; empty if there is none
    scans    what the carrier saw, newest first: what, where, when
    """

    parcel: Parcel
    nth: int
    of: int
    goods: tuple[tuple[Line, int], ...]
    carrier: str
    follow: str
    scans: tuple[tuple[str, str, datetime], ...]

    @property
    def state(self) -> str:
        """How it stands, in words."""
        return str(_STATES[self.parcel.state])

    @property
    def is_good(self) -> bool:
        """Whether it is where the shopper wants it."""
        return self.parcel.state is State.DELIVERED

    @property
    def is_bad(self) -> bool:
        """Whether it will not come."""
        return self.parcel.state in (State.LOST, State.RETURNED_TO_SENDER)

    @property
    def is_awaited(self) -> bool:
        """Whether it is still to come."""
        return self.parcel.state in (*WAITING, State.SHIPPED)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The four stages, for the bar."""
        here = self._here()
        return tuple(
            Stage(name=str(name), is_done=nth < here or self.is_good, is_here=nth == here)
            for nth, name in enumerate(_STAGES)
        )

    def _here(self) -> int:
        if self.is_good:
            return 3
        if self.parcel.state in LEFT:
            return 2
        return 1 if self.parcel.state is State.PACKED else 0


def is_coming(order: Order) -> bool:
    """Whether anything of an order may still come, so that the promised day is worth saying."""
    return order.is_open or order.state in _COMING


def tracked(order: Order) -> tuple[Tracked, ...]:
    """The parcels of an order that were not called off, with all their carriers saw. Two statements, a third if any of
    them has left.
    """
    found = [parcel for parcel in queries.parcels(order.number) if parcel.state is not State.CALLED_OFF]
    scans = queries.scans_of(found)
    lines = {line.position: line for line in order.lines}
    return tuple(
        Tracked(
            parcel=parcel,
            nth=nth,
            of=len(found),
            goods=_goods(parcel, lines),
            carrier=str(_CARRIERS.get(parcel.carrier, parcel.carrier)),
            follow=queries.follow_address(parcel),
            scans=tuple((str(_SCANS[one.kind]), one.place, one.at) for one in reversed(scans.get(parcel.id, ()))),
        )
        for nth, parcel in enumerate(found, start=1)
    )


def _goods(parcel: Parcel, lines: dict[int, Line]) -> tuple[tuple[Line, int], ...]:
    units: dict[int, int] = {}
    for line in parcel.lines:
        units[line.position] = units.get(line.position, 0) + line.units
    return tuple((lines[position], count) for position, count in units.items() if position in lines)
