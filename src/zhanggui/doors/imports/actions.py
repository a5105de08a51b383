"""Bringing files in: read, sort, take in chunk by chunk, roll."""

from __future__ import annotations

import errno
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import duckdb
from django.db import InterfaceError, OperationalError, connection

from zhanggui.base import clock
from zhanggui.base.home import home, shelf
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops import queries as shops_known
from zhanggui.base.shops.errors import NoSuchShop, ShopDiffers, ZoneUnknown
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.imports import refusals, reports
from zhanggui.doors.imports.documents import Outlook
from zhanggui.doors.imports.errors import DatabaseGone, FileMissing, NoRoom, ShopIsOwn
from zhanggui.doors.imports.reports import Outcome, Report
from zhanggui.doors.imports.sources.source import Laid, Source
from zhanggui.doors.imports.stage import Stage, clear_away
from zhanggui.doors.imports.watching import Silent, Step, Watch
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.errors import LakeFull
from zhanggui.insight.sources import actions as sources
from zhanggui.insight.sources import queries as sources_known
from zhanggui.insight.sources.errors import ImportMoved, NoSuchImport
from zhanggui.insight.sources.rules import ImportState, Known, Plan, Tally, import_id_of

CHUNK_LINES = 100_000
_EXAMPLES = 10
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_SAID = ("No space left on device", "Disk quota exceeded", "max_temp_directory_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One file on its way."""

    source: Source
    shop: Shop
    import_id: str
    began: float
    watch: Watch


@contextmanager
def explained() -> Iterator[None]:
    """A full disk and a database that is gone, as what they mean to an import.

    fails  NoRoom, DatabaseGone
    """
    try:
        yield
    except (OperationalError, InterfaceError) as gone:
        raise DatabaseGone(reason=str(gone).splitlines()[0] if str(gone) else type(gone).__name__) from gone
    except LakeFull as full:
        raise NoRoom(path=str(full.path)) from full
    except duckdb.Error as trouble:
        if any(said in str(trouble) for said in _FULL_SAID):
            raise NoRoom(path=str(home())) from trouble
        raise
    except OSError as trouble:
        if trouble.errno in _FULL:
            raise NoRoom(path=str(home())) from trouble
        raise


@explained()
def bring_in(
    files: Sequence[Source],
    *,
    shop: Shop,
    by: Actor,
    dry_run: bool = False,
    watch: Watch | None = None,
    chunk_lines: int = CHUNK_LINES,
) -> tuple[Report, ...]:
    """Take files in, one after the other, each whole orders at a time; what is in already is not counted again.

    shop         that they go into; opened if it does not stand yet
    dry_run      say what would happen and change nothing
    chunk_lines  about how many lines are taken in at once; an import that was begun keeps its own
    refuses      ShopIsOwn, ShopDiffers, ShopBusy, and what the sources refuse; files before that one are in
    fails        NoRoom, DatabaseGone; the same call goes on where it stopped
    """
    watch = watch or Silent()
    clear_away(shelf("imports"))
    _see_that_it_fits(shop)
    done: list[Report] = []
    before: list[Known] = []
    with _alone(shop, is_rehearsal=dry_run):
        for source in files:
            task = _Task(
                source=source,
                shop=shop,
                import_id=_import_id(source, shop),
                began=time.monotonic(),
                watch=watch,
            )
            if dry_run:
                done.append(_rehearse(task, before, chunk_lines, is_last=source is files[-1]))
            else:
                done.append(_take_in(task, by, chunk_lines))
        if not dry_run:
            watch.begin(Step.ROLLING, title=shop.code, total=0)
            lake.roll(shop.code)
    return tuple(done)


@contextmanager
def _alone(shop: Shop, *, is_rehearsal: bool) -> Iterator[None]:
    if is_rehearsal:
        yield
        return
    with sources.alone_in(shop.code):
        yield


def _see_that_it_fits(shop: Shop) -> None:
    """Refuse before anything is read.

    refuses  ShopIsOwn, ShopDiffers, ZoneUnknown
    """
    try:
        clock.zone(shop.zone)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as unknown:
        raise ZoneUnknown(zone=shop.zone) from unknown
    with suppress(NoSuchShop):
        stands = shops_known.shop(shop.code)
        if stands.kind is ShopKind.OWN:
            raise ShopIsOwn(shop=shop.code)
        if (stands.zone, stands.currency) != (shop.zone, shop.currency):
            raise ShopDiffers(code=shop.code, zone=stands.zone, currency=stands.currency)


def _import_id(source: Source, shop: Shop) -> str:
    digest = hashlib.blake2b()
    for path in source.files():
        try:
            with path.open("rb") as file:
                digest.update(f"{path.name}\n".encode() if len(source.files()) > 1 else b"")
                digest.update(hashlib.file_digest(file, "blake2b").digest())
        except OSError as refused:
            raise FileMissing(path=str(path), reason=refused.strerror or str(refused)) from refused
    return import_id_of(shop=shop.code, source=source.name, reading=source.asked, content_digest=digest.hexdigest())


def _rehearse(task: _Task, before: list[Known], chunk_lines: int, *, is_last: bool) -> Report:
    """Say what would be taken in; files before this one count as taken in."""
    with Stage(sources_known.folder_of(task.import_id)) as stage:
        laid, outlook = _read(stage, task, before, chunk_lines)
        before += [] if is_last else task.source.documents_of(stage)
        examples = refusals.examples(stage, laid.parts, most=_EXAMPLES)
    return _report(task, laid, outlook, outcome=Outcome.DRY_RUN, refused_file=None, examples=examples)


def _take_in(task: _Task, by: Actor, chunk_lines: int) -> Report:
    """Take one file in, or go on with it."""
    state = _state_of(task.import_id)
    if state is not None and state.tally is not None:
        refused_file = sources_known.refused_file(task.import_id)
        return reports.of_state(
            state,
            state.tally,
            shop=task.shop,
            refused_file=str(refused_file or ""),
            seconds=time.monotonic() - task.began,
        )
    folder = sources_known.folder_of(task.import_id)
    with _noted(task.import_id), Stage(folder) as stage:
        laid, outlook = _read(stage, task, (), state.plan.chunk_lines if state else chunk_lines)
        shops.open_shop(shop=task.shop)
        state = sources.begin(plan=_plan(task, laid, state, chunk_lines), chunks=outlook.chunks)
        refused_file = refusals.write(stage, laid.parts, folder=folder)
        _take_chunks(stage, task, state, outlook)
        sources.finish(import_id=task.import_id, tally=_tally(outlook, task.shop), by=by)
        examples = refusals.examples(stage, laid.parts, most=_EXAMPLES)
    return _report(task, laid, outlook, outcome=Outcome.TAKEN_IN, refused_file=refused_file, examples=examples)


def _read(stage: Stage, task: _Task, before: Sequence[Known], chunk_lines: int) -> tuple[Laid, Outlook]:
    task.watch.begin(Step.READING, title=task.source.title, total=0)
    laid = task.source.lay_out(stage, task.shop)
    task.watch.begin(Step.SORTING, title=task.source.title, total=0)
    known = sources_known.known(shop=task.shop.code, besides=task.import_id)
    task.source.judge(stage, task.shop, known=known, before=before, chunk_lines=chunk_lines)
    return laid, task.source.outlook(stage, task.shop)


def _take_chunks(stage: Stage, task: _Task, state: ImportState, outlook: Outlook) -> None:
    received_us = clock.micros(state.started_at)
    lines = sum(outlook.chunk_weights[: state.chunk])
    task.watch.begin(Step.TAKING_IN, title=task.source.title, total=sum(outlook.chunk_weights), done=lines)
    for chunk in range(state.chunk, outlook.chunks):
        events = task.source.events_of(stage, task.shop, chunk=chunk, received_us=received_us)
        written = lake.write(events, shop=task.shop.code) if events.num_rows else ()
        try:
            sources.take(
                import_id=task.import_id,
                chunk=chunk,
                written=written,
                known=task.source.documents_of(stage, chunk=chunk),
            )
        except ImportMoved:
            lake.discard(written)
            raise
        lines += outlook.chunk_weights[chunk]
        task.watch.move(lines)


def _plan(task: _Task, laid: Laid, state: ImportState | None, chunk_lines: int) -> Plan:
    if state is not None:
        return state.plan
    return Plan(
        id=task.import_id,
        shop=task.shop.code,
        source=task.source.name,
        name=task.source.title,
        reading=laid.reading,
        byte_count=sum(path.stat().st_size for path in task.source.files()),
        chunk_lines=chunk_lines,
    )


def _tally(outlook: Outlook, shop: Shop) -> Tally:
    return Tally(
        line_count=outlook.line_count,
        orders=outlook.orders,
        facts=outlook.facts,
        refused_rows=outlook.refused_rows,
        differing=len(outlook.differing),
        amount_minor=outlook.amount_minor,
        currency=shop.currency,
        buckets=outlook.buckets,
    )


def _report(
    task: _Task,
    laid: Laid,
    outlook: Outlook,
    *,
    outcome: Outcome,
    refused_file: Path | None,
    examples: tuple[refusals.Example, ...],
) -> Report:
    return reports.of_outlook(
        outlook,
        import_id=task.import_id,
        outcome=outcome,
        file=task.source.title,
        shop=task.shop,
        reading=laid.reading,
        refused_file=str(refused_file or ""),
        refused_examples=examples,
        writing=laid.writing,
        seconds=time.monotonic() - task.began,
    )


def _state_of(import_id: str) -> ImportState | None:
    try:
        return sources_known.import_of(import_id)
    except NoSuchImport:
        return None


@contextmanager
def _noted(import_id: str) -> Iterator[None]:
    """If it cannot go on, write down why, as far as the database can still be reached."""
    try:
        yield
    except (OSError, duckdb.Error, LakeFull, OperationalError, InterfaceError) as trouble:
        with suppress(OperationalError, InterfaceError):
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            sources.stop(import_id=import_id, error=str(trouble) or type(trouble).__name__)
        raise
