"""What a return's codes mean to a shopper: reasons, why not, how it stands, what happens next, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.storefront import words
from zhanggui.shop.returns import errors, rules
from zhanggui.shop.returns.queries import Offer
from zhanggui.shop.returns.rules import Answer, Reason, Return, State, Way, Why, Wish
from zhanggui.supply.stock import errors as stock

_REASONS: Final = {
    Reason.CHANGED_MIND: lazy("I changed my mind"),
    Reason.NOT_SUITABLE: lazy("Size, colour or kind does not suit me"),
    Reason.FAULTY: lazy("It does not work or has a fault"),
    Reason.DAMAGED: lazy("It arrived damaged"),
    Reason.WRONG_ITEM: lazy("Something else was sent"),
    Reason.NOT_AS_DESCRIBED: lazy("It is not as described"),
    Reason.INCOMPLETE: lazy("Something is missing"),
    Reason.LOST: lazy("It never arrived"),
}

_WHYS: Final = {
    Why.NOT_PAID: lazy("The order is not paid, or was cancelled."),
    Why.NOTHING_LEFT: lazy("All of it has come back, or is on its way back."),
    Why.NOT_ARRIVED: lazy("It has not been signed for yet; you can return it once it has."),
    Why.WINDOW_OVER: lazy("The time for a return without a reason is over. A fault can still be reported."),
    Why.FAULT_WINDOW_OVER: lazy("It was signed for more than 30 days ago, so a person looks at it first."),
    Why.NO_GOODS: lazy("It is a file or a service, which cannot come back without a reason; a person looks at faults."),
    Why.DIFFERENCE: lazy("It is the difference of an exchange; it goes back with the goods of that exchange."),
    Why.CUSTOM_MADE: lazy("It was made to order, so it comes back only with a fault."),
    Why.FRESH: lazy("It is fresh or perishable, so it comes back only with a fault."),
    Why.UNSEALED_MEDIA: lazy("It is digital media whose seal was opened, so it comes back only with a fault."),
    Why.PAPERS: lazy("Delivered newspapers and magazines come back only with a fault."),
    Why.HYGIENE: lazy("You confirmed that it does not come back once unsealed, for hygiene; a fault is taken back."),
    Why.ACTIVATED: lazy("You confirmed that it does not come back once activated; a fault is taken back."),
    Why.FLAWED: lazy("You confirmed that it is near its date or flawed; another fault is taken back."),
}

_STATES: Final = {
    State.REQUESTED: lazy("Waiting for our answer"),
    State.APPROVED: pgettext_lazy("return", "Approved"),
    State.DROP_OFF_BOOKED: lazy("Drop-off booked"),
    State.PICKUP_BOOKED: lazy("Pickup booked"),
    State.IN_TRANSIT: lazy("On its way to us"),
    State.RECEIVED: lazy("Arrived, being inspected"),
    State.INSPECTED: lazy("Inspected"),
    State.REFUNDED: lazy("Refunded"),
    State.EXCHANGED: lazy("Replacement sent"),
    State.REJECTED: lazy("Not accepted"),
    State.REFUSED: lazy("Not approved"),
    State.WITHDRAWN: lazy("Called off by you"),
}

_NEXT: Final = {
    State.REQUESTED: lazy("A person looks at it within one working day. Please keep the goods until then."),
    State.APPROVED: lazy("Choose how the goods come back: hand them in at a counter, have them fetched, or send them."),
    State.DROP_OFF_BOOKED: lazy("Show the code at the counter. You need no label and no printer."),
    State.PICKUP_BOOKED: lazy("The courier comes at the time below. Please pack the goods; show the code at the door."),
    State.IN_TRANSIT: lazy("Once it has arrived we inspect it, and settle it within 72 hours."),
    State.RECEIVED: lazy("We inspect every piece now and settle it within 72 hours of its arrival."),
    State.INSPECTED: lazy("The inspection is done; the money goes back by itself in a moment."),
    State.REFUNDED: lazy("The money goes back the way it came. Depending on the bank it takes one to seven days."),
    State.EXCHANGED: lazy("The replacement is on its way to you."),
    State.REJECTED: lazy("We could not take it back; the reason stands below. The goods go back to you."),
    State.REFUSED: lazy("We could not approve it; the reason stands below. You can ask again with pictures."),
    State.WITHDRAWN: lazy("You keep the goods. As long as the time for it runs you can ask for a new return."),
}


_NO_EXCHANGE: Final = {
    "not_offered": lazy("It cannot be exchanged for that. Nothing was sent; please choose a refund."),
    "mixed": lazy("Some of it costs more and some less. Nothing was sent; please ask for two exchanges."),
    "again": lazy(
        "It was exchanged at another price before. Nothing was sent; please choose the same price or a refund."
    ),
    "currency": lazy("It was paid in another currency. Nothing was sent; please choose the same price or a refund."),
}


def reason(reason: Reason) -> str:
    """Why something comes back, in the shopper's own voice."""
    return str(_REASONS[reason])


