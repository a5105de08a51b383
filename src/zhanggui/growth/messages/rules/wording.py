"""The words of a message in both languages, with gaps, and how they become a letter."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages.errors import WordingUnfit

GAPS: Final = ("name", "coupon", "link", "shop")
LONGEST_SUBJECT: Final = 100
LONGEST_WORDS: Final = 4_000
# Longer text messages are sent, and paid, as several.
LONGEST_SMS: Final = 300
LONGEST_PATH: Final = 200
_GAP: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a message says, in plain text; its purpose is always marketing.

    subject_zh, subject_en  of a mail; a text message needs none
    words_zh, words_en      with the gaps {name}, {coupon}, {link} and {shop}
    path                    the page of the shop to which {link} leads, such as /cart/
    """

    subject_zh: str = ""
    subject_en: str = ""
    words_zh: str
    words_en: str
    path: str = "/"

    def checked(self, *, channel: Channel, has_coupon: bool) -> Wording:
        """The wording itself.

        refuses  WordingUnfit with the field, and whether it is missing, long, a gap that nothing fills or no path
        """
        for field in ("subject_zh", "subject_en") if channel is Channel.EMAIL else ():
            _check(field, getattr(self, field), longest=LONGEST_SUBJECT, has_coupon=has_coupon)
        longest = LONGEST_WORDS if channel is Channel.EMAIL else LONGEST_SMS
        for field in ("words_zh", "words_en"):
            _check(field, getattr(self, field), longest=longest, has_coupon=has_coupon)
        if not is_path(self.path):
            raise WordingUnfit(field="path", reason="path")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where the links of a letter lead, by its token; whole addresses.

    page  through which the shop is entered, so that the click is known
    stop  where the person withdraws the consent
    """

    page: Callable[[str], str]
    stop: Callable[[str], str]


def is_path(path: str) -> bool:
    """Whether it is a page of the shop itself, so that a link can lead nowhere else.

    source  /cart/ is one; https://elsewhere/ and //elsewhere/ are none, nor is one with a backslash
    """
    parts = urlsplit(path)
    is_local = not parts.scheme and not parts.netloc and path.startswith("/") and not path.startswith("//")
    return is_local and "\\" not in path and path.isprintable() and " " not in path and len(path) <= LONGEST_PATH


def filled(words: str, *, gaps: dict[str, str]) -> str:
    """Words with their gaps filled; what fills a gap is never read for gaps again.

    source  "{name}, see {link}" with Lin and https://x/ -> "Lin, see https://x/"
    """
    return _GAP.sub(lambda found: gaps[found[1]], words)


def text_gaps(words: str, *, has_coupon: bool) -> tuple[str, ...]:
    """What differs from person to person in a text message, each once, in the order in which it comes.

    source  "{name}，{shop}：{link}" with a coupon that it does not name -> name, link, coupon, stop
    """
    named = tuple(name for name in dict.fromkeys(_GAP.findall(words)) if name != "shop")
    added = ("coupon",) if has_coupon and "coupon" not in named else ()
    return (*named, *added, "stop")


def template_of(wording: Wording, *, has_coupon: bool) -> str:
    """The name under which a carrier of text messages knows a wording: other words have another one."""
    said = "\0".join((wording.words_zh, wording.words_en, "coupon" if has_coupon else ""))
    return f"campaign-{hashlib.blake2b(said.encode(), digest_size=4).hexdigest()}"


def has_gap(words: str, gap: str) -> bool:
    """Whether words have that gap."""
    return gap in _GAP.findall(words)


def tagged(path: str, *, channel: Channel, campaign: str, step: str) -> str:
    """A page of the shop with what tells later that a message led there.

    source  /cart/, email, autumn, play-7 ->
            /cart/?utm_source=messages&utm_medium=email&utm_campaign=autumn&utm_content=play-7
    """
    parts = urlsplit(path)
    marks = {"utm_source": "messages", "utm_medium": channel.value, "utm_campaign": campaign, "utm_content": step}
    said = urlencode(marks)
    query = f"{parts.query}&{said}" if parts.query else said
    return parts._replace(query=query).geturl()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A letter as it looks: what it says, by itself.

    shop       whose letter it is; language, zh or en
    words      with their gaps filled; the address of the page stands in them as it is
    coupon     in a sentence; empty if none goes along, or if the words name it
    page, stop the addresses behind its two links
    goods      SKUs that it shows, the first ones first
    """

    shop: str
    language: str
    subject: str
    words: str
    coupon: str
    page: str
    stop: str
    goods: tuple[str, ...]


def _check(field: str, words: str, *, longest: int, has_coupon: bool) -> None:
    if not words.strip():
        raise WordingUnfit(field=field, reason="missing")
    if len(words) > longest:
        raise WordingUnfit(field=field, reason="long")
    allowed = {gap for gap in GAPS if gap != "coupon" or has_coupon}
    strange = [gap for gap in _GAP.findall(words) if gap not in allowed]
    if strange:
        raise WordingUnfit(field=field, reason="gap")
