"""Taking product files in: sent, tried by a job, agreed to, taken in by a job.

A job that was stopped is put on again and begins at the top of the file: what stands already changes nothing.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, QuerySet
from django.utils import translation

from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.base.home import shelf
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import models, ports, product_words
from zhanggui.doors.console.rules import Intake, IntakeState, Tallied
from zhanggui.shop.catalogue import actions
from zhanggui.shop.catalogue.actions import Tally
from zhanggui.shop.catalogue.rules.exchange import Fault, Row
from zhanggui.spine.log.rules import Trail

# A hundred thousand SKUs in both languages are about 60 MB.
MOST_BYTES: Final = 256_000_000
_KEPT_FOR: Final = timedelta(days=30)
_LINE, _WHY = "refused_line", "refused_why"


class Overtaken(Refused):
    """Another job was put on the file meanwhile; this one ends without a word."""

    id: str


def receive(*, shop: str, upload: UploadedFile[bytes], sent_by: str, language: str) -> UUID:
    """Keep a product file and have a job try it without writing; the id under which it is found."""
    id = ids.uuid7()
    with path_of(id).open("wb") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
    _note(id, shop=shop, upload=upload, sent_by=sent_by, language=language)
    return id


@operation
def _note(id: UUID, *, shop: str, upload: UploadedFile[bytes], sent_by: str, language: str) -> None:
    now = clock.now()
    for old in models.Intake.objects.filter(shop=shop, sent_at__lt=now - _KEPT_FOR):
        path_of(old.id).unlink(missing_ok=True)
        refused_path(old.id).unlink(missing_ok=True)
        old.delete()
    models.Intake.objects.create(
        id=id,
        shop=shop,
        name=(upload.name or "")[-120:],
        size_bytes=upload.size or 0,
        sent_by=sent_by,
        language=language,
        sent_at=now,
        moved_at=now,
        state=IntakeState.TRYING,
    )
    later(bring_in_products, id=str(id), run=1)


@operation
def agree(*, id: UUID, shop: str, sent_by: str) -> bool:
    """Have a job take a file in that was tried; False if it is not waiting for that."""
    tried = models.Intake.objects.filter(pk=id, shop=shop, state=IntakeState.TRIED)
    return _put_on(tried, id, state=IntakeState.TAKING, sent_by=sent_by)


@operation
def go_on(*, id: UUID, shop: str) -> bool:
    """Put another job on a file that stands still; False if nobody has to work on it."""
    running = models.Intake.objects.filter(pk=id, shop=shop, state__in=[IntakeState.TRYING, IntakeState.TAKING])
    return _put_on(running, id)


def _put_on(rows: QuerySet[models.Intake], id: UUID, **changes: str) -> bool:
    if not rows.update(run=F("run") + 1, begun_at=None, moved_at=clock.now(), **changes):
        return False
    later(bring_in_products, id=str(id), run=models.Intake.objects.values_list("run", flat=True).get(pk=id))
    return True


@job(name="console.bring_in_products", tries=4)
def bring_in_products(*, id: str, run: int) -> None:
    """Try a product file, or take it in, lot by lot; how far it is stands in its row."""
    row = models.Intake.objects.filter(pk=id, run=run, state__in=[IntakeState.TRYING, IntakeState.TAKING]).first()
    if row is None:
        return
    is_trial = row.state == IntakeState.TRYING
    try:
        tally = _brought_in(row, dry_run=is_trial)
    except Overtaken:
        return
    except Refused as refused:
        line = int(refused.data.get("line") or 0)
        _write(row, state=IntakeState.STOPPED, reason=type(refused).__name__, line=line)
        return
    _write(row, state=IntakeState.TRIED if is_trial else IntakeState.TAKEN, tally=msgspec.to_builtins(tally))
    if not is_trial:
        path_of(row.id).unlink(missing_ok=True)


def _brought_in(row: models.Intake, *, dry_run: bool) -> Tally:
    path = path_of(row.id)
    with ports.file_openers[0](path) as (form, rows):
        columns: dict[str, None] = {}
        total_rows = 0
        for one in rows:
            total_rows += 1
            columns.update(dict.fromkeys(one.cells))
    _write(row, form=form.value, total_rows=total_rows, begun_at=clock.now(), tally=None)
    with ports.file_openers[0](path) as (form, rows), _LeftOut(row, list(columns)) as left_out:
        return actions.bring_in(
            rows=rows,
            form=form,
            trail=Trail(shop=row.shop),
            by=operator(row.sent_by),
            dry_run=dry_run,
            watch=lambda tally: _write(row, tally=msgspec.to_builtins(tally)),
            left_out=left_out.add,
        )


def _write(row: models.Intake, **changes: object) -> None:
    if not models.Intake.objects.filter(pk=row.pk, run=row.run).update(moved_at=clock.now(), **changes):
        raise Overtaken(id=str(row.pk))


class _LeftOut:
    """Writes the products that are left out into a file that can be mended and sent again; whole, or not at all."""

    def __init__(self, row: models.Intake, columns: Sequence[str]) -> None:
        self._path = refused_path(row.id)
        self._fresh = self._path.with_suffix(f".{row.run}")
        self._language = row.language
        self._file = self._fresh.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.DictWriter(self._file, [*(one for one in columns if one not in (_LINE, _WHY)), _LINE, _WHY])

    def __enter__(self) -> _LeftOut:
        self._writer.writeheader()
        return self

    def add(self, rows: Sequence[Row], fault: Fault) -> None:
        """Write the rows of a product, and on the first of them why it was left out."""
        with translation.override(self._language):
            why = " ".join(part for part in (product_words.fault(fault.code), fault.said) if part)
        for place, row in enumerate(rows):
            self._writer.writerow({**row.cells, _LINE: row.line, _WHY: "" if place else why})

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._fresh, self._path)
        else:
            self._fresh.unlink()


def path_of(id: UUID) -> Path:
    """Where a file that was sent lies until it is taken in."""
    return shelf("imports") / f"products-{id}"


def refused_path(id: UUID) -> Path:
    """Where the products that were left out lie, as a file to mend."""
    return shelf("imports") / f"products-{id}.left-out.csv"


def intake(shop: str, id: UUID) -> Intake | None:
    """A file and how far it is; None if the shop has no such. One statement."""
    row = models.Intake.objects.filter(pk=id, shop=shop).first()
    return _value(row) if row else None


def intakes(shop: str, *, limit: int = 10) -> list[Intake]:
    """The files that were sent lately, the newest first. One statement. Index doors_console_intake_sent."""
    return [_value(row) for row in models.Intake.objects.filter(shop=shop).order_by("-sent_at")[:limit]]


def _value(row: models.Intake) -> Intake:
    return Intake(
        id=row.id,
        shop=row.shop,
        name=row.name,
        size_bytes=row.size_bytes,
        sent_at=row.sent_at,
        state=IntakeState(row.state),
        run=row.run,
        form=row.form,
        total_rows=row.total_rows,
        tally=msgspec.convert(row.tally or {}, Tallied),
        begun_at=row.begun_at,
        moved_at=row.moved_at,
        reason=row.reason,
        line=row.line,
    )
