"""How the books stood when they were added up last."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhanggui.base.audit import models
from zhanggui.base.audit.ports import audits
from zhanggui.base.audit.rules import Book, Books, standing_of


def audited() -> tuple[str, ...]:
    """The names of all books that are audited."""
    return tuple(audits)


def books(*, at: datetime) -> Books:
    """How all books stood when they were added up last, in the order in which that is done. One statement."""
    runs = {row.name: row for row in models.Run.objects.all()}
    return Books(every=tuple(_book(name, runs.get(name), at) for name in audits))


def _book(name: str, row: models.Run | None, at: datetime) -> Book:
    if row is None:
        return Book(name=name, standing=standing_of(ended_at=None, found=0, at=at))
    return Book(
        name=name,
        standing=standing_of(ended_at=row.ended_at, found=row.found, at=at),
        ended_at=row.ended_at,
        took=timedelta(milliseconds=row.took_ms),
        found=row.found,
        examples=tuple(row.examples),
    )
