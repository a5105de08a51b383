"""Moving readers along the log."""

from __future__ import annotations

import traceback

from django.db import transaction
from django.db.models import F

from zhanggui.base import clock
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Position
from zhanggui.spine.relay.models import Cursor
from zhanggui.spine.relay.rules import Reader, wait_after


def step(reader: Reader) -> int:
    """Hand a reader the next facts and move its cursor, in one transaction; how many facts it passed.

    Returns 0 if nothing is new, if another process is at it, or if the reader rests after a failure. Whatever the
    reader raises leaves the cursor where it was.
    """
    Cursor.objects.get_or_create(reader=reader.name)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(pk=reader.name).first()
        if cursor is None or _is_resting(cursor):
            return 0
        facts = log.after(Position(cursor.xid, cursor.seq), limit=reader.batch)
        if not facts:
            _stands_again(cursor)
            return 0
        wanted = [fact for _, fact in facts if not reader.names or fact.name in reader.names]
        if wanted:
            reader.take(wanted)
        last = facts[-1][0]
        Cursor.objects.filter(pk=reader.name).update(
            xid=last.xid, seq=last.seq, moved_at=clock.now(), failures=0, failed_at=None, error=""
        )
        return len(facts)


def drain(reader: Reader) -> int:
    """Let a reader read all there is; how many facts it passed."""
    passed = 0
    while taken := step(reader):
        passed += taken
    return passed


def stumble(reader: Reader, error: BaseException) -> None:
    """Write down that a reader failed, so that it rests for a while and an operator sees why."""
    said = "".join(traceback.format_exception(error))[-4000:]
    Cursor.objects.filter(pk=reader.name).update(failures=F("failures") + 1, failed_at=clock.now(), error=said)


def try_again(*, reader_name: str) -> None:
    """Let a resting reader go on at once, because what stopped it was mended."""
    Cursor.objects.filter(pk=reader_name).update(failures=0, failed_at=None)


def _stands_again(cursor: Cursor) -> None:
    """What failed was no fact, such as a server that was away: with nothing before it a reader does not stand still."""
    if cursor.failures:
        Cursor.objects.filter(pk=cursor.pk).update(failures=0, failed_at=None, error="")


def _is_resting(cursor: Cursor) -> bool:
    return cursor.failed_at is not None and clock.now() < cursor.failed_at + wait_after(cursor.failures)
