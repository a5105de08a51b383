"""Reading sources and refusals."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.ingest.models import Refusal, Source
from zhanggui.spine.sightings.rules.columns import ShopTerms
from zhanggui.spine.sightings.rules.reasons import WORDS, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """A sender, as the console shows it; the key itself is known to nobody but the sender."""

    id: int
    shop: str
    name: str
    key_ending: str
    is_active: bool
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEvents:
    """Events that were not kept.

    words   what is wrong with them, in English, to be translated
    sample  the last of them, as JSON, cut, without what would name a person
    """

    day: date
    reason: str
    words: str
    name: str
    count: int
    sample: str
    first_at: datetime
    last_at: datetime


def digest_of(key: str) -> bytes:
    """What is kept of a write key."""
    return hashlib.sha256(key.encode()).digest()


def shop_of_key(key: str) -> ShopTerms | None:
    """The shop that a write key sends for; None if nobody, or nobody any longer, has that key."""
    row = Source.objects.filter(key_digest=digest_of(key), is_active=True).first()
    return _terms(row.shop) if row else None


def own_shop(code: str) -> ShopTerms | None:
    """A shop of our own, whose pages need no key; None if it is another's."""
    return _terms(code, kind=ShopKind.OWN)


def sources(*, shop: str) -> tuple[SourceFacts, ...]:
    """All senders of a shop, by name."""
    return tuple(
        SourceFacts(
            id=row.pk,
            shop=row.shop,
            name=row.name,
            key_ending=row.key_ending,
            is_active=row.is_active,
            made_at=row.made_at,
        )
        for row in Source.objects.filter(shop=shop).order_by("name")
    )


def refused_events(*, shop: str, start: date, end: date, limit: int = 200) -> tuple[RefusedEvents, ...]:
    """What was not kept from `start` to before `end`, newest day and largest count first. Index: the unique one."""
    rows = Refusal.objects.filter(shop=shop, day__gte=start, day__lt=end).order_by("-day", "-count", "reason", "name")
    return tuple(
        RefusedEvents(
            day=row.day,
            reason=row.reason,
            words=WORDS[Reason(row.reason)],
            name=row.name,
            count=row.count,
            sample=row.sample,
            first_at=row.first_at,
            last_at=row.last_at,
        )
        for row in rows[:limit]
    )


def _terms(code: str, *, kind: ShopKind | None = None) -> ShopTerms | None:
    try:
        shop = shops.shop(code)
    except NoSuchShop:
        return None
    if kind is not None and shop.kind != kind:
        return None
    return ShopTerms(code=shop.code, zone=shop.zone, currency=shop.currency)
