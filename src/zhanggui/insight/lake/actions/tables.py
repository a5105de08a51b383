"""Writing the answer to a question as a file of the lake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from zhanggui.insight.lake.actions import files
from zhanggui.insight.lake.errors import LakeFull, LakeUnwritable
from zhanggui.insight.lake.queries import engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A file that stands; none was kept if it has no rows."""

    rows: int
    size_bytes: int


def copy(sql: str, *, to: Path, wanted_bytes: int) -> Copied:
    """Write the rows of a question to a durable file.

    wanted_bytes  about how large it will be, for a message when there is no room
    refuses       LakeFull, LakeUnwritable, LakeBroken; then no file is left
    """
    draft = files.draft_of(to)
    try:
        files.make_folder(to.parent)
        rows = _copy(sql, draft)
    except OSError as error:
        raise files.failure(error, path=to, wanted_bytes=wanted_bytes) from error
    except duckdb.Error as error:
        files.discard([draft])
        raise _explained(error, sql=sql, draft=draft, wanted_bytes=wanted_bytes) from error
    if not rows:
        files.discard([draft])
        return Copied(rows=0, size_bytes=0)
    return Copied(rows=rows, size_bytes=files.settle(to))


def _copy(sql: str, draft: Path) -> int:
    target = engine.quoted(str(draft))
    (row,) = engine.connection().execute(f"copy ({sql}) to {target} (format parquet, compression zstd)").fetchall()
    return int(row[0])


def _explained(error: duckdb.Error, *, sql: str, draft: Path, wanted_bytes: int) -> Exception:
    meant = engine.explained(error, sql)
    if isinstance(meant, LakeFull):
        return LakeFull(path=draft, wanted_bytes=wanted_bytes)
    if meant is error and str(draft) in str(error):
        return LakeUnwritable(path=draft, wanted_bytes=wanted_bytes, reason=str(error).splitlines()[0])
    return meant
