"""Opening and closing sources, and writing down what was not kept."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.shops import queries as shops
from zhanggui.doors.ingest import queries
from zhanggui.doors.ingest.errors import NoSuchSource
from zhanggui.doors.ingest.models import Refusal, Source
from zhanggui.spine.sightings.rules.columns import ShopTerms
from zhanggui.spine.sightings.rules.reasons import Refusal as RefusedEvent

KEPT_FOR = timedelta(days=30)
MOST_NAMES = 100
OTHER_NAMES = "…"

# One statement, the unique constraint decides. The newest sample stands.
_NOTE = """
insert into doors_ingest_refusal (shop, day, reason, name, count, sample, first_at, last_at)
select %s, %s, t.reason, t.name, t.count, t.sample, %s, %s
from unnest(%s::varchar[], %s::varchar[], %s::bigint[], %s::text[]) as t(reason, name, count, sample)
on conflict on constraint doors_ingest_refusal_once do update
set count = doors_ingest_refusal.count + excluded.count, sample = excluded.sample, last_at = excluded.last_at
"""


@operation
def open_source(*, shop: str, name: str) -> str:
    """Let somebody send events for a shop; returns the write key, which is shown this once.

    refuses  NoSuchShop
    """
    shops.shop(shop)
    key = f"wk_{secrets.token_hex(20)}"
    fields = {
        "key_digest": queries.digest_of(key),
        "key_ending": key[-4:],
        "is_active": True,
        "made_at": clock.now(),
    }
    Source.objects.update_or_create(shop=shop, name=name, defaults=fields)
    return key


@operation
def close_source(*, source_id: int) -> None:
    """Take no more events under that key; what came is kept. Other processes follow within half a minute.

    refuses  NoSuchSource
    """
    if not Source.objects.filter(pk=source_id).update(is_active=False):
        raise NoSuchSource(source_id=source_id)


def note_refusals(refused: Sequence[RefusedEvent], *, shop: ShopTerms, at: datetime) -> None:
    """Write down what was not kept, in the caller's transaction; a flood of it grows counts, not rows.

    A day keeps at most 100 names per reason, the rest under one sign; a month later it is forgotten.
    """
    day = clock.day_of(at, shop.zone)
    named = _few_names(refused, shop=shop.code, day=day)
    counts = Counter((event.reason.value, name) for event, name in named)
    samples = {(event.reason.value, name): event.sample for event, name in named}
    keys = sorted(counts)
    reasons, names = [reason for reason, _ in keys], [name for _, name in keys]
    numbers, shown = [counts[key] for key in keys], [samples[key] for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [shop.code, day, at, at, reasons, names, numbers, shown])
    Refusal.objects.filter(day__lt=day - KEPT_FOR).delete()


def _few_names(refused: Sequence[RefusedEvent], *, shop: str, day: date) -> list[tuple[RefusedEvent, str]]:
    known: dict[str, set[str]] = {}
    for reason, name in Refusal.objects.filter(shop=shop, day=day).values_list("reason", "name"):
        known.setdefault(reason, set()).add(name)
    named = []
    for event in refused:
        names = known.setdefault(event.reason.value, set())
        if len(names) < MOST_NAMES:
            names.add(event.name)
        named.append((event, event.name if event.name in names else OTHER_NAMES))
    return named
