"""What a request says about a visit: channel, device, language, and whether the visitor wants to be left alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from zhanggui.spine.sightings.rules import visits

_PLAIN: Final = re.compile(r"[^\w.\- ]+")
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LONGEST: Final = 60
# Of what need not lie in stock.
ENDLESS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a session came from.

    channel   one of `visits.CHANNELS`
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

    The rule is that of every sighting, so that a visit and what happens in it are of one channel; a visit that begins
    with a step inside the shop, because the one before it had run out, came by nothing.

    query     of the address that was opened
    referrer  the Referer header, empty if none
    host      our own, which is no referrer
    """
    channel = visits.channel_of(_marks(query), referrer=referrer, own_host=host.split(":")[0])
    return Origin(channel=channel or visits.DIRECT, campaign=_plain(query.get("utm_campaign", "")))


def is_marked(query: Mapping[str, str]) -> bool:
    """Whether an address carries a mark of where its opener came from."""
    return visits.is_marked(_marks(query))


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


def _marks(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name in visits.KEPT_PARAMETERS and value}


def _plain(text: str) -> str:
    return _PLAIN.sub("", text).strip()[:_LONGEST]


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.\d{1,3})?", text) else 1.0
