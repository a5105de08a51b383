"""What a URL, a referrer and a user agent tell of a visit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

DIRECT, REFERRAL, SEARCH, SOCIAL = "direct", "referral", "organic_search", "organic_social"
PAID_SEARCH, PAID_SOCIAL, DISPLAY, AFFILIATE = "paid_search", "paid_social", "display", "affiliate"
EMAIL, SMS, PUSH = "email", "sms", "push"
CHANNELS: Final = frozenset(
    (DIRECT, REFERRAL, SEARCH, SOCIAL, PAID_SEARCH, PAID_SOCIAL, DISPLAY, AFFILIATE, EMAIL, SMS, PUSH)
)
PAID_CHANNELS: Final = frozenset({PAID_SEARCH, PAID_SOCIAL, DISPLAY, AFFILIATE})

PHONE, TABLET, DESKTOP, BOT = "phone", "tablet", "desktop", "bot"
DEVICES: Final = (PHONE, TABLET, DESKTOP, BOT)

# A click id in a landing page's address, and the channel whose advertisements add it.
CLICK_IDS: Final = {
    "gclid": PAID_SEARCH,
    "gbraid": PAID_SEARCH,
    "wbraid": PAID_SEARCH,
    "msclkid": PAID_SEARCH,
    "yclid": PAID_SEARCH,
    "bd_vid": PAID_SEARCH,
    "dclid": DISPLAY,
    "ttclid": PAID_SOCIAL,
    "twclid": PAID_SOCIAL,
    "li_fat_id": PAID_SOCIAL,
    "gdt_vid": PAID_SOCIAL,
    "qz_gdt": PAID_SOCIAL,
    "clickid": PAID_SOCIAL,
    # Added to every link that leaves Facebook, whether or not it was paid for.
    "fbclid": SOCIAL,
}
UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id")
KEPT_PARAMETERS: Final = frozenset((*UTM, *CLICK_IDS))

_SEARCH_SITES = re.compile(
    r"(^|\.)(google|bing|baidu|sogou|so|sm|yandex|duckduckgo|ecosia|qwant|naver|yahoo|haosou|toutiao)"
    r"\.[a-z]{2,3}(\.[a-z]{2})?$"
)
_SOCIAL_SITES = re.compile(
    r"(^|\.)(facebook|instagram|twitter|x|t|linkedin|lnkd|pinterest|reddit|youtube|tiktok|weibo|douyin|xiaohongshu|xhslink|"
    r"zhihu|bilibili|b23|kuaishou|douban|qzone|weixin|wechat)(\.qq)?\.(com|cn|co|in|tv|net|me)(\.[a-z]{2})?$"
)
_SEARCH_NAMES = re.compile(r"google|bing|baidu|sogou|360|shenma|yandex|duckduckgo|toutiao", re.I)
_SOCIAL_NAMES = re.compile(
    r"facebook|instagram|twitter|^x$|tiktok|weibo|douyin|xiaohongshu|^xhs$|red(note)?$|wechat|weixin|zhihu|bilibili|kuaishou|"
    r"pinterest|linkedin|youtube|reddit|moments",
    re.I,
)
# In order: what a medium says first decides.
_MEDIA: Final = (
    (re.compile(r"e-?mail|edm|newsletter", re.I), EMAIL),
    (re.compile(r"sms|mms", re.I), SMS),
    (re.compile(r"push|notification|app|wecom|message", re.I), PUSH),
    (re.compile(r"affiliates?|cps|commission", re.I), AFFILIATE),
    (re.compile(r"display|banner|cpm|interstitial|expandable", re.I), DISPLAY),
    (re.compile(r"paid[ _-]?social", re.I), PAID_SOCIAL),
    (re.compile(r".*cpc.*|cpa|cpv|ppc|paid.*|retargeting|sem|ads?|feed", re.I), PAID_SEARCH),
    (re.compile(r"social.*|sm|kol|koc|live|short.?video", re.I), SOCIAL),
    (re.compile(r"organic|seo|search", re.I), SEARCH),
    (re.compile(r"referral|link", re.I), REFERRAL),
)

_BOT = re.compile(
    r"bot|crawl|spider|slurp|headless|lighthouse|preview|monitor|pingdom|uptime|scrape|facebookexternalhit|phantomjs|"
    r"selenium|curl/|wget/|python-|httpx|aiohttp|java/|go-http|libwww|node-fetch|axios",
    re.I,
)
_CUBOT_PHONE = re.compile(r"cubot", re.I)
_TABLET = re.compile(r"ipad|tablet|playbook|silk|kindle|^mozilla.*android(?!.*mobile)", re.I)
_PHONE = re.compile(r"mobi|iphone|ipod|android|windows phone", re.I)
_DESKTOP = re.compile(r"windows nt|macintosh|x11|cros|linux", re.I)


@lru_cache(maxsize=8192)
def device_of(user_agent: str) -> str:
    """The class of device behind a user agent: phone, tablet, desktop, bot; empty if it does not say."""
    if not user_agent:
        return ""
    if _BOT.search(_CUBOT_PHONE.sub("", user_agent)):
        return BOT
    for pattern, device in ((_TABLET, TABLET), (_PHONE, PHONE), (_DESKTOP, DESKTOP)):
        if pattern.search(user_agent):
            return device
    return ""


def parameters_of(url: str) -> Mapping[str, str]:
    """The campaign parameters and click ids of an address or a query string; nothing else of it."""
    query = url.partition("#")[0].partition("?")[2]
    try:
        pairs = parse_qsl(query, max_num_fields=200)
    except ValueError:
        return {}
    return {name: value for name, value in reversed(pairs) if name in KEPT_PARAMETERS}


def path_of(url: str) -> str:
    """The path of an address; empty if it has none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """The host name of an address, in lower case; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def channel_of(parameters: Mapping[str, str], *, referrer: str, own_host: str) -> str:
    """What brought a visitor to a landing page: utm parameters, else click id, else referrer, else nothing did.

    parameters  of the landing page's address, as `parameters_of` gives them
    own_host    of the shop; a step inside the shop is no arrival and has no channel
    returns     one of CHANNELS, or empty for a step inside the shop
    source      metrics.md, organic_share: utm → click id → referrer → direct
    """
    source, medium = (parameters.get(name, "").strip() for name in ("utm_source", "utm_medium"))
    if source or medium:
        return _of_campaign(source, medium)
    for name in parameters:
        if name in CLICK_IDS:
            return CLICK_IDS[name]
    host = host_of(referrer)
    if not host:
        return DIRECT
    return "" if host == own_host.removeprefix("www.") else _of_site(host)


def is_marked(parameters: Mapping[str, str]) -> bool:
    """Whether a landing page's address says itself what brought its visitor."""
    return any(name in CLICK_IDS or name in ("utm_source", "utm_medium") for name in parameters)


@lru_cache(maxsize=4096)
def _of_campaign(source: str, medium: str) -> str:
    is_social = _SOCIAL_NAMES.search(source) is not None
    for pattern, channel in _MEDIA:
        if pattern.fullmatch(medium):
            return PAID_SOCIAL if channel == PAID_SEARCH and is_social else channel
    if is_social:
        return SOCIAL
    return SEARCH if _SEARCH_NAMES.search(source) else REFERRAL


@lru_cache(maxsize=4096)
def _of_site(host: str) -> str:
    if _SEARCH_SITES.search(host):
        return SEARCH
    return SOCIAL if _SOCIAL_SITES.search(host) else REFERRAL
