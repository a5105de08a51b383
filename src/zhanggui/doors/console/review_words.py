"""What the codes of reviews and questions mean to whoever reads them for the shop."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.shop.reviews import errors
from zhanggui.shop.reviews.queries import Asked, View
from zhanggui.shop.reviews.rules import Fault, Held, State

VIEWS: Final = {
    View.WAITING: lazy("waits for us"),
    View.LOW: lazy("has up to three stars and no reply"),
    View.PUBLISHED: lazy("can be read"),
    View.REJECTED: lazy("was rejected"),
    View.HIDDEN: lazy("is hidden"),
}
ASKED: Final = {
    Asked.OPEN: lazy("waits for an answer"),
    Asked.ANSWERED: lazy("is answered"),
    Asked.DOWN: lazy("cannot be read"),
}
STATES: Final = {
    State.PENDING: pgettext_lazy("review", "Waits"),
    State.PUBLISHED: pgettext_lazy("review", "Published"),
    State.REJECTED: pgettext_lazy("review", "Rejected"),
    State.HIDDEN: pgettext_lazy("review", "Hidden"),
}
HELD: Final = {
    Held.PHONE: lazy("a phone number"),
    Held.EMAIL: lazy("an email address"),
    Held.LINK: lazy("a link"),
    Held.CONTACT: lazy("another way to get in touch"),
    Held.ALL: lazy("everything is read first"),
}
FAULTS: Final = {
    Fault.CONTACT: lazy("Contact details"),
    Fault.ADVERT: lazy("Advertising"),
    Fault.ABUSE: lazy("Insults or hate"),
    Fault.OFF_TOPIC: lazy("Not about the product"),
    Fault.UNTRUE: lazy("Not true"),
    Fault.OTHER: lazy("Something else"),
}


def refusal(refused: Refused) -> str:
    """Why it was not done; nothing has changed.

    refuses  a refusal without words is raised again: it is a gap in this table
    """
    if isinstance(refused, errors.NotDecidable):
        return _("It does not stand so that this can be done; somebody else was quicker. Nothing was changed.")
    if isinstance(refused, errors.WordsNotAllowed):
        return _("The words are missing or too long. Nothing was sent.")
    if isinstance(refused, errors.NoSuchReview | errors.NoSuchQuestion):
        return _("There is no such review or question in this shop.")
    raise refused
