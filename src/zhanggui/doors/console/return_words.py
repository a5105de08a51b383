"""What a return's codes mean to whoever works on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.base.operation.errors import KeyReused
from zhanggui.shop.fulfilment import errors as fulfilment
from zhanggui.shop.orders import errors as orders
from zhanggui.shop.returns import errors
from zhanggui.shop.returns.queries import View
from zhanggui.shop.returns.rules import Clock, Reason, State, Verdict, Way
from zhanggui.supply.stock import errors as stock

VIEWS: Final = {
    View.OURS: lazy("needs our hand"),
    View.DECIDE: lazy("waits for a decision"),
    View.INSPECT: lazy("has arrived, to be inspected"),
    View.SEND: lazy("inspected, to be refunded or replaced"),
    View.LATE: lazy("is late"),
    View.COMING: lazy("waits for the goods"),
    View.OVER: lazy("is over"),
    View.ALL: lazy("in any state"),
}

STATES: Final = {
    State.REQUESTED: lazy("Waits for a decision"),
    State.APPROVED: pgettext_lazy("return", "Approved"),
    State.DROP_OFF_BOOKED: lazy("Drop-off booked"),
    State.PICKUP_BOOKED: lazy("Pickup booked"),
    State.IN_TRANSIT: lazy("On its way to us"),
    State.RECEIVED: lazy("Arrived"),
    State.INSPECTED: lazy("Inspected"),
    State.REFUNDED: lazy("Refunded"),
    State.EXCHANGED: lazy("Exchanged"),
    State.REJECTED: lazy("Rejected"),
    State.REFUSED: lazy("Refused"),
    State.WITHDRAWN: lazy("Withdrawn"),
}

REASONS: Final = {
    Reason.CHANGED_MIND: lazy("Changed mind"),
    Reason.NOT_SUITABLE: lazy("Does not suit"),
    Reason.FAULTY: lazy("Faulty"),
    Reason.DAMAGED: lazy("Arrived damaged"),
    Reason.WRONG_ITEM: lazy("Wrong item sent"),
    Reason.NOT_AS_DESCRIBED: lazy("Not as described"),
    Reason.INCOMPLETE: lazy("Incomplete"),
    Reason.LOST: lazy("Lost on the way"),
}

VERDICTS: Final = {
    Verdict.SELLABLE: lazy("Good: back on sale"),
    Verdict.DEFECTIVE: lazy("Defective: put aside"),
    Verdict.REJECTED: lazy("Rejected: back to the shopper"),
}

WAYS: Final = {
    Way.NONE: lazy("not chosen yet"),
    Way.DROP_OFF: lazy("handed in at a counter"),
    Way.PICKUP: lazy("fetched by a courier"),
    Way.OWN: lazy("sent by the shopper"),
}

_REFUSALS: Final = {
    KeyReused: lazy("This form was sent before with other choices. Please open it anew."),
    stock.NoSuchWarehouse: lazy("There is no such warehouse. Nothing was changed."),
    errors.NoSuchReturn: lazy("No return has that number or code."),
    errors.NothingChosen: lazy("Choose at least one piece. Nothing was changed."),
    errors.NotReturnable: lazy("Not so many pieces are left of a line. Nothing was changed."),
    errors.WordsMissing: lazy("Say why, in at most 1,000 letters. Nothing was changed."),
    errors.PictureNotAllowed: lazy("Up to five JPEG, PNG or WebP pictures, 8 MB each. Nothing was changed."),
    errors.VerdictMissing: lazy("Every piece needs one verdict. Nothing was changed."),
    errors.StillOut: lazy("That was done before, or is not part of this return. Nothing was changed."),
    errors.NothingToRefund: lazy("That is more than is left of what was paid, or nothing. Nothing was changed."),
    errors.DifferenceDue: lazy(
        "The shopper has not paid the difference yet. Nothing was changed; ask for it, or refund."
    ),
    errors.CannotCallOff: lazy("Only a paid order of which nothing has left can be called off. Nothing was changed."),
    fulfilment.AlreadyLeft: lazy("A parcel has left already. Nothing was changed; the goods can be returned later."),
    orders.TransitionRefused: lazy("The order has moved on. Nothing was changed."),
    orders.MoreThanPaid: lazy("That is more than is left of what was paid. Nothing was changed."),
    orders.MoreThanBought: lazy("Not so many pieces are left of a line. Nothing was changed."),
    stock.OutOfStock: lazy("The replacement is out of stock. Nothing was changed; offer a refund instead."),
}


_NO_EXCHANGE: Final = {
    "not_offered": lazy("It cannot be exchanged for that. Nothing was changed."),
    "mixed": lazy("Some of it costs more and some less: make two returns of it. Nothing was changed."),
    "again": lazy("It was exchanged at another price before: the same price or a refund. Nothing was changed."),
    "currency": lazy("It was paid in another currency: the same price or a refund. Nothing was changed."),
}


def refusal(refused: Refused) -> str:
    """Why it was refused; a refusal without words is raised again: it is a gap in this table."""
    if isinstance(refused, errors.StepRefused):
        standing = STATES[State(refused.state)]
        return _("The return has moved on: %(state)s. Nothing was changed.") % {"state": standing}
    if isinstance(refused, errors.GoodwillTooHigh):
        return _("Without goods you may give a fifth of an order in all. Ask a manager; nothing was changed.")
    if isinstance(refused, errors.CannotExchange):
        return str(_NO_EXCHANGE[refused.reason])
    said = _REFUSALS.get(type(refused))
    if said is None:
        raise refused
    return str(said)


def left(clock: Clock) -> str:
    """How much of the time is left, in hours; how much it is over."""
    hours = abs(clock.left) // timedelta(hours=1)
    if clock.left < timedelta(0):
        return ngettext("%(n)s hour over", "%(n)s hours over", hours) % {"n": hours}
    return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}
