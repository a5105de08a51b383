"""What shoppers read of teams and invitations: how they stand, and why something was refused."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.growth.referrals.rules import State as Standing
from zhanggui.growth.referrals.rules import Why
from zhanggui.growth.teams import errors

_REFUSALS: Final[dict[type[Refused], Promise]] = {
    errors.NoSuchOffer: lazy("This cannot be bought together any longer. You can still buy it by yourself."),
    errors.TeamsUsedUp: lazy("All teams of this offer have been opened. Join one that still has a seat."),
    errors.TeamFull: lazy("Every seat of this team is taken just now. One that is not paid in time is free again."),
    errors.TeamOver: lazy("This team is complete, or its time is over. Open one of your own."),
    errors.SeatTaken: lazy("You sit in this team already. Invite somebody else."),
    errors.SeatsUsedUp: lazy("You have bought by this offer as often as one person may."),
    errors.SeatGone: lazy("Your seat was not ordered in time. Nothing was ordered; take a seat again if one is free."),
    errors.LeaveNotAllowed: lazy("You have ordered already. Call off the order to leave the team."),
}
STANDINGS: Final[dict[Standing, Promise]] = {
    Standing.WAITING: pgettext_lazy("referral", "Waiting"),
    Standing.REWARDED: pgettext_lazy("referral", "Rewarded"),
    Standing.REFUSED: pgettext_lazy("referral", "No reward"),
}
WHYS: Final[dict[Why, Promise]] = {
    Why.SELF: lazy("That was you."),
    Why.SAME_CONTACT: lazy("It was ordered with your own phone number or email address."),
    Why.SAME_DEVICE: lazy("It was ordered in a browser that you use too."),
    Why.SAME_ADDRESS: lazy("It went to an address that your parcels go to."),
    Why.CIRCLE: lazy("You were invited by this friend, directly or over others."),
    Why.NOT_NEW: lazy("Your friend had bought here before."),
    Why.CALLED_OFF: lazy("The order was called off."),
    Why.RETURNED: lazy("Something of the order was returned."),
    Why.CAP: lazy("You have had all rewards of this month."),
    Why.NOTHING_LEFT: lazy("All rewards of this kind had been given out."),
    Why.BY_HAND: lazy("We looked at it and could not count it. Write to us if you think we are wrong."),
}


def refusal(refused: Refused) -> str:
    """Why something was refused, what was kept, and what to do.

    refuses  what it has no words for, by raising it again
    """
    if type(refused) not in _REFUSALS:
        raise refused
    return str(_REFUSALS[type(refused)])
