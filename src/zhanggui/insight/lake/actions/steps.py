"""The daily table of steps from arrays: it has as many rows as the log, which holds its texts as places in short lists,
and so they are written again without looking at any text.

Gives the rows that the table's declaration gives, several times as fast; people stand in order within each row group.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhanggui.base.errors import Unreachable
from zhanggui.insight.lake.actions import tables
from zhanggui.insight.lake.actions.desk import people_here
from zhanggui.insight.lake.actions.tables import Copied
from zhanggui.insight.lake.errors import LakeBroken
from zhanggui.insight.lake.queries import engine
from zhanggui.insight.lake.rules import is_step

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

_TEXTS: Final = ("name", "sku", "category", "page", "session", "device", "channel", "region")
_READ: Final = ("day", "person", "ts_us", "lines", *_TEXTS)
_COLUMNS: Final = ("day", "person", "ts_us", "step", *_TEXTS[1:])
_GROUP_ROWS: Final = 122_880
_THREADS: Final = 2
_FOR_GOOD: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Walkers:
    """Who walked under which ids, by numbers.

    person, number           everybody's, one for one, in the order of persons
    alias, whose, until_us   ids under which somebody else walked, and up to when
    """

    person: pa.Array
    number: pa.Array
    alias: pa.Array
    whose: pa.Array
    until_us: pa.Array

    def numbers(self, people: pa.DictionaryArray, ts_us: Whole) -> Numbers:
        """Who did each, 0 for nobody."""
        listed, places = people.dictionary, people.indices.to_numpy()
        own = self._numbers(listed)
        if not len(self.alias):
            return np.asarray(own[places], np.int32)
        at = pc.index_in(listed, value_set=self.alias)
        until_us = self.until_us.fill_null(_FOR_GOOD).take(at).fill_null(-_FOR_GOOD).to_numpy(zero_copy_only=False)
        others = self._numbers(self.whose.take(at).fill_null(""))
        return np.asarray(np.where(ts_us < until_us[places], others[places], own[places]), np.int32)

    def _numbers(self, people: pa.Array) -> Numbers:
        """A row group holds few of all people, and those stand together in their order."""
        ends = pc.min_max(people)
        start = bisect_left(range(len(self.person)), ends["min"].as_py(), key=self._person)
        end = bisect_right(range(len(self.person)), ends["max"].as_py(), key=self._person)
        at = pc.index_in(people, value_set=self.person[start:end])
        return np.asarray(self.number[start:end].take(at).fill_null(0).to_numpy(zero_copy_only=False), np.int32)

    def _person(self, place: int) -> str:
        return str(self.person[place])


def walkers(people: Path | None) -> Walkers:
    """Everybody at hand, and who walked under which ids.

    people  the file that says so; none if everybody walks under their own
    """
    here = engine.ask_table(f"select person, number from {people_here()} order by person")
    nobody = "select ''::varchar as alias, ''::varchar as person, 0::bigint as until_us where false"
    walked = engine.ask_table(f"from {engine.reading([people])}" if people else nobody)
    return Walkers(
        person=_strings(here["person"]),
        number=here["number"].combine_chunks(),
        alias=_strings(walked["alias"]),
        whose=_strings(walked["person"]),
        until_us=walked["until_us"].combine_chunks(),
    )


def write(paths: Sequence[Path], to: Path, *, walkers: Walkers, wanted_bytes: int) -> Copied:
    """Write the steps of some segments to a durable file. No event may stand in them twice.

    wanted_bytes  about how large it will be, for a message when there is no room
    refuses       LakeFull, LakeUnwritable, LakeBroken; then no file is left
    """
    try:
        return tables.keep(lambda draft: _write(paths, draft, walkers), to=to, wanted_bytes=wanted_bytes)
    except (pa.ArrowException, Unreachable) as error:
        for path in paths:
            if reason := engine.damage(path):
                raise LakeBroken(path=path, reason=reason) from error
        raise


def _strings(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()


def _write(paths: Sequence[Path], draft: Path, walkers: Walkers) -> int:
    rows = 0
    with (
        pq.ParquetWriter(
            draft,
            pa.schema([("day", pa.date32()), ("person", pa.int32()), ("ts_us", pa.int64()), *map(_text, _COLUMNS[3:])]),
            compression="lz4",
            use_dictionary=["day", *_COLUMNS[3:]],
            column_encoding={"ts_us": "DELTA_BINARY_PACKED"},
            write_statistics=["day", "person"],
            store_schema=False,
        ) as writer,
        ThreadPoolExecutor(_THREADS) as pool,
    ):
        for steps in pool.map(lambda groups: _steps(_read(groups), walkers), _together(paths)):
            rows += len(steps)
            if len(steps):
                writer.write_table(steps, row_group_size=max(len(steps), 1))
    return rows


def _text(name: str) -> tuple[str, pa.DataType]:
    return name, pa.dictionary(pa.int32(), pa.string())


def _together(paths: Sequence[Path]) -> Iterator[list[tuple[Path, int]]]:
    """Row groups of files, as many as make one of ours."""
    taken: list[tuple[Path, int]] = []
    rows = 0
    for path in paths:
        footer = pq.read_metadata(path)
        for place in range(footer.num_row_groups):
            taken.append((path, place))
            rows += footer.row_group(place).num_rows
            if rows >= _GROUP_ROWS:
                yield taken
                taken, rows = [], 0
    if taken:
        yield taken


def _read(groups: Sequence[tuple[Path, int]]) -> pa.Table:
    by_path: dict[Path, list[int]] = {}
    for path, place in groups:
        by_path.setdefault(path, []).append(place)
    parts = []
    for path, places in by_path.items():
        with pq.ParquetFile(path, read_dictionary=[*_TEXTS, "person"]) as file:
            parts.append(file.read_row_groups(places, columns=list(_READ), use_threads=False))
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def _steps(events: pa.Table, walkers: Walkers) -> pa.Table:
    if not len(events):
        return events
    column = {name: events[name].chunk(0) for name in events.column_names}
    people = walkers.numbers(column["person"], column["ts_us"].to_numpy())
    is_wanted = _fits(column["name"], is_step) & _fits(column["device"], lambda device: device != "bot")
    if not people.all():
        sessions = column["session"]
        is_wanted &= (people != 0) | pc.not_equal(sessions.dictionary, "").to_numpy(False)[sessions.indices.to_numpy()]
    counts = np.asarray(pc.list_value_length(column["lines"]).fill_null(0).to_numpy(zero_copy_only=False), np.int64)
    rows = np.flatnonzero(is_wanted)
    if counts[rows].any():
        return _by_line(column, people, rows, counts)
    return _taken(column, people, rows[np.argsort(people[rows], kind="stable")])


def _fits(column: pa.DictionaryArray, fits: Callable[[str], bool]) -> Flags:
    found = np.array([fits(text) for text in column.dictionary.to_pylist()], bool)
    return np.asarray(found[column.indices.to_numpy()], bool)


def _taken(column: dict[str, pa.Array], people: Numbers, rows: Whole) -> pa.Table:
    at = pa.array(rows)
    parts = {name: column[name].take(at) for name in ("day", "ts_us", *_TEXTS)}
    parts |= {"person": pa.array(people[rows]), "step": parts.pop("name")}
    return pa.table([parts[name] for name in _COLUMNS], names=list(_COLUMNS))


def _by_line(column: dict[str, pa.Array], people: Numbers, rows: Whole, counts: Whole) -> pa.Table:
    """What is about several goods is a row for each of them."""
    plain, about = rows[counts[rows] == 0], rows[counts[rows] > 0]
    each = np.repeat(about, counts[about])
    lines = pc.list_flatten(column["lines"].take(pa.array(about)))
    split = _taken(column, people, each)
    for name in ("sku", "category"):
        told = pc.struct_field(lines, name).fill_null("").dictionary_encode()
        split = split.set_column(_COLUMNS.index(name), name, told)
    steps = pa.concat_tables([_taken(column, people, plain), split]).unify_dictionaries().combine_chunks()
    order = np.lexsort((np.concatenate((plain, each)), steps["person"].to_numpy()))
    return steps.take(pa.array(order))
