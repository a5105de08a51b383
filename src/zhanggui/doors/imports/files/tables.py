"""A file as a table of text in the workbench, with the number of every row."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from zhanggui.doors.imports.errors import FileBroken, FileMissing, FormNotAccepted
from zhanggui.doors.imports.files import delimited, sheets, texts
from zhanggui.doors.imports.files.delimited import OWN_COLUMNS
from zhanggui.doors.imports.stage import Stage, literal, quoted

_JSON = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person said about how a file is written.

    fallback  the encoding that files of this kind had in their time
    unheaded  the columns of files of this kind that come without a header
    """

    encoding: str | None = None
    delimiter: str | None = None
    fallback: str | None = None
    unheaded: tuple[tuple[str, ...], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A file that stands in the workbench as a table: `_row` from 0, and its columns as text.

    form     parquet, xlsx, json or csv
    ragged   lines with too few or too many fields; they are not in the table
    """

    path: Path
    table: str
    form: str
    encoding: str
    columns: tuple[str, ...]
    rows: int
    ragged: tuple[delimited.Ragged, ...] = ()
    source: delimited.Source | None = None

    @property
    def said(self) -> str:
        """How the file was read, for a person."""
        return f"{self.path.name}: {self.form}, {self.encoding}" if self.encoding else f"{self.path.name}: {self.form}"


def load(stage: Stage, path: Path, *, table: str, wish: Wish) -> Loaded:
    """Read a file whole, whatever its form: the first bytes tell it, not its name.

    refuses  FileMissing, FileBroken, FormNotAccepted, EncodingUnclear
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as refused:
        raise FileMissing(path=str(path), reason=refused.strerror or str(refused)) from refused
    try:
        if head.startswith(b"PAR1"):
            return _parquet(stage, path, table)
        if head.startswith(b"PK\x03\x04"):
            written = sheets.as_csv(path, folder=stage.folder)
            return _csv(stage, path, table, texts.as_utf8(written, scratch=stage.folder), form="xlsx", wish=wish)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            raise FormNotAccepted(path=str(path), found="xls")
        text = texts.as_utf8(path, scratch=stage.folder, encoding=wish.encoding, fallback=wish.fallback)
        if path.suffix.lower() in _JSON:
            return _json(stage, path, table, text)
        return _csv(stage, path, table, text, form="csv", wish=wish)
    except (duckdb.InvalidInputException, duckdb.ConversionException) as wrong:
        raise FileBroken(path=str(path), reason=str(wrong).splitlines()[0]) from wrong


def head(path: Path) -> tuple[str, ...]:
    """The cells of a file's first line, or the names of its columns, without reading the rest.

    refuses  FileMissing, FileBroken
    """
    try:
        with path.open("rb") as file:
            mark = file.read(4)
    except OSError as refused:
        raise FileMissing(path=str(path), reason=refused.strerror or str(refused)) from refused
    if mark == b"PAR1":
        try:
            return tuple(pq.read_schema(path).names)
        except (pa.ArrowException, OSError) as wrong:
            raise FileBroken(path=str(path), reason=str(wrong).splitlines()[0]) from wrong
    if mark == b"PK\x03\x04":
        return tuple(sheets.header_of(path))
    return delimited.cells_of(texts.first_line(path))


def locate(stage: Stage, loaded: Loaded, *, rows: pa.Int64Array) -> pa.Int64Array:
    """The line of the file, as an editor counts, in which each of these rows begins."""
    if loaded.source is None:
        return pa.array([row + 1 for row in rows.to_pylist()], pa.int64())
    return delimited.lines_of(loaded.source, rows=rows, ragged=loaded.ragged)


def _csv(stage: Stage, path: Path, table: str, text: texts.Text, *, form: str, wish: Wish) -> Loaded:
    delimiter = wish.delimiter if form == "csv" else ","
    if delimiter == " " or (delimiter is None and texts.is_parted_by_blanks(text, delimiters=delimited.DELIMITERS)):
        text, delimiter = texts.with_commas(text, scratch=stage.folder), ","
    source = delimited.look(text, name=str(path), delimiter=delimiter, unheaded=wish.unheaded)
    ragged = delimited.read(stage, source, table=table)
    columns = tuple(name for name in source.columns if name not in OWN_COLUMNS)
    (rows,) = stage.one(f"select count(*) from {table}")
    encoding = text.encoding if form == "csv" else ""
    return Loaded(
        path=path,
        table=table,
        form=form,
        encoding=encoding,
        columns=columns,
        rows=rows,
        ragged=ragged,
        source=source,
    )


def _parquet(stage: Stage, path: Path, table: str) -> Loaded:
    return _typed(stage, path, table, f"read_parquet({literal(str(path))})", form="parquet", encoding="")


def _json(stage: Stage, path: Path, table: str, text: texts.Text) -> Loaded:
    reader = f"read_json({literal(str(text.path))}, sample_size = -1, maximum_depth = 1)"
    return _typed(stage, path, table, reader, form="json", encoding=text.encoding)


def _typed(stage: Stage, path: Path, table: str, reader: str, *, form: str, encoding: str) -> Loaded:
    described = stage.rows(f"describe select * from {reader}")
    names = [(name, kind) for name, kind, *_ in described if name not in OWN_COLUMNS]
    texts_of = ", ".join(f"{_as_text(quoted(name), kind)} as {quoted(name)}" for name, kind in names)
    stage.run(f"create or replace table {table} as select row_number() over () - 1 as _row, {texts_of} from {reader}")
    (rows,) = stage.one(f"select count(*) from {table}")
    if not rows:
        raise FileBroken(path=str(path), reason="empty")
    columns = tuple(name for name, _ in names)
    return Loaded(path=path, table=table, form=form, encoding=encoding, columns=columns, rows=rows)


def _as_text(column: str, kind: str) -> str:
    """Numbers as a person would type them: 17850 and 2.55, not 17850.0 and 2.5499999."""
    if kind in ("DOUBLE", "FLOAT"):
        exact = f"case when isfinite({column}) then try_cast({column} as decimal(28, 6))::varchar end"
        return f"regexp_replace({exact}, '\\.?0+$', '')"
    return f"json_extract_string({column}, '$')" if kind == "JSON" else f"{column}::varchar"
