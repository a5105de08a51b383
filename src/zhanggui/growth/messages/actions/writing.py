"""A message as a letter: in the person's language, with the coupon, the link, and the way to get no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.growth.messages import models, ports, rules
from zhanggui.growth.messages.queries import Reached

# How Django calls the languages of a wording.
_LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}
# As much as the outbox keeps; a name may be long.
_LONGEST_SUBJECT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A coupon that goes along with a message.

    ends_at  until when it can be used
    """

    id: UUID
    name_zh: str
    name_en: str
    ends_at: datetime


def letter(step: models.Step, one: Reached, gift: Gift | None, *, token: str) -> Message:
    """What goes to one person.

    A mail says that it is advertising where its subject begins, as does a text message, which also says whose it is.

    source  互联网电子邮件服务管理办法 § 13; RFC 8058 for the headers with which a mail program stops it by one click
    """
    shop = shops.shop(step.shop)
    (links,) = ports.links
    is_zh = one.language == "zh"
    channel, stop = Channel(step.channel), links.stop(token)
    with translation.override(_LANGUAGES[one.language]):
        gaps = {
            "name": one.name or _("dear customer"),
            "shop": shop.name,
            "link": links.page(token),
            "coupon": _coupon(gift, zone=shop.zone) if gift else "",
        }
        words = step.words_zh if is_zh else step.words_en
        subject = rules.filled(step.subject_zh if is_zh else step.subject_en, gaps=gaps)
        said = {"words": rules.filled(words, gaps=gaps), "shop": shop.name, "stop": stop}
        coupon = gaps["coupon"] if gift and not rules.has_gap(words, "coupon") else ""
        if channel is Channel.SMS:
            said["words"] = " ".join(part for part in (said["words"], coupon) if part)
            text = _("[%(shop)s] (AD) %(words)s To get no more: %(stop)s") % said
            return Message(channel=channel, to=one.to, words=text, template="campaign", parts=tuple(gaps.items()))
        return Message(
            channel=channel,
            to=one.to,
            subject=(_("(AD) %(subject)s") % {"subject": " ".join(subject.split())})[:_LONGEST_SUBJECT],
            words="\n".join(_mail(said, coupon=coupon)),
            headers=(("List-Unsubscribe", f"<{stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
        )


def _mail(said: dict[str, str], *, coupon: str) -> Iterator[str]:
    yield said["words"]
    if coupon:
        yield ""
        yield coupon
    yield ""
    yield "--"
    yield _("%(shop)s writes to you because you agreed to advertising by mail.") % said
    yield _("To get no more: %(stop)s") % said


def _coupon(gift: Gift, *, zone: str) -> str:
    """A coupon in a sentence: its name, and the last day on which it can be used, in the shop's zone."""
    day = clock.day_of(gift.ends_at, zone)
    is_zh = (translation.get_language() or "").startswith("zh")
    return _("%(name)s, good until %(month)d/%(day)d/%(year)d, is in your account") % {
        "name": gift.name_zh if is_zh else gift.name_en,
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }
