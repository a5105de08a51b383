"""The daily tables of sessions and of visits from arrays: what a run says that is all of its session stands in them as
it is, and only the rest is put together by SQL before.

Gives the rows that the tables' declarations give, several times as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhanggui.insight.lake.actions.batches import GROUP_ROWS
from zhanggui.insight.lake.actions.walkers import Whole
from zhanggui.insight.lake.rules import SESSIONS, VISITS

_TEXTS: Final = ("channel", "campaign", "device", "region")
_ADDED: Final = ("pv", "product_views", "adds", "checkouts")
_OF_VISITS: Final = ("day", "person", *_TEXTS, *_ADDED, "visited_us")
# The same of parts, and whether each is in a session.
ASKED_OF_PARTS: Final = f"""
select {", ".join(_OF_VISITS)}, (session <> '')::bigint as sessions from parts where visited_us is not null"""
_LISTED: Final = pa.dictionary(pa.int32(), pa.string())
# A word has room for so many.
MOST_CODES: Final = 2**63
# Names of sessions are chance: nothing is found to save in them, and looking took a third of writing a session.
_LOOSE: Final = ("session",)
_LAST: Final = np.iinfo(np.int32).max


def sessions_of(alone: pa.Table, others: pa.Table | None) -> pa.Table:
    """The rows of sessions, day by day.

    alone   runs that are all of their session, day by day
    others  the rows of all other sessions, if there are any
    """
    names = [name for name, _ in SESSIONS.columns]
    seen = alone.filter(pc.greater(alone["sightings"], alone["orders"])).select(names)
    # Hardly a session stands twice: its name is no place in a list.
    told = {"session": seen["session"].cast(pa.string()), "landing_page": seen["landing_page"].fill_null("")}
    seen = pa.table({name: told.get(name, seen[name]) for name in names})
    if not others:
        return seen
    others = others.cast(seen.schema).sort_by("day")
    days = np.unique(np.concatenate([_days(seen), _days(others)]))
    return pa.concat_tables(_of_day(rows, day) for day in days for rows in (seen, others)).unify_dictionaries()


def visits_of(alone: pa.Table, parts: pa.Table | None) -> pa.Table:
    """The rows of visits, sorted.

    alone  runs that are all of their session
    parts  of all other sessions and of none, as ASKED_OF_PARTS says them, if there are any
    """
    whole = alone.select(_OF_VISITS).append_column("sessions", pa.array(np.ones(len(alone), np.int64)))
    seen = whole.filter(pc.is_valid(whole["visited_us"]))
    told = pa.concat_tables([seen, parts.cast(seen.schema)]) if parts else seen
    told = told.unify_dictionaries().combine_chunks()
    days, people = _days(told), told["person"].to_numpy()
    visits = _coded([days - days.min(initial=_LAST), people, *(_ranks(told[name]) for name in _TEXTS)])
    order = np.argsort(visits, kind="stable")
    starts = np.flatnonzero(np.diff(visits[order], prepend=-1))
    kept = told.select(["day", "person", *_TEXTS]).take(pa.array(order[starts]))
    added = {name: np.add.reduceat(told[name].to_numpy()[order], starts) for name in ("sessions", *_ADDED)}
    added["first_ts_us"] = np.minimum.reduceat(told["visited_us"].to_numpy()[order], starts)
    made = {name: kept[name] for name in kept.column_names} | {name: pa.array(one) for name, one in added.items()}
    return pa.table({name: made[name] for name, _ in VISITS.columns})


def write(rows: pa.Table, draft: Path) -> int:
    """Write the rows of a daily table to a file; how many there are."""
    columns = [field.with_nullable(False) for field in rows.schema]
    pq.write_table(
        rows.cast(pa.schema(columns)),
        draft,
        compression={one.name: "none" if one.name in _LOOSE else "lz4" for one in columns},
        row_group_size=GROUP_ROWS,
        use_dictionary=["day", *_ADDED, "sessions", "orders", *(one.name for one in columns if one.type == _LISTED)],
        write_statistics=["day", "person"],
        store_schema=False,
    )
    return int(rows.num_rows)


def _of_day(rows: pa.Table, day: int) -> pa.Table:
    start, end = np.searchsorted(_days(rows), [day, day + 1])
    return rows.slice(start, end - start)


def _days(rows: pa.Table) -> Whole:
    return np.asarray(rows["day"].combine_chunks().view(pa.int32()).to_numpy(), np.int64)


def _ranks(column: pa.ChunkedArray) -> Whole:
    """The place of each text among all of them in their order."""
    texts = column.combine_chunks()
    return np.asarray(pc.rank(texts.dictionary, tiebreaker="dense").to_numpy()[texts.indices.to_numpy()], np.int64)


def _coded(keys: Sequence[Whole]) -> Whole:
    """A number for each row, that sorts as its keys do: equal where these are. None of them is below 0."""
    codes, count = np.zeros(len(keys[0]), np.int64), 1
    for key in keys:
        size = int(key.max(initial=0)) + 1
        if count * size > MOST_CODES:
            codes = np.unique(codes, return_inverse=True)[1]
            count = len(codes)
        codes, count = codes * size + key, count * size
    return codes
