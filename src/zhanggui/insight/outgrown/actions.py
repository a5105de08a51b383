"""Publishing the lake, so that ClickHouse, Spark and Trino read the files that the shop reads itself."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import deltalake
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions
from django.db import transaction

from zhanggui.base import clock
from zhanggui.insight.lake.actions import locks
from zhanggui.insight.outgrown.errors import AnotherDisk
from zhanggui.insight.outgrown.queries.published import location, pieces, unsettled_days
from zhanggui.insight.outgrown.rules import TABLES, Change, Piece, change, schema

# How long a reader of an older version finds its files, as other writers of Delta keep them.
KEPT: Final = timedelta(days=7)
_ONE_DISK: Final = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A table as it stands now.

    version  Delta's number, counted up by every change
    added    how many files came in; removed, how many went out
    """

    table: str
    path: Path
    version: int
    files: int
    added: int
    removed: int


def publish(shop: str, *, today: date) -> tuple[Published, ...]:
    """Publish a shop's closed days as Delta tables: the events, each daily table, who walked under which ids, and the
    numbers by which daily tables speak of people.

    No byte is copied: a published file is a second name of the lake's, so that the lake may merge and sweep as it likes
    and a version stays whole for a week after it was replaced. Each table moves by one commit of its own. A day that
    changed late is published anew once its daily tables are; until then its last version stands. Nobody else publishes
    the shop meanwhile; if somebody is at it, nothing is done.

    today    the shop's business day that is not over
    refuses  AnotherDisk
    """
    with transaction.atomic():
        if not locks.take(f"publish/{shop}", wait=False):
            return ()
        unsettled = unsettled_days(shop)
        wanted = pieces(shop, today=today, unsettled=unsettled)
        return tuple(
            _publish(location(shop, table), table, wanted[table], unsettled)
            for table in TABLES
            if wanted[table] or location(shop, table).exists()
        )


def _publish(folder: Path, table: str, wanted: list[Piece], unsettled: frozenset[date]) -> Published:
    if not deltalake.DeltaTable.is_deltatable(str(folder)):
        return _begin(folder, table, wanted)
    delta = deltalake.DeltaTable(folder)
    if deltalake.Schema.from_arrow(schema(table)) != delta.schema():
        return _begin(folder, table, wanted)
    found = change(_standing(delta), {piece.name: piece for piece in wanted}, unsettled=unsettled)
    if found:
        _commit(delta, folder, table, found)
        delta.vacuum(retention_hours=round(KEPT / timedelta(hours=1)), dry_run=False)
    return _said(delta, folder, table, added=len(found.added), removed=len(found.removed))


def _begin(folder: Path, table: str, wanted: list[Piece]) -> Published:
    """A new table, or the same with other columns; whoever reads an older version still finds it."""
    _link(folder, wanted)
    create_table_with_add_actions(
        str(folder), deltalake.Schema.from_arrow(schema(table)), [_add(piece) for piece in wanted], mode="overwrite"
    )
    return _said(deltalake.DeltaTable(folder), folder, table, added=len(wanted), removed=0)


def _commit(delta: deltalake.DeltaTable, folder: Path, table: str, found: Change) -> None:
    _link(folder, found.added)
    now_ms = clock.micros(clock.now()) // 1000
    gone = [RemoveAction(path=name, data_change=True, deletion_timestamp=now_ms) for name in found.removed]
    delta.create_write_transaction(
        [*map(_add, found.added), *gone], "append", deltalake.Schema.from_arrow(schema(table))
    )


def _standing(delta: deltalake.DeltaTable) -> dict[str, date | None]:
    """The files of the last version, each with its first day."""
    columns = delta.get_add_actions(flatten=True)
    names = columns["path"].to_pylist()
    days = columns["min.day"].to_pylist() if "min.day" in columns.schema.names else [None] * len(names)
    return dict(zip(names, days, strict=True))


def _link(folder: Path, wanted: Iterable[Piece]) -> None:
    """Give the files a second name; one that has it already was linked by a run that was killed before its commit."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for piece in wanted:
        try:
            with suppress(FileExistsError):
                os.link(piece.path, folder / piece.name)
        except OSError as error:
            if error.errno in _ONE_DISK:
                raise AnotherDisk(path=folder, reason=error.strerror or str(error)) from error
            raise


def _add(piece: Piece) -> AddAction:
    return AddAction(
        path=piece.name,
        size=piece.size_bytes,
        partition_values={},
        modification_time=clock.micros(piece.added_at) // 1000,
        data_change=True,
        stats=piece.stats,
    )


def _said(delta: deltalake.DeltaTable, folder: Path, table: str, *, added: int, removed: int) -> Published:
    files = len(delta.file_uris())
    return Published(table=table, path=folder, version=delta.version(), files=files, added=added, removed=removed)
