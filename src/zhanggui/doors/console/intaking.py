"""Taking files in: sent, tried by a job, agreed to, taken in by a job.

A job that was stopped is put on again and begins at the top of the file: what stands already changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, QuerySet

from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.base.home import shelf
from zhanggui.base.jobs.actions import Job, later
from zhanggui.base.operation.actions import operation
from zhanggui.doors.console import models
from zhanggui.doors.console.rules import Arrived, Asked, Intake, IntakeKind, IntakeState, Tallied

_KEPT_FOR: Final = timedelta(days=30)
_RUNNING: Final = (IntakeState.TRYING, IntakeState.TAKING)
_ASKABLE: Final = (IntakeState.TRIED, IntakeState.STOPPED)


class Overtaken(Refused):
    """Another job was put on the file meanwhile; this one ends without a word."""

    id: str


def receive(
    *,
    shop: str,
    uploads: Sequence[UploadedFile[bytes]],
    sent_by: str,
    language: str,
    work: Job,
    kind: IntakeKind = IntakeKind.PRODUCTS,
    asked: Asked | None = None,
) -> UUID:
    """Keep a file, or the files of a folder, and have a job try it without writing; the id under which it is found.

    work   the job of its kind
    asked  how the file of another shop is to be read
    """
    id = ids.uuid7()
    if kind is IntakeKind.PRODUCTS:
        _keep(uploads[0], path_of(id))
    else:
        for upload in uploads:
            _keep(upload, folder_of(id) / _file_name(upload))
    _note(id, shop=shop, uploads=uploads, sent_by=sent_by, language=language, work=work, kind=kind, asked=asked)
    return id


def _keep(upload: UploadedFile[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)


def _file_name(upload: UploadedFile[bytes]) -> str:
    """What it was called, without any way to it; long names keep their end, which says what they are."""
    return Path((upload.name or "").replace("\\", "/")).name[-120:] or "file"


def _title(uploads: Sequence[UploadedFile[bytes]]) -> str:
    """What a person finds them by: a file's name, or the first of several and how many more."""
    first, *more = (_file_name(upload) for upload in uploads)
    return f"{first[-110:]} + {len(more)}" if more else first


@operation
def _note(
    id: UUID,
    *,
    shop: str,
    uploads: Sequence[UploadedFile[bytes]],
    sent_by: str,
    language: str,
    work: Job,
    kind: IntakeKind,
    asked: Asked | None,
) -> None:
    now = clock.now()
    for old in models.Intake.objects.filter(kind=kind, sent_at__lt=now - _KEPT_FOR):
        forget(old.id)
        refused_path(old.id).unlink(missing_ok=True)
        old.delete()
    models.Intake.objects.create(
        id=id,
        kind=kind,
        shop=shop,
        name=_title(uploads),
        size_bytes=sum(upload.size or 0 for upload in uploads),
        sent_by=sent_by,
        language=language,
        sent_at=now,
        moved_at=now,
        state=IntakeState.TRYING,
        asked=msgspec.to_builtins(asked or Asked()),
    )
    later(work, id=str(id), run=1)


@operation
def agree(*, id: UUID, shop: str, sent_by: str, work: Job) -> bool:
    """Have a job take a file in that was tried; False if it is not waiting for that."""
    tried = models.Intake.objects.filter(pk=id, shop=shop, state=IntakeState.TRIED)
    return _put_on(tried, id, work, state=IntakeState.TAKING, sent_by=sent_by)


@operation
def go_on(*, id: UUID, shop: str, work: Job) -> bool:
    """Put another job on a file that stands still; False if nobody has to work on it."""
    return _put_on(models.Intake.objects.filter(pk=id, shop=shop, state__in=_RUNNING), id, work)


@operation
def ask_again(*, id: UUID, shop: str, asked: Asked, sent_by: str, work: Job) -> bool:
    """Have a file tried once more, read in another way or into another shop; False if it is taken in or worked on."""
    waiting = models.Intake.objects.filter(pk=id, shop=shop, state__in=_ASKABLE)
    changes = {"asked": msgspec.to_builtins(asked), "shop": asked.shop, "tally": None, "reason": "", "said": ""}
    return _put_on(waiting, id, work, state=IntakeState.TRYING, sent_by=sent_by, **changes)


def _put_on(rows: QuerySet[models.Intake], id: UUID, work: Job, **changes: object) -> bool:
    if not rows.update(run=F("run") + 1, begun_at=None, moved_at=clock.now(), **changes):
        return False
    later(work, id=str(id), run=models.Intake.objects.values_list("run", flat=True).get(pk=id))
    return True


def running(id: str, run: int, kind: IntakeKind) -> models.Intake | None:
    """The file that a job is to work on; None if it was overtaken or there is nothing left to do."""
    return models.Intake.objects.filter(pk=id, run=run, kind=kind, state__in=_RUNNING).first()


def write(row: models.Intake, **changes: object) -> None:
    """Write how far a file is.

    refuses  Overtaken
    """
    if not models.Intake.objects.filter(pk=row.pk, run=row.run).update(moved_at=clock.now(), **changes):
        raise Overtaken(id=str(row.pk))


def path_of(id: UUID) -> Path:
    """Where a product file that was sent lies until it is taken in."""
    return shelf("imports") / f"products-{id}"


def folder_of(id: UUID) -> Path:
    """Where the files of another shop lie until they are taken in."""
    return shelf("imports") / f"sent-{id}"


def forget(id: UUID) -> None:
    """Throw away what was sent."""
    path_of(id).unlink(missing_ok=True)
    if folder_of(id).exists():
        shutil.rmtree(folder_of(id))


def refused_path(id: UUID) -> Path:
    """Where the products that were left out lie, as a file to mend."""
    return shelf("imports") / f"products-{id}.left-out.csv"


def intake(shop: str, id: UUID) -> Intake | None:
    """A product file and how far it is; None if the shop has no such. One statement."""
    return _found(models.Intake.objects.filter(pk=id, shop=shop, kind=IntakeKind.PRODUCTS))


def sent(id: UUID) -> Intake | None:
    """A file of another shop and how far it is; None if there is no such. One statement."""
    return _found(models.Intake.objects.filter(pk=id, kind=IntakeKind.ORDERS))


def intakes(kind: IntakeKind, *, shop: str | None = None, limit: int = 10) -> list[Intake]:
    """The files that were sent lately, the newest first. One statement. Index doors_console_intake_sent."""
    rows = models.Intake.objects.filter(kind=kind).order_by("-sent_at")
    return [_value(row) for row in (rows if shop is None else rows.filter(shop=shop))[:limit]]


def _found(rows: QuerySet[models.Intake]) -> Intake | None:
    row = rows.first()
    return _value(row) if row else None


def _value(row: models.Intake) -> Intake:
    kind = IntakeKind(row.kind)
    tally = row.tally or {}
    return Intake(
        id=row.id,
        kind=kind,
        shop=row.shop,
        name=row.name,
        size_bytes=row.size_bytes,
        sent_at=row.sent_at,
        state=IntakeState(row.state),
        run=row.run,
        form=row.form,
        total_rows=row.total_rows,
        tally=msgspec.convert(tally if kind is IntakeKind.PRODUCTS else {}, Tallied),
        asked=msgspec.convert(row.asked, Asked),
        arrived=msgspec.convert(tally if kind is IntakeKind.ORDERS else {}, Arrived),
        begun_at=row.begun_at,
        moved_at=row.moved_at,
        reason=row.reason,
        said=row.said,
        line=row.line,
    )
