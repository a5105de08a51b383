"""What a request says about a visit: channel, device, language, and whether the visitor wants to be left alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

# Names of search and social sites as they stand in a host name, between dots.
_SEARCH: Final = frozenset(
    ("baidu", "google", "bing", "sogou", "so", "sm", "yandex", "duckduckgo", "yahoo", "naver", "ecosia")
)
_SOCIAL: Final = frozenset(
    (
        *("weibo", "xiaohongshu", "xhslink", "douyin", "zhihu", "bilibili", "kuaishou", "douban", "weixin", "wechat"),
        *("facebook", "instagram", "tiktok", "pinterest", "reddit", "twitter", "t", "x", "youtube", "linkedin"),
    )
)
# Second-level names that say nothing by themselves: example.co.uk, example.com.cn.
_COMMON: Final = frozenset(("com", "co", "net", "org", "gov", "edu", "ac"))
_PAID_MEDIA: Final = frozenset(("cpc", "ppc", "paid", "cpm", "sem", "ads", "display", "paidsearch", "paid_social"))
_OWN_MEDIA: Final = {"email": "email", "edm": "email", "sms": "sms", "push": "push", "affiliate": "affiliate"}
# Marks that advertising systems add to a link.
_PAID_CLICKS: Final = {
    "gclid": "paid_search",
    "bd_vid": "paid_search",
    "msclkid": "paid_search",
    "fbclid": "paid_social",
    "ttclid": "paid_social",
    "qz_gdt": "paid_social",
    "clickid": "paid_social",
}
_PLAIN: Final = re.compile(r"[^\w.\- ]+")
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LONGEST: Final = 60
# Of what need not lie in stock.
ENDLESS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a session came from.

    channel   direct, organic_search, organic_social, paid_search, paid_social, email, sms, push, affiliate or referral
    campaign  the campaign's own name, empty if none
    """

    channel: str
    campaign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page says of a stock: the exact pieces below `up_to`, else that there are so many at least."""

    units: int
    up_to: int

    def is_still(self, free_units: int) -> bool:
        """Whether a page would say the same of so many pieces."""
        return self.units == min(free_units, self.up_to)


def origin_of(*, query: Mapping[str, str], referrer: str, host: str) -> Origin:
    """Where a visit came from: the link's own marks, then a click id, then the page before, then nothing.

    query     of the address that was opened
    referrer  the Referer header, empty if none
    host      our own, which is no referrer
    source    shared definition of organic_share: utm, then click id, then referrer, then direct
    """
    campaign = _plain(query.get("utm_campaign", ""))
    medium, source = _plain(query.get("utm_medium", "")).lower(), _plain(query.get("utm_source", "")).lower()
    if medium or source:
        return Origin(channel=_marked(medium, source), campaign=campaign)
    for click, channel in _PAID_CLICKS.items():
        if query.get(click):
            return Origin(channel=channel, campaign=campaign)
    return Origin(channel=_referred(referrer, host), campaign=campaign)


def is_marked(query: Mapping[str, str]) -> bool:
    """Whether an address carries a mark of where its opener came from."""
    return any(query.get(name) for name in ("utm_source", "utm_medium", *_PAID_CLICKS))


@lru_cache(maxsize=1024)
def device_of(user_agent: str) -> str:
    """The kind of device: phone, tablet, desktop, or bot; empty if nothing was said."""
    said = user_agent.lower()
    if not said:
        return ""
    if re.search(r"bot\b|spider|crawl|slurp|headless|lighthouse|curl/|python-|wget/", said):
        return "bot"
    if "ipad" in said or "tablet" in said or ("android" in said and "mobile" not in said):
        return "tablet"
    return "phone" if "mobi" in said or "iphone" in said or "android" in said else "desktop"


@lru_cache(maxsize=1024)
def language_of(*, chosen: str, accepts: str) -> str:
    """The language of a page: the chosen one, else Chinese for whoever reads it before English, else English.

    chosen   of the language cookie, empty if none
    accepts  the Accept-Language header; languages that we do not speak are passed over
    """
    if chosen in ("zh-hans", "en"):
        return chosen
    wanted: list[tuple[float, str]] = []
    for part in accepts.lower().split(",")[:12]:
        tag, _, weight = part.strip().partition(";q=")
        family = tag.split("-")[0]
        if family in ("zh", "en"):
            wanted.append((_weight(weight), family))
    best = max(wanted, key=lambda one: one[0], default=(0.0, "en"))
    return "zh-hans" if best[1] == "zh" and best[0] > 0 else "en"


def wants_no_trace(*, gpc: str, dnt: str) -> bool:
    """Whether the browser asks for no tracking: Global Privacy Control or Do Not Track."""
    return gpc.strip() == "1" or dnt.strip() == "1"


def as_uuid(text: str) -> UUID | None:
    """The id that a form or cookie carries; None if it is none."""
    if not _ID.fullmatch(text):
        return None
    return UUID(text)


def parted(summary: str) -> tuple[str, str]:
    """A product's summary as problem and solution: it asks, then answers; without a question all is solution.

    source   "绿茶一泡就苦？嫩芽三泡仍甜。" -> ("绿茶一泡就苦？", "嫩芽三泡仍甜。")
    """
    asked = re.match(r"(.*?[？?])\s*(.+)", summary, re.DOTALL)
    return (asked[1], asked[2]) if asked else ("", summary)


def free_units(parts: Sequence[tuple[str, int]], seen: Mapping[str, Seen]) -> int:
    """How many pieces can be had: as many as the scarcest part allows; without parts there is no end of them.

    parts   SKUs and units that must lie in stock for one piece
    seen    the stock of each of them
    source  7 cups and 12 spoons, of which a set takes 1 and 2 -> 6 sets
    """
    return max(min((seen[sku].units // units for sku, units in parts), default=ENDLESS), 0)


def _marked(medium: str, source: str) -> str:
    if medium in _OWN_MEDIA:
        return _OWN_MEDIA[medium]
    is_social = source in _SOCIAL or "social" in medium
    if medium in _PAID_MEDIA:
        return "paid_social" if is_social else "paid_search"
    if is_social:
        return "organic_social"
    return "organic_search" if source in _SEARCH or medium == "organic" else "referral"


def _referred(referrer: str, host: str) -> str:
    try:
        came_from = urlsplit(referrer).hostname or ""
    except ValueError:
        return "direct"
    if not came_from or came_from == host.split(":")[0]:
        return "direct"
    names = came_from.split(".")[:-1]
    site = next((name for name in reversed(names) if name not in _COMMON), "")
    if site in _SEARCH:
        return "organic_search"
    return "organic_social" if site in _SOCIAL or "weixin" in names else "referral"


def _plain(text: str) -> str:
    return _PLAIN.sub("", text).strip()[:_LONGEST]


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.\d{1,3})?", text) else 1.0
