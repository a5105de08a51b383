"""What members read: what moved points, how far a reward or a thing handed in is, and why something was refused."""

from __future__ import annotations

from datetime import date
from typing import Final

from babel.dates import format_skeleton
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.growth.membership import errors, rules
from zhanggui.growth.membership.rules.points import Move
from zhanggui.growth.membership.rules.recycling import Step
from zhanggui.growth.membership.rules.rewards import Kind, State
from zhanggui.growth.membership.rules.tiers import Benefits
from zhanggui.supply.stock.errors import OutOfStock

MOVES: Final[dict[str, Promise]] = {
    Move.EARNED: lazy("Earned with an order"),
    Move.BIRTHDAY: lazy("Birthday points"),
    Move.RECYCLED: lazy("Recycling"),
    Move.REFERRED: lazy("For a friend you brought"),
    Move.GIVEN: lazy("From the shop"),
    Move.TAKEN: lazy("Taken by the shop"),
    Move.PAID_ORDER: lazy("Used for an order"),
    Move.PAID_REWARD: lazy("Redeemed"),
    Move.BACK_ORDER: lazy("Back from an order"),
    Move.BACK_REWARD: lazy("Back from a reward"),
    Move.TAKEN_BACK: lazy("Taken back with a refund"),
    Move.MADE_UP: lazy("For points owed"),
    Move.EXPIRED: lazy("Expired"),
    Move.JOINED: lazy("From before the sign-in"),
}
KINDS: Final[dict[Kind, Promise]] = {
    Kind.GOODS: pgettext_lazy("reward", "Goods"),
    Kind.MERCHANDISE: pgettext_lazy("reward", "Merchandise"),
    Kind.CLASS: pgettext_lazy("reward", "Class"),
    Kind.EVENT: pgettext_lazy("reward", "Event"),
}
STATES: Final[dict[State, Promise]] = {
    State.REDEEMED: pgettext_lazy("reward", "Redeemed"),
    State.SENT: pgettext_lazy("reward", "On its way"),
    State.RECEIVED: pgettext_lazy("reward", "Received"),
    State.CANCELLED: pgettext_lazy("reward", "Called off"),
}
STEPS: Final[dict[Step, Promise]] = {
    Step.REQUESTED: pgettext_lazy("recycling", "Asked for; please send it in"),
    Step.RECEIVED: pgettext_lazy("recycling", "Arrived, being looked at"),
    Step.GRADED: pgettext_lazy("recycling", "Graded, points follow"),
    Step.CREDITED: pgettext_lazy("recycling", "Points credited"),
    Step.REFUSED: pgettext_lazy("recycling", "Not taken"),
}
_REFUSALS: Final[dict[type[Refused], Promise]] = {
    errors.NoSuchReward: lazy("This reward is not offered any more."),
    errors.RewardGone: lazy("All of this reward are gone. Nothing was taken from your points."),
    errors.AddressMissing: lazy("Please choose an address it can be sent to."),
    errors.StepRefused: lazy("It has moved on meanwhile; please look again."),
    errors.NoSuchKind: lazy("This kind of thing is not taken back at the moment."),
    errors.WordsMissing: lazy("Please say what it is."),
    errors.BirthdayNotAllowed: lazy("There is no such day, or your birthday is known already. Ask us to change it."),
    OutOfStock: lazy("This is out of stock just now. Nothing was taken from your points."),
}


def refusal(refused: Refused) -> str:
    """Why something was refused, what was kept, and what to do.

    refuses  what it has no words for, by raising it again
    """
    if isinstance(refused, errors.NotEnoughPoints):
        return _("That takes %(points)s points and you have %(has)s. Nothing was changed.") % refused.data
    if isinstance(refused, errors.RewardLimit):
        most = refused.data["most_each"]
        return ngettext("Everybody can have %(n)d of it.", "Everybody can have %(n)d of them.", most) % {"n": most}
    if isinstance(refused, errors.PictureNotAllowed):
        return _("Up to %(n)d pictures, JPEG, PNG or WebP, each up to 6 MB.") % {"n": rules.recycling.MOST_PICTURES}
    if type(refused) not in _REFUSALS:
        raise refused
    return str(_REFUSALS[type(refused)])


def birthday(said: tuple[int, int], *, language: str) -> str:
    """A month and a day as people say them: December 7, 12月7日."""
    leap_year = 2000  # the 29th of February is somebody's birthday
    return format_skeleton("MMMMd", date(leap_year, *said), locale="en" if language.startswith("en") else "zh")


def benefits(good: Benefits, *, language: str) -> tuple[str, ...]:
    """What a tier brings, a line for each."""
    said = []
    if good.multiplier > 1:
        said.append(_("%(times)s times the points") % {"times": format(good.multiplier, "f")})
    if good.birthday_points:
        said.append(_("%(points)s points on your birthday") % {"points": good.birthday_points})
    if good.member_price:
        said.append(_("Member prices"))
    if good.free_shipping:
        said.append(_("Free delivery offers"))
    if good.own_service:
        said.append(_("A service line of your own"))
    if good.events:
        said.append(_("Invitations to events"))
    if good.note:
        said.append(good.note.to(language))
    return tuple(said)