def why(why: Why) -> str:
    """Why a line cannot come back, in a sentence."""
    return str(_WHYS[why])


def state(state: State) -> str:
    """How a return stands."""
    return str(_STATES[state])


def what_next(found: Return) -> str:
    """What happens next, in a sentence."""
    if found.state is State.INSPECTED and found.wish is Wish.EXCHANGE:
        return _("The inspection is done; the replacement is being packed for you.")
    if found.state is State.APPROVED and found.way is Way.NONE and found.is_kept:
        return _("You need not send anything back.")
    return str(_NEXT[found.state])


def until(offer: Offer, reason: Reason | None) -> str:
    """Until when a line may come back, for that reason if there is one; empty if no day counts."""
    has_fault = reason is not None and rules.is_fault(reason)
    if offer.no_reason.answer is Answer.YES and offer.no_reason.until and not has_fault:
        day = formats.day(offer.no_reason.until, language=get_language() or "en")
        return _("Without a reason until %(day)s") % {"day": day}
    if offer.fault.answer is Answer.YES and offer.fault.until:
        day = formats.day(offer.fault.until, language=get_language() or "en")
        return _("With a fault until %(day)s") % {"day": day}
    return ""


def check_pictures(sizes: Sequence[int]) -> None:
    """Look at pictures before they are read.

    refuses  PictureNotAllowed
    """
    if len(sizes) > rules.MOST_PICTURES:
        raise errors.PictureNotAllowed(reason="number", most=rules.MOST_PICTURES)
    if any(size > rules.LARGEST_PICTURE for size in sizes):
        raise errors.PictureNotAllowed(reason="size", most=rules.LARGEST_PICTURE)


def refusal(refused: Refused) -> str:
    """Why the shop said no, what was kept, and what to do; a refusal without words is raised again."""
    if isinstance(refused, errors.NotReturnable):
        return " ".join((*(why(Why(one)) for one in refused.reasons), _("Nothing was sent.")))
    if isinstance(refused, errors.StepRefused):
        return _("The return has moved on: %(state)s. Nothing was changed.") % {"state": state(State(refused.state))}
    if isinstance(refused, errors.PictureNotAllowed):
        return _picture(refused)
    if isinstance(refused, errors.CannotExchange):
        return str(_NO_EXCHANGE[refused.reason])
    said = _REFUSALS.get(type(refused))
    return words.refusal(refused) if said is None else str(said)


def _picture(refused: errors.PictureNotAllowed) -> str:
    if refused.reason == "number":
        return _("At most %(n)s pictures can be sent. Nothing was sent; please leave some out.") % {"n": refused.most}
    if refused.reason == "size":
        megabytes = refused.most // 1024 // 1024
        return _("A picture may have at most %(n)s MB. Nothing was sent; please take a smaller one.") % {"n": megabytes}
    return _("Only JPEG, PNG and WebP pictures can be sent. Nothing was sent; please choose another.")


_REFUSALS: Final = {
    KeyReused: lazy("This form was sent before with other choices. Please open it anew."),
    errors.NothingChosen: lazy("Please choose at least one piece. Nothing was sent."),
    errors.NothingDue: lazy("Nothing is to be paid for this exchange, or its time is over. Nothing was charged."),
    errors.SlotNotOffered: lazy("The courier does not come at that time. Please choose another."),
    errors.WordsMissing: lazy("Please shorten what you wrote to 1,000 letters. Nothing was sent."),
    stock.OutOfStock: lazy("What you want instead has just sold out. Nothing was sent; please choose a refund."),
}
