"""Adding books up and keeping what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from zhanggui.base import clock
from zhanggui.base.audit import models
from zhanggui.base.audit.errors import BooksDisagree
from zhanggui.base.audit.ports import audits
from zhanggui.base.audit.rules import MOST_EXAMPLES, said
from zhanggui.base.jobs.actions import job


def add_up() -> Iterator[tuple[str, object]]:
    """Add up all books, one after the other, and keep when and how each stood; yields what does not agree.

    Books that could not be read to the end keep what is known of them, and so do those behind them.
    """
    for name, audit in audits.items():
        begun = time.monotonic()
        with _one_moment():
            found = audit()
        took_ms = round(1000 * (time.monotonic() - begun))
        kept = {"ended_at": clock.now(), "took_ms": took_ms, "found": len(found), "examples": said(found)}
        models.Run.objects.update_or_create(name=name, defaults=kept)
        for one in found:
            yield name, one


@job(name="base.audit", every="30 19 * * *")
def nightly() -> None:
    """Every night: add everything up again; a disagreement fails the job, so that a person sees it.

    refuses  BooksDisagree
    """
    found = [f"{name}: {what}" for name, what in add_up()]
    if found:
        raise BooksDisagree(found=found[:MOST_EXAMPLES])


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let all that is read be of one moment: what is sold between two looks would seem to differ.

    Within a transaction that has begun, its own isolation stands.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read")
        yield
