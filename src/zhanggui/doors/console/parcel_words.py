"""What a parcel's codes mean to whoever sends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.base.errors import Refused, Unreachable
from zhanggui.shop.fulfilment import errors
from zhanggui.shop.fulfilment.queries import Due
from zhanggui.shop.fulfilment.rules import Kept, ScanKind, State
from zhanggui.shop.orders import errors as orders
from zhanggui.supply.stock import errors as stock

Fault = Refused | Unreachable

STATES: Final = {
    State.PLANNED: lazy("To pick"),
    State.PICKED: lazy("To pack"),
    State.PACKED: lazy("To hand over"),
    State.SHIPPED: lazy("On its way"),
    State.DELIVERED: lazy("Delivered"),
    State.LOST: pgettext_lazy("parcel", "Lost"),
    State.RETURNED_TO_SENDER: lazy("Came back"),
    State.CALLED_OFF: lazy("Called off"),
}

DUES: Final = {
    Due.LATE: lazy("Late"),
    Due.SOON: lazy("Due within 12 hours"),
}

SCANS: Final = {
    ScanKind.BOOKED: lazy("Label made"),
    ScanKind.ACCEPTED: lazy("Picked up by the carrier"),
    ScanKind.IN_TRANSIT: lazy("On the way"),
    ScanKind.OUT_FOR_DELIVERY: lazy("Out for delivery"),
    ScanKind.ATTEMPTED: lazy("Nobody was there"),
    ScanKind.DELIVERED: lazy("Delivered"),
    ScanKind.LOST: pgettext_lazy("parcel", "Lost"),
    ScanKind.RETURNED: lazy("On its way back to us"),
}

_CARRIERS: Final = {"sandbox": lazy("Trial carrier"), "SF Express": lazy("SF Express")}

_STANDING: Final = {
    State.PLANNED: lazy("This parcel has not been picked yet."),
    State.PICKED: lazy("This parcel is picked and not packed yet."),
    State.PACKED: lazy("This parcel is packed and has not left yet."),
    State.SHIPPED: lazy("This parcel has left already."),
    State.DELIVERED: lazy("This parcel has been delivered."),
    State.LOST: lazy("This parcel was lost on the way."),
    State.RETURNED_TO_SENDER: lazy("This parcel came back to us."),
    State.CALLED_OFF: lazy("This parcel was called off."),
}

_NEEDS: Final = {
    State.PICKED: lazy("Only what is planned can be picked."),
    State.PACKED: lazy("Pick it before you pack it; nothing is packed twice."),
    State.SHIPPED: lazy("Only a packed parcel can be shipped, and only once."),
    State.DELIVERED: lazy("Only what was shipped can be delivered."),
    State.LOST: lazy("Only what was shipped and has not arrived can be lost."),
    State.RETURNED_TO_SENDER: lazy("Only what was shipped and has not arrived can come back."),
}

_SPLITS: Final = {
    "too_late": lazy("A packed parcel is neither split nor merged any more."),
    "nothing_moved": lazy("Say how many pieces go into the new parcel. Nothing was changed."),
    "nothing_left": lazy("All pieces would move: that is the same parcel. Nothing was changed."),
    "more_than_there": lazy("So many pieces are not in this parcel. Nothing was changed."),
    "one_parcel": lazy("Choose another parcel to merge with. Nothing was changed."),
    "not_alike": lazy("Only parcels of one order, one place and one warehouse are merged. Nothing was changed."),
}


def carrier(name: str) -> str:
    """What a carrier is called."""
    return str(_CARRIERS.get(name, name)) if name else _("no carrier yet")


def why_not(state: State, *, to: State) -> str:
    """Why a parcel does not go from a state to another."""
    return f"{_STANDING[state]} {_NEEDS[to]}"


def left(time: timedelta) -> str:
    """How much of the 48 hours is left, or by how much they are over."""
    is_over = time < timedelta(0)
    hours = round(abs(time) / timedelta(hours=1))
    if is_over:
        return ngettext("%(n)s hour late", "%(n)s hours late", hours) % {"n": hours}
    return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}


def took(is_late: bool) -> str:
    """Whether a parcel that has left kept its promise."""
    return _("left late") if is_late else _("left in time")


def finding(rate: float | None, broken: int) -> str:
    """What the chart of promises shows, in a sentence."""
    if rate is None:
        return _("No promise has fallen due in these days")
    if not broken:
        return _("Every promise that fell due was kept")
    return ngettext("%(n)s promise was broken", "%(n)s promises were broken", broken) % {"n": broken}


def pieces_of_day(row: Kept) -> tuple[tuple[int, str, int], ...]:
    """The parts of a day in the chart: series, name, parcels."""
    return ((0, _("in time"), row.kept), (1, _("late"), row.broken), (2, _("not due yet"), row.open))


def refusal(fault: Fault) -> str:
    """Why a verb was not done, what was kept, and what to do.

    refuses  a refusal without words is raised again: it is a gap in this table
    """
    say = _FAULTS.get(type(fault))
    if say is None:
        raise fault
    return say(fault)


def _transition(fault: Fault) -> str:
    return why_not(State(fault.data["state"]), to=State(fault.data["to"]))


def _differs(fault: Fault) -> str:
    said = _("%(counted)s of %(sku)s were counted, but %(wanted)s belong into this parcel. Count again; it stays open.")
    return said % {
        "counted": fault.data["counted_units"],
        "sku": fault.data["sku"],
        "wanted": fault.data["wanted_units"],
    }


def _not_wanted(fault: Fault) -> str:
    said = _("No parcel on this list still wants %(units)s × %(sku)s. Put it back on its shelf.")
    return said % {"units": fault.data["units"], "sku": fault.data["sku"]}


def _split(fault: Fault) -> str:
    return str(_SPLITS[fault.data["reason"]])


def _refused(fault: Fault) -> str:
    said = _("The carrier does not take this parcel: %(reason)s. It stays packed; check address and weight.")
    return said % {"reason": fault.data["reason"]}


_FAULTS: Final[dict[type[Fault], Callable[[Fault], str]]] = {
    errors.NoSuchParcel: lambda _fault: _("That parcel is gone: it was merged into another, or never was here."),
    errors.TransitionRefused: _transition,
    errors.UnitsDiffer: _differs,
    errors.NotWanted: _not_wanted,
    errors.WeightNotAllowed: lambda _fault: _("A parcel weighs between 1 g and 1,000 kg. It stays open."),
    errors.CannotSplit: _split,
    errors.CannotMerge: _split,
    errors.NothingToTakeIn: lambda _fault: _("These goods have been put away already, or have not come back."),
    errors.TrackingTaken: lambda _fault: _("Another parcel has that tracking number. This one stays packed."),
    errors.TrackingNotAllowed: lambda _fault: _(
        "Name the carrier and write the tracking number in letters, figures and hyphens. The parcel stays packed."
    ),
    errors.NoSuchCarrier: lambda _fault: _("That carrier is not connected. Enter a tracking number by hand instead."),
    errors.CarrierRefused: _refused,
    errors.CarrierUnreachable: lambda _fault: _(
        "The carrier did not answer. The parcel stays packed; try again, it will not be labelled twice."
    ),
    errors.Unreadable: lambda _fault: _("The carrier's answer made no sense. Nothing was changed; try again later."),
    orders.TransitionRefused: lambda _fault: _("The order was cancelled or closed meanwhile, so nothing leaves."),
    stock.NothingHeld: lambda _fault: _("The pieces are no longer reserved for this order, so nothing leaves."),
    stock.NotInTheHouse: lambda _fault: _("The pieces have not come into the warehouse yet, so nothing leaves."),
    stock.AlreadyMoved: lambda _fault: _("The stock was moved for this parcel before. Nothing was moved twice."),
}
