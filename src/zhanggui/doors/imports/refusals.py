"""Lines that make no sense: given back as they came, with where and why, in a file to mend and feed back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from django.utils.translation import gettext as _

from zhanggui.base.spreadsheets import MARK, plain
from zhanggui.doors.imports.files import guarding
from zhanggui.doors.imports.files.tables import Loaded, locate
from zhanggui.doors.imports.stage import Stage, literal, quoted
from zhanggui.insight.sources.queries import REFUSED_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A refused line, to be shown at once.

    line  as an editor counts
    """

    file: str
    line: int
    reason: str


def take_ragged(stage: Stage, loaded: Loaded, *, part: str, order_column: str | None) -> None:
    """Have the lines that did not fit into the columns as refusals, and know which orders they belong to.

    order_column  the column of the order's number, so that no order is taken in without one of its lines
    """
    place = loaded.columns.index(order_column) if order_column in loaded.columns else -1
    width = len(loaded.source.columns) if loaded.source else 0
    rows = loaded.ragged
    said = _("{count} fields instead of {width}")
    stage.keep(
        f"ragged_{part}",
        pa.table(
            {
                "line": pa.array([one.line for one in rows], pa.int64()),
                "fields": pa.array([list(one.fields) for one in rows], pa.list_(pa.string())),
                "doc": pa.array([_field(one.fields, place) for one in rows], pa.string()),
                "reason": pa.array([said.format(count=len(one.fields), width=width) for one in rows], pa.string()),
            }
        ),
    )
    if rows:
        stage.run("insert into refused select ?, null, reason from " + f"ragged_{part}", [part])
        stage.run("insert into fate values (?, '', 'refused', ?, null, false)", [part, len(rows)])


def examples(stage: Stage, parts: Mapping[str, Loaded], *, most: int) -> tuple[Example, ...]:
    """The first refused lines of every file."""
    found: list[Example] = []
    for part, loaded in parts.items():
        _gather(stage, loaded, part=part)
        rows = stage.rows(f"select _line, _reason from refused_{part} order by _line limit {most}")
        found += [Example(file=loaded.path.name, line=line, reason=reason) for line, reason in rows]
    return tuple(found[:most])


def write(stage: Stage, parts: Mapping[str, Loaded], *, folder: Path) -> Path | None:
    """Write the refused lines of an import; where they are, or None if there are none.

    One table's lines keep their own columns: mended, the file is fed back. Of a folder of tables it is a list of what
    to mend in the folder itself; fed back as a whole, what is in already is not counted again.
    """
    target = folder / REFUSED_FILE
    (count,) = stage.one("select count(*) from refused")
    if not count:
        target.unlink(missing_ok=True)
        return None
    listed: list[str] = []
    for part, loaded in parts.items():
        _gather(stage, loaded, part=part)
        if len(parts) == 1:
            own = [f"{guarding.plain(quoted(name))} as {quoted(plain(name))}" for name in loaded.columns]
        else:
            own = [f"{literal(plain(loaded.path.name))} as _file"]
        why = f"{guarding.plain('_reason')} as _reason"
        listed.append(f"select {', '.join(own)}, _line, {why} from refused_{part}")
    order = "_line" if len(parts) == 1 else "_file, _line"
    _export(stage, f"select * from ({' union all '.join(listed)}) order by {order}", target)
    return target


def _gather(stage: Stage, loaded: Loaded, *, part: str) -> None:
    """The refused lines of one table with their own columns, `_line` and `_reason`."""
    rows = stage.table("select distinct row from refused where part = ? and row is not null order by row", [part])
    lines = locate(stage, loaded, rows=rows["row"].combine_chunks())
    stage.keep("located", pa.table({"row": rows["row"], "line": lines}))
    own = ", ".join(quoted(name) for name in loaded.columns)
    ragged = ", ".join(f"{cell} as {quoted(name)}" for cell, name in _cells(loaded))
    stage.run(f"""
        create or replace temp table refused_{part} as
        select {own}, located.line as _line, why.reason as _reason
        from {loaded.table} join located on located.row = _row
        join (select row, string_agg(distinct reason, '; ' order by reason) as reason from refused
            where part = {literal(part)} group by row) why on why.row = _row
        union all select {ragged}, line, reason from ragged_{part}
    """)


def _cells(loaded: Loaded) -> list[tuple[str, str]]:
    """SQL for the cells of a line that did not fit, and their columns; what is too much stays in the last one."""
    written = loaded.source.columns if loaded.source else loaded.columns
    cells = [f"coalesce(fields[{written.index(name) + 1}], '')" for name in loaded.columns]
    cells[-1] = f"array_to_string(fields[{written.index(loaded.columns[-1]) + 1}:], ',')"
    return list(zip(cells, loaded.columns, strict=True))


def _export(stage: Stage, sql: str, target: Path) -> None:
    draft = stage.folder / "refused.draft"
    stage.run(f"copy ({sql}) to {literal(str(draft))} (format csv, header true)")
    marked = target.with_suffix(".draft")
    with draft.open("rb") as bare, marked.open("wb") as file:
        file.write(MARK.encode())
        shutil.copyfileobj(bare, file)
    marked.replace(target)


def _field(fields: tuple[str, ...], place: int) -> str | None:
    return fields[place] if 0 <= place < len(fields) else None
