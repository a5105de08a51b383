"""What the console says of coupons: how they are given out, what became of them, and why something was refused."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.growth.promotions import errors
from zhanggui.growth.promotions.rules import Hold, State, Way

WAYS: Final[dict[Way, Promise]] = {
    Way.PUBLIC: lazy("Claimed in the coupon centre"),
    Way.CODE: lazy("Codes to type in"),
    Way.TARGETED: lazy("Given to chosen people"),
    Way.NEW: lazy("Given to whoever registers"),
    Way.BIRTHDAY: lazy("Given on the birthday"),
    Way.COMEBACK: lazy("Given after 90 days without an order"),
}
HOLDS: Final[dict[Hold, Promise]] = {
    Hold.WAITING: pgettext_lazy("coupon", "Nobody has it yet"),
    Hold.HELD: pgettext_lazy("coupon", "To be used"),
    Hold.USED: pgettext_lazy("coupon", "Used"),
    Hold.EXPIRED: pgettext_lazy("coupon", "Run out"),
    Hold.VOID: pgettext_lazy("coupon", "Taken back"),
}
STATES: Final[dict[State, Promise]] = {
    State.DRAFT: pgettext_lazy("promotion", "Draft"),
    State.ASKED: pgettext_lazy("promotion", "Waits for a second person"),
    State.LIVE: pgettext_lazy("promotion", "Live"),
    State.PAUSED: pgettext_lazy("promotion", "Paused"),
    State.ENDED: pgettext_lazy("promotion", "Ended"),
}
SEGMENTS: Final[dict[str, Promise]] = {
    "new": pgettext_lazy("segment", "who never bought"),
    "comeback": pgettext_lazy("segment", "who has not bought for 90 days"),
}
_FIELDS: Final[dict[str, Promise]] = {
    "promotion": lazy("Choose the promotion that the coupons bring."),
    "way": lazy("Choose how the coupons are given out."),
    "stock_units": lazy("How many there are is a whole number from 1 up; codes need one, 50,000 at most at once."),
    "per_person": lazy("How many one person may have is a whole number from 1 to 99."),
    "days": lazy("A coupon holds for a number of days, or until a day, or both."),
    "ends_at": lazy("The day until which coupons hold must lie ahead."),
    "claim_from": lazy("The first day must be a day."),
    "claim_until": lazy("The last day must be a day behind the first."),
    "segment": lazy("Choose one of the groups of people."),
    "tiers": lazy("Choose among the tiers of this shop."),
}


def field(name: str) -> str:
    """What is wrong with a field of the form."""
    return _("%(wrong)s Nothing was made.") % {"wrong": _FIELDS.get(name, _("Something in the form cannot be read."))}


def refusal(refused: Refused) -> str:
    """Why something was refused, and what to do."""
    match refused:
        case errors.TermsNotAllowed():
            return field(str(refused.data["field"]))
        case errors.NoSuchPromotion():
            return _("This promotion is not there, or needs no coupon. Nothing was made.")
        case errors.NoSuchCoupon():
            return _("These coupons are not given out now: the batch is closed or over, or its promotion is not live.")
    return _("This cannot be done.")
