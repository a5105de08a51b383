"""Documents of a file (orders, credit notes, products, reviews): which are new, and in which chunk each goes whole.

What a source of orders leaves in the workbench:

document  key, at_us, weight, digest                      all of them, weight in lines
fate      part, key, bucket, line_count, amount, is_told  all lines of the file, each counted once
refused   part, row, reason                               lines that wait to be mended
orders, refunds, pieces, products, reviews                what is told of them (see `facts`)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from zhanggui.doors.imports import facts
from zhanggui.doors.imports.stage import Stage, literal
from zhanggui.insight.sources.rules import Bucket, Known

KNOWN, DIFFERS = "known", "differs"

# Key, moment, digest; a product that comes back with other words is told anew, an order is not.
_VERDICTS = """
create or replace table verdict as
select d.*, case
        when k.digest is null then 'new'
        when replace(k.digest, '-', '') = d.digest then 'known'
        when d.key like 'products/%' then 'new'
        else 'differs'
    end as verdict
from (
    select key, at_us, weight, digest,
        ((sum(weight) over (order by at_us, key rows unbounded preceding) - weight) // {chunk_lines})::integer as chunk
    from document
) d left join known k using (key)
"""

_BUCKETS = """
select part, case v.verdict when 'known' then 'known' when 'differs' then 'differs' else bucket end as name,
    sum(line_count)::bigint, sum(amount), bool_or(is_told and coalesce(v.verdict, 'new') = 'new')
from fate left join verdict v using (key)
group by all
order by part, bool_or(is_told and coalesce(v.verdict, 'new') = 'new') desc, 3 desc, name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What an import would bring, before it brings anything.

    chunks        of whole documents, in the order of time
    chunk_weights lines in each
    amount_minor  orders told, refunds taken off
    first_day, last_day  None if nothing would be told
    told          how often each fact
    """

    chunks: int
    chunk_weights: tuple[int, ...]
    line_count: int
    orders: int
    facts: int
    refused_rows: int
    differing: tuple[str, ...]
    amount_minor: int
    first_day: date | None
    last_day: date | None
    told: tuple[tuple[str, int], ...]
    buckets: tuple[Bucket, ...]


def remember(stage: Stage, known: Iterable[bytes]) -> None:
    """Have what earlier imports brought in the workbench, as they are handed over: CSV `key,digest` in pieces."""
    path = stage.folder / "known.csv"
    with path.open("wb") as file:
        file.writelines(known)
    stage.run(f"""
        create or replace table known as select * from read_csv({literal(str(path))}, auto_detect = false,
            header = false, columns = {{'key': 'VARCHAR', 'digest': 'VARCHAR'}}, quote = '"', escape = '"')
    """)


def also_known(stage: Stage, documents: Sequence[Known]) -> None:
    """Have these documents count as known too: those of the files that go before in a dry run."""
    columns = {"key": [one.key for one in documents], "digest": [one.digest for one in documents]}
    stage.keep("before", pa.table(columns, schema=pa.schema([("key", pa.string()), ("digest", pa.string())])))
    stage.run("delete from known where key in (select key from before)")
    stage.run("insert into known select * from before")


def judge(stage: Stage, *, chunk_lines: int) -> None:
    """Say of every document whether it is new, and put it whole into a chunk.

    chunk_lines  about how many lines a chunk has; chunks depend on the file alone, so that a second run cuts the same
    """
    stage.run(_VERDICTS.format(chunk_lines=int(chunk_lines)))


def outlook(stage: Stage, *, zone: str) -> Outlook:
    """Count what would be brought."""
    weights = tuple(n for (n,) in stage.rows("select sum(weight)::bigint from verdict group by chunk order by chunk"))
    orders, amount = stage.one("""
        select count(*), coalesce(sum(amount_minor), 0)::bigint from orders join verdict using (key)
        where verdict = 'new'
    """)
    (back,) = stage.one("""
        select coalesce(sum(amount_minor), 0)::bigint from refunds join verdict using (key) where verdict = 'new'
    """)
    told, first, last = facts.counts(stage, zone=zone)
    differing = stage.rows("select key from verdict where verdict = 'differs' order by at_us, key")
    (lines,) = stage.one("select coalesce(sum(line_count), 0)::bigint from fate")
    (refused,) = stage.one("select count(*) from refused")
    return Outlook(
        chunks=len(weights),
        chunk_weights=weights,
        line_count=lines,
        orders=orders,
        facts=sum(told.values()),
        refused_rows=refused,
        differing=tuple(key.removeprefix("orders/") for (key,) in differing),
        amount_minor=amount - back,
        first_day=first,
        last_day=last,
        told=tuple(told.items()),
        buckets=_buckets(stage),
    )


def documents_of(stage: Stage, *, chunk: int | None = None) -> list[Known]:
    """What the lake knows once a chunk, or all of them, is in it."""
    rows = stage.rows(
        "select key, digest from verdict where chunk = coalesce(?, chunk) and verdict = 'new' order by key", [chunk]
    )
    return [Known(key=key, digest=digest) for key, digest in rows]


def _buckets(stage: Stage) -> tuple[Bucket, ...]:
    return tuple(
        Bucket(part=part, name=name, line_count=lines, amount=amount, is_told=bool(is_told))
        for part, name, lines, amount, is_told in stage.rows(_BUCKETS)
    )
