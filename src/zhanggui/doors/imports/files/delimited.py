"""CSV: header, delimiter, lines that do not fit, and which line of the file a row stands on."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhanggui.base import spreadsheets
from zhanggui.doors.imports.errors import FileBroken
from zhanggui.doors.imports.files import guarding
from zhanggui.doors.imports.files.texts import Text
from zhanggui.doors.imports.rules.mapping import bare
from zhanggui.doors.imports.stage import Stage, literal, quoted

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 1 << 20
# What a fed-back file of refused lines has besides its own columns.
OWN_COLUMNS = ("_line", "_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A CSV file whose header was read.

    name          of the file as it came, for messages
    columns       trimmed; a nameless one is called column_3, a second one of the same name name_2
    header_lines  lines down to the end of the header, of which blank_lines stand before it
    """

    path: Path
    name: str
    newlines: int
    delimiter: str
    columns: tuple[str, ...]
    header_lines: int
    blank_lines: int

    @property
    def is_ours(self) -> bool:
        """Whether it is a file of refused lines that is fed back: its cells are guarded against formulas."""
        return set(OWN_COLUMNS) <= set(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ragged:
    """A line with too few or too many fields.

    line    where it begins in the file, from 1
    fields  as far as they can be told apart
    """

    line: int
    fields: tuple[str, ...]


def look(text: Text, *, name: str, delimiter: str | None, unheaded: Sequence[Sequence[str]] = ()) -> Source:
    """Read the header.

    unheaded  the columns that such files have when they come without a header; one that has one names one of them
    refuses   FileBroken if there is none or a quote in it is never closed
    """
    with text.path.open(encoding="utf-8") as file:
        blank_lines, first = next(((place, line) for place, line in enumerate(file) if line.strip()), (0, ""))
    sign = delimiter or max(DELIMITERS, key=first.count)
    with text.path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=sign, strict=True)
        try:
            header = next((row for row in reader if any(cell.strip() for cell in row)), None)
        except csv.Error as wrong:
            raise FileBroken(path=name, reason=f"header: {wrong}") from wrong
        header_lines = reader.line_num
    if header is None:
        raise FileBroken(path=name, reason="empty")
    if set(OWN_COLUMNS) <= set(header):
        header = [spreadsheets.meant(name) for name in header]
    columns = _columns_of(header, unheaded)
    return Source(
        path=text.path,
        name=name,
        newlines=text.newlines,
        delimiter=sign,
        columns=columns or _named(header),
        header_lines=blank_lines if columns else header_lines,
        blank_lines=blank_lines,
    )


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of one line, parted by whatever parts it."""
    sign = max(DELIMITERS, key=line.count)
    if sign not in line:
        return tuple(line.split())
    return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=sign), []))


def read(stage: Stage, source: Source, *, table: str) -> tuple[Ragged, ...]:
    """Read all lines into a table, without `OWN_COLUMNS`; those that do not fit come back, with their line.

    refuses  FileBroken if a quote is never closed, or nothing stands below the header
    """
    kinds = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in source.columns)
    own = [quoted(name) for name in source.columns if name not in OWN_COLUMNS]
    wanted = ", ".join(f"{guarding.meant(name)} as {name}" if source.is_ours else name for name in own)
    stage.run(f"""
        create or replace table {table} as
        select row_number() over () - 1 as _row, {wanted} from read_csv({literal(str(source.path))},
            auto_detect = false, header = false, skip = {source.header_lines - source.blank_lines},
            columns = {{{kinds}}},
            delim = {literal(source.delimiter)}, quote = '"', escape = '"', strict_mode = true, nullstr = '',
            max_line_size = {LONGEST_LINE}, store_rejects = true, rejects_table = '{table}_rejected',
            rejects_scan = '{table}_scanned')
    """)
    rejected = stage.rows(f"""
        select line_byte_position - 1, first(csv_line), list(error_type::varchar) from {table}_rejected
        group by 1 order by 1
    """)
    (rows,) = stage.one(f"select count(*) from {table}")
    if not rows and not rejected:
        raise FileBroken(path=source.name, reason="header only")
    starts = _line_at(source, [start + _blank(raw) for start, raw, _ in rejected])
    return tuple(_ragged(source, line, raw, kinds) for line, (_, raw, kinds) in zip(starts, rejected, strict=True))


def lines_of(source: Source, *, rows: pa.Int64Array, ragged: Sequence[Ragged]) -> pa.Int64Array:
    """The line in which each row begins, from 1, as an editor counts."""
    last = int(np.max(rows.to_numpy())) if len(rows) else -1
    begins = np.array(_begins(source, {one.line for one in ragged}, upto=last + 1), dtype=np.int64)
    return pa.array(begins[rows.to_numpy()])


def _begins(source: Source, taken: set[int], *, upto: int) -> list[int]:
    """Where rows begin; blank lines are no rows, and neither are lines that did not fit."""
    with source.path.open(encoding="utf-8", newline="") as file:
        for _ in range(source.header_lines):
            next(file)
        reader = csv.reader(file, delimiter=source.delimiter)
        begins: list[int] = []
        before = source.header_lines
        for row in reader:
            if row and before + 1 not in taken:
                begins.append(before + 1)
            before = source.header_lines + reader.line_num
            if len(begins) == upto:
                break
    return begins


def _ragged(source: Source, line: int, raw: str, kinds: list[str]) -> Ragged:
    """A line that did not fit; what goes on over the end of its line means that a quote is open.

    refuses  FileBroken
    """
    is_open = "UNQUOTED VALUE" in kinds and "\n" in raw.strip("\r\n")
    if is_open or "LINE SIZE OVER MAXIMUM" in kinds:
        raise FileBroken(path=source.name, reason=f"quote:{line}")
    if "INVALID STATE" in kinds or "INVALID ENCODING" in kinds:
        raise FileBroken(path=source.name, reason=f"line {line}: {', '.join(kinds).lower()}")
    fields = next(islice(csv.reader([raw.strip("\r\n")], delimiter=source.delimiter), 1), [])
    return Ragged(line=line, fields=tuple(map(spreadsheets.meant, fields) if source.is_ours else fields))


def _blank(raw: str) -> int:
    """How many bytes of empty lines a line that did not fit drags along."""
    return len(raw) - len(raw.lstrip("\r\n"))


def _line_at(source: Source, starts: Sequence[int]) -> list[int]:
    """The lines in which these bytes of the file stand, from 1."""
    if not starts:
        return []
    content = np.memmap(source.path, dtype=np.uint8, mode="r")
    ends = np.flatnonzero(content == ord("\n" if source.newlines else "\r"))
    return [int(place) + 1 for place in np.searchsorted(ends, np.array(starts))]


def _columns_of(first: Sequence[str], unheaded: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The columns of a file whose first line is no header; empty if it is one, or nobody knows such a file."""
    cells = {bare(cell) for cell in first}
    fitting = (one for one in unheaded if len(one) == len(first) and not cells & {bare(name) for name in one})
    return tuple(next(fitting, ()))


def _named(header: Sequence[str]) -> tuple[str, ...]:
    names: list[str] = []
    for place, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column_{place}"
        again = sum(1 for other in names if other.lower() == name.lower())
        names.append(f"{name}_{again + 1}" if again else name)
    return tuple(names)
