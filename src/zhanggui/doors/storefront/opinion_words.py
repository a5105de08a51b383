"""What reviews and questions say in codes, said in sentences."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.doors.storefront import words
from zhanggui.shop.reviews import errors
from zhanggui.shop.reviews.rules import Fault, Sort, State
from zhanggui.shop.wishes import errors as wishes

FAULTS: Final = {
    Fault.CONTACT: lazy("Phone numbers, addresses or other contact details"),
    Fault.ADVERT: lazy("Advertising"),
    Fault.ABUSE: lazy("Insults or hate"),
    Fault.OFF_TOPIC: lazy("Not about this product"),
    Fault.UNTRUE: lazy("Not true"),
    Fault.OTHER: lazy("Something else"),
}
SORTS: Final = {
    Sort.NEWEST: pgettext_lazy("reviews", "Newest"),
    Sort.USEFUL: lazy("Most useful"),
    Sort.WORST: lazy("Fewest stars first"),
}
STATES: Final = {
    State.PENDING: lazy("Being read by us"),
    State.PUBLISHED: lazy("Everybody can read it"),
    State.REJECTED: lazy("Not published"),
    State.HIDDEN: lazy("Taken down"),
}


def stars_name(rating: int) -> str:
    """What a number of stars means."""
    names = (_("Very bad"), _("Bad"), _("All right"), _("Good"), _("Very good"))
    return names[rating - 1]


def refusal(refused: Refused) -> str:
    """Why the shop said no, what was kept, and what to do."""
    if isinstance(refused, errors.WordsNotAllowed):
        return _words(refused)
    if isinstance(refused, errors.PictureNotAllowed):
        return _picture(refused)
    said = _SAID.get(type(refused))
    return str(said) if said else words.refusal(refused)


def _words(refused: errors.WordsNotAllowed) -> str:
    if refused.reason == "empty":
        return _("Please write a few words. Nothing was sent yet.")
    if refused.reason == "long":
        return ngettext(
            "That is longer than %(n)s letter. Nothing was sent yet; please shorten it.",
            "That is longer than %(n)s letters. Nothing was sent yet; please shorten it.",
            refused.most,
        ) % {"n": refused.most}
    return _("There is a sign in it that cannot be shown. Nothing was sent yet.")


def _picture(refused: errors.PictureNotAllowed) -> str:
    if refused.reason == "size":
        return _("A picture may have up to 5 MB. Nothing was sent yet; your words are kept below.")
    if refused.reason == "count":
        return _("Up to six pictures can be shown. Nothing was sent yet; your words are kept below.")
    return _("A file is no whole JPEG, PNG or WebP picture. Nothing was sent yet; your words are kept below.")


_SAID: Final = {
    errors.NotBought: lazy("Only what you bought and what has arrived can be reviewed or answered for."),
    errors.AlreadyReviewed: lazy("You have reviewed this already; it stands below."),
    errors.RatingNotAllowed: lazy("Please choose one to five stars. Nothing was sent yet."),
    errors.NoSuchReview: lazy("This review can no longer be read."),
    errors.NoSuchQuestion: lazy("This question can no longer be read."),
    errors.NotYours: lazy("That is your own review."),
    errors.CannotBeAdded: lazy("Nothing can be added to this review any more."),
    errors.AlreadyAnswered: lazy("You have answered this question already."),
    wishes.NotForSale: lazy("This item is no longer sold. Nothing was changed."),
    wishes.ListFull: lazy("The wish list is full: it holds 200 items. Take something off first."),
}
