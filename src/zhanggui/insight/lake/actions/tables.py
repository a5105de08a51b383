"""Writing the answer to a question as a file of the lake."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhanggui.insight.lake.actions import files
from zhanggui.insight.lake.errors import LakeFull, LakeUnwritable
from zhanggui.insight.lake.queries import engine

# Daily tables are read many times for each time that they are made; of the log there is much.
FAST: Final = "lz4_raw"
SMALL: Final = "zstd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A file that stands; none was kept if it has no rows."""

    rows: int
    size_bytes: int


def copy(sql: str, to: Path, *, wanted_bytes: int, compression: str = FAST) -> Copied:
    """Write the rows of a question to a durable file.

    compression   FAST to read, or SMALL
    wanted_bytes  about how large it will be, for a message when there is no room
    refuses       LakeFull, LakeUnwritable, LakeBroken; then no file is left
    """
    draft = files.draft_of(to)
    try:
        return keep(lambda draft: _copy(sql, draft, compression), to=to, wanted_bytes=wanted_bytes)
    except engine.failure() as error:
        raise _explained(error, sql=sql, draft=draft, wanted_bytes=wanted_bytes) from error


def keep(write: Callable[[Path], int], *, to: Path, wanted_bytes: int) -> Copied:
    """Have a file written under another name, and make it durable if it has rows.

    write    is given that name and says how many rows it wrote; whatever it raises but OSError goes on
    refuses  LakeFull, LakeUnwritable; then no file is left
    """
    draft = files.draft_of(to)
    with ExitStack() as undo:
        undo.callback(files.discard, [draft])
        try:
            files.make_folder(to.parent)
            rows = write(draft)
        except OSError as error:
            raise files.failure(error, path=to, wanted_bytes=wanted_bytes) from error
        if not rows:
            return Copied(rows=0, size_bytes=0)
        undo.pop_all()
    return Copied(rows=rows, size_bytes=files.settle(to))


def _copy(sql: str, draft: Path, compression: str) -> int:
    target = engine.quoted(str(draft))
    written = f"copy ({sql}) to {target} (format parquet, compression {compression})"
    (row,) = engine.connection().execute(written).fetchall()
    return int(row[0])


def _explained(error: Exception, *, sql: str, draft: Path, wanted_bytes: int) -> Exception:
    meant = engine.explained(error, sql)
    if isinstance(meant, LakeFull):
        return LakeFull(path=draft, wanted_bytes=wanted_bytes)
    if meant is error and str(draft) in str(error):
        return LakeUnwritable(path=draft, wanted_bytes=wanted_bytes, reason=str(error).splitlines()[0])
    return meant
