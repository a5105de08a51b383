"""Reading what was imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import connection, transaction

from zhanggui.base.home import shelf
from zhanggui.insight.sources import models, rules
from zhanggui.insight.sources.errors import NoSuchImport

REFUSED_FILE = "refused.csv"

# Index insight_sources_known_pkey. Lines are put together by the server: a shop may have millions.
_KNOWN = """
select string_agg('"' || replace(key, '"', '""') || '",' || digest || chr(10), '')
from (
    select key, digest, row_number() over () / 2000 as page from insight_sources_known
    where shop = %s and import_id <> %s
) as paged
group by page
"""


def imports(*, shop: str | None = None) -> tuple[rules.ImportState, ...]:
    """All imports, of one shop or of all, the latest first. Index insight_sources_import_latest."""
    rows = models.Import.objects.order_by("-started_at", "id")
    return tuple(_states(rows if shop is None else rows.filter(shop=shop)))


def import_of(import_id: str) -> rules.ImportState:
    """One import.

    refuses  NoSuchImport
    """
    for state in _states(models.Import.objects.filter(pk=import_id)):
        return state
    raise NoSuchImport(import_id=import_id)


def folder_of(import_id: str) -> Path:
    """Where an import keeps what a person may want to see; made when something is put there."""
    return shelf("imports") / import_id


def refused_file(import_id: str) -> Path | None:
    """The lines of an import that wait to be mended, or None if there are none."""
    path = folder_of(import_id) / REFUSED_FILE
    return path if path.is_file() else None


def known(*, shop: str, besides: str) -> Iterator[bytes]:
    """What a shop's earlier imports brought, as CSV `"key",digest` in pieces of many lines.

    besides  the id of the import that asks: what it brought itself is not earlier
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_KNOWN, [shop, besides])
        for (piece,) in cursor:
            yield piece.encode()


def _states(rows: Iterable[models.Import]) -> Iterator[rules.ImportState]:
    found = list(rows)
    buckets = _buckets([row.pk for row in found if row.state == rules.State.DONE])
    return (_state(row, tuple(buckets[row.pk])) for row in found)


def _buckets(import_ids: list[str]) -> defaultdict[str, list[rules.Bucket]]:
    """Index insight_sources_bucket_once."""
    by_import: defaultdict[str, list[rules.Bucket]] = defaultdict(list)
    for row in models.Bucket.objects.filter(import_id__in=import_ids).order_by("import_id", "place"):
        by_import[row.import_id].append(
            rules.Bucket(
                part=row.part, name=row.name, line_count=row.line_count, amount=row.amount, is_told=row.is_told
            )
        )
    return by_import


def _state(row: models.Import, buckets: tuple[rules.Bucket, ...]) -> rules.ImportState:
    return rules.ImportState(
        plan=rules.Plan(
            id=row.pk,
            shop=row.shop,
            source=row.source,
            name=row.name,
            reading=row.reading,
            byte_count=row.byte_count,
            chunk_lines=row.chunk_lines,
        ),
        state=rules.State(row.state),
        chunk=row.chunk,
        chunks=row.chunks,
        started_at=row.started_at,
        moved_at=row.moved_at,
        ended_at=row.ended_at,
        error=row.error,
        tally=_tally(row, buckets) if row.state == rules.State.DONE else None,
    )


def _tally(row: models.Import, buckets: tuple[rules.Bucket, ...]) -> rules.Tally:
    return rules.Tally(
        line_count=row.line_count,
        orders=row.orders,
        facts=row.facts,
        refused_rows=row.refused_rows,
        differing=row.differing,
        amount_minor=row.amount_minor,
        currency=row.currency,
        buckets=buckets,
    )
