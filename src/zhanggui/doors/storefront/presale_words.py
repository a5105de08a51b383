"""Presales in sentences: how a reservation stands, what comes next, and why something was refused.

A deposit is 定金 and a prepayment is 订金: the two words stand for different things by law and never for each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.doors.storefront import words
from zhanggui.growth.presale import errors
from zhanggui.growth.presale.queries import Mine
from zhanggui.growth.presale.rules import Phase, State

STATES: Final = {
    State.DEPOSIT_DUE: lazy("Deposit to pay"),
    State.DEPOSIT_PAID: lazy("Deposit paid"),
    State.BALANCE_OPEN: lazy("Balance to pay"),
    State.BALANCE_PAID: lazy("Balance paid"),
    State.BALANCE_EXPIRED: lazy("Time for the balance is over"),
    State.FORFEITED: lazy("Deposit not paid back"),
    State.SELLER_CANCELLED: lazy("Called off by the shop, deposit back twice"),
    State.FORCE_MAJEURE: lazy("Could not be kept, deposit back"),
    State.LAPSED: lazy("Deposit was not paid"),
}
TONES: Final = {
    State.DEPOSIT_DUE: "watch",
    State.BALANCE_OPEN: "watch",
    State.BALANCE_PAID: "good",
    State.DEPOSIT_PAID: "good",
    State.FORFEITED: "bad",
    State.BALANCE_EXPIRED: "bad",
}
_REFUSALS: Final = {
    errors.LawNotConfirmed: lazy("Please say that you know what a deposit is. Nothing was reserved or charged."),
    errors.NotOpen: lazy("Deposits are not taken just now. Nothing was reserved or charged."),
    errors.TermsMoved: lazy("The sums have changed since the page was opened. Look at them once more, please."),
}


def state(one: Mine) -> str:
    """How a reservation stands; by the clock where a job is a minute late."""
    return str(STATES[one.state])


def next_step(one: Mine, *, at: datetime) -> str:
    """What the shopper does next, or what happens, in one sentence."""
    terms = one.presale.terms
    if one.state is State.DEPOSIT_DUE:
        return _("Pay the deposit within half an hour, or the pieces go to others.")
    if one.can_pay_balance(at):
        return _("Pay the balance now. If you do not, the deposit is not paid back.")
    if one.state is State.BALANCE_OPEN and one.balance_order:
        return _("An order for the balance waits for its payment.")
    if one.state is State.DEPOSIT_PAID and one.presale.phase(at) is not Phase.OVER:
        return _("Nothing to do yet. We write to you when the balance opens.")
    if one.state is State.BALANCE_PAID:
        return _("It is an ordinary order now, and leaves by %(day)s.") % {
            "day": formats.day(terms.ship_by, language=get_language() or "en")
        }
    return str(_ENDED.get(one.state, ""))


def refusal(refused: Refused) -> str:
    """Why something was refused, what was kept, and what to do; refusals of other shelves in their own words."""
    if isinstance(refused, errors.SoldOut):
        left = refused.data["left_units"]
        if not left:
            return _("All pieces are reserved. What is not paid within half an hour comes back.")
        return ngettext("Only %(n)d piece is left.", "Only %(n)d pieces are left.", left) % {"n": left}
    if isinstance(refused, errors.LimitReached):
        most = refused.data["per_person"]
        return ngettext("Everybody can reserve %(n)d piece.", "Everybody can reserve up to %(n)d pieces.", most) % {
            "n": most
        }
    if type(refused) not in _REFUSALS:
        return words.refusal(refused)
    return str(_REFUSALS[type(refused)])


_ENDED: Final = {
    State.DEPOSIT_PAID: lazy("The time for the balance is over."),
    State.BALANCE_OPEN: lazy("The time for the balance is over."),
    State.BALANCE_EXPIRED: lazy("The time for the balance is over."),
    State.FORFEITED: lazy("The balance was not paid in time. The deposit is not paid back; a prepayment is."),
    State.SELLER_CANCELLED: lazy(
        "The shop could not keep it. The deposit goes back the way it came, and as much again into your wallet."
    ),
    State.FORCE_MAJEURE: lazy("Nobody could keep it. All you paid goes back the way it came."),
    State.LAPSED: lazy("Nothing is reserved, and nothing is charged."),
}
