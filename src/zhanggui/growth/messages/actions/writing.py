"""A message as a letter: in the person's language, with the coupon, the link, and the way to get no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.growth.messages import models, queries, rules
from zhanggui.growth.messages.queries import Reached
from zhanggui.growth.messages.rules import Shown


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
    with translation.override(queries.LANGUAGES[one.language]):
        coupon = _coupon(gift, zone=shop.zone) if gift else ""
        name = one.name or _("dear customer")
        if Channel(step.channel) is Channel.SMS:
            return _text(step, shop, one, {"name": name, "coupon": coupon, "link": token, "stop": token})
        shown = queries.shown_as(
            step.wording, shop, name=name, coupon=coupon, token=token, language=one.language, goods=step.goods
        )
        return Message(
            channel=Channel.EMAIL,
            to=one.to,
            subject=shown.subject,
            words="\n".join(_mail(shown, shop)),
            page=queries.look_of(shown),
            headers=(("List-Unsubscribe", f"<{shown.stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
            shop=shop.code,
            language=one.language,
        )


def _text(step: models.Step, shop: Shop, one: Reached, said: dict[str, str]) -> Message:
    words = step.words_zh if one.language == "zh" else step.words_en
    has_coupon = bool(said["coupon"])
    return Message(
        channel=Channel.SMS,
        to=one.to,
        words=_("[%(shop)s] %(words)s") % {"shop": shop.name, "words": queries.text_of(words, shop, said)},
        template=rules.template_of(step.wording, has_coupon=has_coupon),
        parts=tuple((name, said[name]) for name in rules.text_gaps(words, has_coupon=has_coupon)),
        shop=shop.code,
        language=one.language,
    )


def _mail(shown: Shown, shop: Shop) -> Iterator[str]:
    said = {"shop": shop.name, "stop": shown.stop}
    yield shown.words
    if shown.coupon:
        yield ""
        yield shown.coupon
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
