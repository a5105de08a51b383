"""Under which ids people walked: kept as a small file that every reading of events looks into.

The rows themselves are never changed, so that whoever was taken for somebody else can be parted again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import F

from zhanggui.base import clock, ids
from zhanggui.insight.lake.actions import files, locks
from zhanggui.insight.lake.actions.segments import mark_days
from zhanggui.insight.lake.models import Alias, RollupFile
from zhanggui.insight.lake.queries import engine, places
from zhanggui.insight.lake.queries.relations import as_written
from zhanggui.insight.lake.rules import NO_DAY, PEOPLE, Walked

# In the order of aliases, so that two who rename the same wait for each other and never in a circle.
_RENAME = """
insert into insight_lake_alias (shop, alias, person, until_us, generation, told)
select %s, alias, person, until_us, 1, 0
from json_to_recordset(%s::json) t(alias varchar, person varchar, until_us bigint) order by alias
on conflict on constraint insight_lake_alias_once do update
set person = excluded.person, until_us = excluded.until_us, generation = insight_lake_alias.generation + 1
where (insight_lake_alias.person, insight_lake_alias.until_us)
    is distinct from (excluded.person, excluded.until_us)
"""

_TELL = """
update insight_lake_alias a set told = t.generation
from unnest(%s::bigint[], %s::bigint[]) t(id, generation) where a.id = t.id and a.told < t.generation
"""


def rename(shop: str, walked: Mapping[str, Walked | None]) -> None:
    """Say whose rows those of some ids are, in the caller's transaction; the daily tables follow within seconds.

    walked  by alias; None: the rows are the alias's own again
    """
    if not walked:
        return
    rows = [
        {"alias": alias, "person": one.person if one else "", "until_us": one.until_us if one else None}
        for alias, one in walked.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RENAME, [shop, msgspec.json.encode(rows).decode()])


def fold() -> int:
    """Bring the map of each shop up to what was renamed, and mark the days in which those ids walked; how many ids."""
    shops = Alias.objects.filter(told__lt=F("generation")).values_list("shop", flat=True).distinct()
    return sum(_fold(shop) for shop in sorted(shops))


def _fold(shop: str) -> int:
    with transaction.atomic():
        if not locks.take(f"people/{shop}", wait=False):
            return 0
        untold = list(Alias.objects.filter(shop=shop, told__lt=F("generation")).order_by("id"))
        days = _days_of(shop, [one.alias for one in untold])
        _replace_map(shop)
        mark_days(shop, days)
        with connection.cursor() as cursor:
            cursor.execute(_TELL, [[one.pk for one in untold], [one.generation for one in untold]])
    return len(untold)


def _days_of(shop: str, aliases: Sequence[str]) -> list[date]:
    """The business days on which any of these ids walked."""
    found = engine.ask(
        f"select distinct day from {as_written(shop, date.min, date.max)}"
        " where person in (select unnest(?::varchar[])) order by day",
        [list(aliases)],
    )
    return [day for (day,) in found]


def _replace_map(shop: str) -> None:
    """The map as it stands in the table, as a new file in the place of the old one."""
    live = RollupFile.objects.filter(shop=shop, name=PEOPLE, retired_at=None)
    live.update(retired_at=clock.now())
    rows = list(
        Alias.objects.filter(shop=shop).exclude(person="").order_by("alias").values_list("alias", "person", "until_us")
    )
    if not rows:
        return
    alias, person, until_us = zip(*rows, strict=True)
    table = pa.table(
        {
            "alias": pa.array(alias, pa.string()),
            "person": pa.array(person, pa.string()),
            "until_us": pa.array(until_us, pa.int64()),
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    payload, id = memoryview(sink.getvalue()), ids.uuid7()
    files.keep(places.rollup_path(shop=shop, name=PEOPLE, id=id), payload)
    RollupFile.objects.create(
        id=id,
        shop=shop,
        name=PEOPLE,
        version=1,
        first_day=NO_DAY,
        last_day=NO_DAY,
        rows=len(rows),
        size_bytes=len(payload),
        added_at=clock.now(),
    )
