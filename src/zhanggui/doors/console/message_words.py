"""Messages to people in words: why somebody gets none, how far a letter came, and the form of the terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.base.outbox import rules as mailing
from zhanggui.base.outbox.errors import NoSender, NoTemplate, TemplateUnfit
from zhanggui.base.outbox.rules import Channel
from zhanggui.doors.console import fields
from zhanggui.doors.console.fields import Unfit
from zhanggui.growth.messages import errors
from zhanggui.growth.messages.rules import Ready, Reason, State, Terms

CHANNELS: Final[dict[Channel, Promise]] = {Channel.EMAIL: lazy("E-mail"), Channel.SMS: lazy("Text message")}
STATES: Final[dict[State, Promise]] = {
    State.WAITING: pgettext_lazy("message", "Waiting"),
    State.SENT: pgettext_lazy("message", "Sent"),
    State.REFUSED: pgettext_lazy("message", "Not sent"),
}
REASONS: Final[dict[Reason, Promise]] = {
    Reason.NO_ACCOUNT: lazy("No account"),
    Reason.NO_ADDRESS: lazy("No address for this channel"),
    Reason.NO_CONSENT: lazy("Did not agree to advertising, or withdrew it"),
    Reason.TOO_MANY: lazy("Got enough messages lately, and there was no later day"),
    Reason.NO_COUPON: lazy("No coupon was left"),
    Reason.HAS_COUPON: lazy("Had the coupon already"),
    Reason.STOPPED: lazy("The step was stopped"),
    Reason.TOO_LATE: lazy("The step was over before it could leave"),
    Reason.NOT_MEANT: lazy("It no longer holds for them: they have bought since"),
}
FATES: Final[dict[mailing.State, Promise]] = {
    mailing.State.WAITING: lazy("wait for the carrier"),
    mailing.State.LEAVING: lazy("were in somebody's hands and are not sent again"),
    mailing.State.SENT: lazy("were taken by the carrier"),
    mailing.State.TURNED_DOWN: lazy("were turned down by the carrier"),
    mailing.State.DELIVERED: lazy("have arrived"),
    mailing.State.FAILED: lazy("never arrived, as the carrier says"),
}
READY_FOR: Final[dict[Ready, Promise]] = {
    Ready.SLEEPING: lazy("Sleeping customer"),
    Ready.SECOND_PURCHASE: lazy("Second purchase"),
    Ready.BIRTHDAY: lazy("Birthday"),
    Ready.ABANDONED_CART: lazy("Cart left behind"),
    Ready.BALANCE_DUE: lazy("Balance due"),
}
LANGUAGES: Final[dict[str, Promise]] = {"zh": lazy("Chinese"), "en": lazy("English")}
_FAULTS: Final[dict[str, Promise]] = {
    "missing": lazy("The words are needed in Chinese and in English; a mail needs a subject too."),
    "long": lazy("The words are too long: a text message has 300 signs at most, a mail 4,000, its subject 100."),
    "gap": lazy("Nothing fills one of the gaps. There are {name}, {shop}, {link}, and with a coupon {coupon}."),
    "path": lazy("The link leads to a page of this shop, such as /cart/."),
}
_FIELDS: Final[dict[str, Promise]] = {
    "quiet_from": lazy("The quiet hours begin and end at a time of day, such as 21:00 and 09:00."),
    "quiet_until": lazy("The quiet hours begin and end at a time of day, such as 21:00 and 09:00."),
    "most_messages": lazy("A person gets 1 to 50 messages in the time that counts."),
    "per_days": lazy("The time that counts is 1 to 90 days."),
    "mail_minor": lazy("What a message costs is an amount, 1,000 at most."),
    "sms_minor": lazy("What a message costs is an amount, 1,000 at most."),
}


def terms_of(form: Mapping[str, str], *, currency: str) -> Terms:
    """How a shop sends, as the form says it.

    refuses  Unfit
    """
    return Terms(
        quiet_from=_time(form, "quiet_from"),
        quiet_until=_time(form, "quiet_until"),
        most_messages=_whole(form, "most_messages"),
        per_days=_whole(form, "per_days"),
        mail_minor=_minor(form, "mail_minor", currency),
        sms_minor=_minor(form, "sms_minor", currency),
    )


def refusal(refused: Refused | Unfit) -> str:
    """Why a step or the terms were refused, for a person.

    refuses  what it has no words for, by raising it again
    """
    match refused:
        case Unfit():
            said = str(_FIELDS[refused.field])
        case TemplateUnfit():
            said = _("The carrier's number has 40 signs at most, as has the sign before the words.")
        case errors.TermsUnfit():
            said = str(_FIELDS[refused.field])
        case errors.WordingUnfit():
            said = str(_FAULTS[refused.reason])
        case errors.StepDiffers():
            said = _("Messages of this step were planned with other words, on another channel or with another coupon.")
        case errors.StepStopped():
            said = _("The step was stopped, so nobody is added to it.")
        case errors.CouponUnfit():
            said = _("The promotion gives no coupons to chosen people. Make such coupons for it first.")
        case NoTemplate():
            said = _(
                "The carrier of text messages sends approved words only, and these are not noted down as approved "
                "(%(template)s, %(language)s). Hand them in to the carrier, and note its number under Text messages."
            ) % {"template": refused.template, "language": LANGUAGES[refused.language]}
        case NoSender():
            said = _("Nobody is plugged in who carries such messages.")
        case _:
            raise refused
    return f"{said} {_('Nothing was changed.')}"


def _time(form: Mapping[str, str], field: str) -> time:
    try:
        return time.fromisoformat(form.get(field, "").strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as wrong:
        raise Unfit(field, "time") from wrong


def _whole(form: Mapping[str, str], field: str) -> int:
    said = form.get(field, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 8):
        raise Unfit(field, "whole")
    return int(said)


def _minor(form: Mapping[str, str], field: str, currency: str) -> int:
    amount = fields.money(form, field, currency)
    if amount is None:
        raise Unfit(field, "price")
    return amount.minor
