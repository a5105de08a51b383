"""What a wording says to somebody, before any of it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from zhanggui.base.outbox.rules import Channel, segments
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.growth.messages import ports, rules
from zhanggui.growth.messages.queries.standing import terms
from zhanggui.growth.messages.rules import Shown, Wording

# How Django calls the languages of a wording.
LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}
# As much as the outbox keeps; a name may be long.
_LONGEST_SUBJECT: Final = 200
# What is likely to stand in the gaps of a text message.
_LIKELY: Final = {"name": "掌" * 4, "link": "x" * 16, "stop": "x" * 16}
_TOKENS: Final = ("link", "stop")
_MARK: Final = re.compile(r"-gap-(\d+)-")
_LIKELY_COUPON: Final = "券" * 30


def shown_as(
    wording: Wording, shop: Shop, *, name: str, coupon: str, token: str, language: str, goods: Sequence[str] = ()
) -> Shown:
    """What a mail says to somebody, in the language that is active.

    coupon  in a sentence, empty if none goes along
    """
    (links,) = ports.links
    is_zh = language == "zh"
    gaps = {"name": name, "shop": shop.name, "link": links.page(token), "coupon": coupon}
    words = wording.words_zh if is_zh else wording.words_en
    subject = rules.filled(wording.subject_zh if is_zh else wording.subject_en, gaps=gaps)
    return Shown(
        shop=shop.code,
        language=language,
        subject=(_("(AD) %(subject)s") % {"subject": " ".join(subject.split())})[:_LONGEST_SUBJECT],
        words=rules.filled(words, gaps=gaps),
        coupon="" if rules.has_gap(words, "coupon") else coupon,
        page=gaps["link"],
        stop=links.stop(token),
        goods=tuple(goods),
    )


def look_of(shown: Shown) -> str:
    """A letter as HTML, in the language that is active; empty where nobody gives letters a look."""
    return ports.looks[0](shown) if ports.looks else ""


def text_of(words: str, shop: Shop, said: Mapping[str, str]) -> str:
    """What a text message says behind the shop's name, in the language that is active.

    said  name, coupon (empty if none goes along), link and stop: both by the letter's token
    """
    (links,) = ports.links
    gaps = {name: said.get(name, "") for name in ("name", "coupon")}
    gaps |= {"shop": shop.name, "link": links.page(said["link"]) if "link" in said else ""}
    coupon = "" if rules.has_gap(words, "coupon") else gaps["coupon"]
    told = " ".join(part for part in (rules.filled(words, gaps=gaps), coupon) if part)
    return _("(AD) %(words)s To get no more: %(stop)s") % {"words": told, "stop": links.stop(said["stop"])}


def text_to_approve(wording: Wording, shop: Shop, *, language: str, has_coupon: bool) -> str:
    """A text message as it is handed in for approval, with {1}, {2} … for what differs from person to person.

    The name in front is handed in by itself. Of the two addresses only what tells people apart is a gap: carriers in
    China approve no gap that is an address.
    """
    words = wording.words_zh if language == "zh" else wording.words_en
    order = rules.text_gaps(words, has_coupon=has_coupon)
    # An address would have the brackets of a gap written in another way.
    marks = {name: f"{{{place}}}" if name not in _TOKENS else f"-gap-{place}-" for place, name in enumerate(order, 1)}
    with translation.override(LANGUAGES[language]):
        return _MARK.sub(r"{\1}", text_of(words, shop, marks))


def cost_minor(shop_code: str, wording: Wording, *, channel: Channel, has_coupon: bool) -> int:
    """What one message is likely to cost, in minor units: the text in the longer of its languages. Two statements.

    A name is taken to have four signs, a coupon's sentence thirty.
    """
    shop, each = shops.shop(shop_code), terms(shop_code)
    if channel is Channel.EMAIL:
        return each.cost_minor(channel)
    likely = _LIKELY | {"coupon": _LIKELY_COUPON if has_coupon else ""}
    counted = []
    for language, words in (("zh", wording.words_zh), ("en", wording.words_en)):
        with translation.override(LANGUAGES[language]):
            counted.append(segments(f"【{shop.name}】{text_of(words, shop, likely)}"))
    return each.cost_minor(channel, segments=max(counted))
