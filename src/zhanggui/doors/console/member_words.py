"""What the console says of members: what moved their points, how far things are, and why something was refused."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.growth.membership import errors
from zhanggui.growth.membership.rules.points import Move
from zhanggui.growth.membership.rules.recycling import Step
from zhanggui.growth.membership.rules.rewards import Kind, State
from zhanggui.supply.stock.errors import NotInTheHouse

MOVES: Final[dict[str, Promise]] = {
    Move.EARNED: lazy("Earned with an order"),
    Move.BIRTHDAY: lazy("Birthday points"),
    Move.RECYCLED: lazy("Recycling"),
    Move.REFERRED: lazy("For a friend they brought"),
    Move.GIVEN: lazy("Given by hand"),
    Move.TAKEN: lazy("Taken by hand"),
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
    State.REDEEMED: pgettext_lazy("reward", "To do"),
    State.SENT: pgettext_lazy("reward", "On its way"),
    State.RECEIVED: pgettext_lazy("reward", "Received"),
    State.CANCELLED: pgettext_lazy("reward", "Called off"),
}
STEPS: Final[dict[Step, Promise]] = {
    Step.REQUESTED: pgettext_lazy("recycling", "Asked for"),
    Step.RECEIVED: pgettext_lazy("recycling", "Arrived"),
    Step.GRADED: pgettext_lazy("recycling", "Graded"),
    Step.CREDITED: pgettext_lazy("recycling", "Points credited"),
    Step.REFUSED: pgettext_lazy("recycling", "Not taken"),
}
FIELDS: Final[dict[str, Promise]] = {
    "earn_rate": lazy("Points per unit of money lie from 0 to 1000."),
    "worth": lazy("Points that pay one unit of money are a whole number from 1 up."),
    "cap_rate": lazy("The share that points may pay lies from 0 to 100 %."),
    "step": lazy("Points are spent in whole steps from 1 up."),
    "lasts_days": lazy("Points last from 30 to 3650 days."),
    "growth_from": lazy("One tier begins at 0, and every other one somewhere else."),
    "key": lazy("Every key is different and has 1 to 20 small letters, figures, hyphens."),
    "name": lazy("A name is missing."),
    "multiplier": lazy("Points are multiplied by 1 to 10."),
    "birthday_points": lazy("Birthday points are a whole number."),
    "sku": lazy("The SKU must be one of this shop, and of the right kind."),
    "days": lazy("Paid membership lasts 1 to 3650 days."),
    "tier": lazy("There is no such tier."),
    "points": lazy("Points are a whole number, and a better grade brings no fewer than a worse one."),
    "title": lazy("A name is missing."),
    "quota": lazy("The number to give away is a whole number, not below what is taken."),
    "most_each": lazy("The number for each member is a whole number from 1 up."),
    "at": lazy("The moment cannot be read, or belongs to something that is sent."),
    "kind": lazy("There is no such kind."),
    "shop": lazy("This shop has no points yet. Set how they work first."),
}
_REFUSALS: Final[dict[type[Refused], Promise]] = {
    errors.WordsMissing: lazy("A reason, a carrier or a number is missing."),
    errors.StepRefused: lazy("Somebody else moved it on meanwhile. Look at it again."),
    errors.NoSuchKind: lazy("Things of this kind have no grades any more."),
    errors.PointsNotAllowed: lazy("Give or take from 1 to 1,000,000 points at once."),
    errors.BirthdayNotAllowed: lazy("There is no such day."),
    NotInTheHouse: lazy("It does not lie in the warehouse yet."),
}
_OF_A_FIELD: Final = (
    errors.SchemeNotAllowed,
    errors.TiersNotAllowed,
    errors.RewardNotAllowed,
    errors.PlanNotAllowed,
)


def field(name: str) -> str:
    """What is wrong with a field."""
    return f"{FIELDS.get(name, FIELDS['points'])} {_('Nothing was changed.')}"


def refusal(refused: Refused) -> str:
    """Why something was refused.

    refuses  what it has no words for, by raising it again
    """
    if isinstance(refused, errors.NotEnoughPoints):
        said = _("There are %(has)s points, fewer than %(points)s.") % refused.data
    elif isinstance(refused, _OF_A_FIELD):
        return field(refused.data["field"])
    elif type(refused) in _REFUSALS:
        said = str(_REFUSALS[type(refused)])
    else:
        raise refused
    return f"{said} {_('Nothing was changed.')}"
