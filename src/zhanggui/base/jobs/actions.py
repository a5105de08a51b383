"""Declaring, queueing and mending jobs."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import msgspec
import procrastinate
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from zhanggui.base import clock
from zhanggui.base.errors import Unreachable
from zhanggui.base.jobs import rules
from zhanggui.base.jobs.models import Failure
from zhanggui.base.operation.actions import operation

# What the world may do to a job so that it is worth another try. A refusal or a bug is not: it waits for a person.
_WORTH_ANOTHER_TRY = (Unreachable, OperationalError, InterfaceError)

# The queue's own function, called without the objects that its library builds around it: most orders queue a job.
_QUEUE = """
select procrastinate_defer_jobs_v1(array[row(%s::varchar, %s::varchar, %s::int, null, null, %s::jsonb, %s::timestamptz)
    ::procrastinate_job_to_defer_v1])
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work that can be queued; call it to run it at once."""

    name: str
    run: Callable[..., None]
    task: Any

    def __call__(self, **args: Any) -> None:
        """Do the work now, in this process."""
        self.run(**args)


def job(*, name: str, tries: int = 8, every: str | None = None) -> Callable[[Callable[..., None]], Job]:
    """Declare a function as a job. It may run twice: the second time must change nothing.

    name   `room.verb`, never changed while jobs of it wait
    tries  how often in all; the waits double from 2 s (8 tries: about 4 minutes)
    every  a cron line in UTC for a job that the clock starts; it then takes no arguments, and of those of its turns
           that fail for one reason the last alone is a dead letter, which says how many there were
    """

    def declare(verb: Callable[..., None]) -> Job:
        def run(context: procrastinate.JobContext, /, **args: Any) -> None:
            args.pop("timestamp", None)
            close_old_connections()
            with _Watched(context.job.id, again=name if every else ""):
                verb(**args)

        waits = procrastinate.RetryStrategy(max_attempts=tries, exponential_wait=2, retry_exceptions=_WORTH_ANOTHER_TRY)
        task: Any = app.task(name=name, retry=waits, pass_context=True)(run)
        if every:
            task = app.periodic(cron=every, periodic_id=name)(task)
        return Job(name, verb, task)

    return declare


def later(
    what: Job, *, at: datetime | None = None, after: timedelta | None = None, once: str = "", **args: Any
) -> None:
    """Queue a job in this transaction: it exists only if the transaction commits.

    at, after  not before that moment
    once       while a job with this key waits, another is not queued
    """
    moment = at or (clock.now() + after if after else None)
    if not once:
        with connection.cursor() as cursor:
            asked = msgspec.json.encode(args).decode()
            cursor.execute(_QUEUE, [what.task.queue, what.name, str(what.task.priority), asked, moment])
        return
    try:
        with transaction.atomic():
            what.task.configure(schedule_at=moment, queueing_lock=once).defer(**args)
    except AlreadyEnqueued:
        return


@operation
def try_again(*, job_id: int) -> bool:
    """Queue a dead letter once more, with its tries counted anew; False if it is none any longer."""
    buried = _bury(job_id)
    if buried is None:
        return False
    name, args = buried
    app.configure_task(name, allow_unknown=True).defer(**args)
    return True


@operation
def give_up(*, job_id: int) -> bool:
    """Take a dead letter off the list for good; False if it is none any longer."""
    return _bury(job_id) is not None


def _bury(job_id: int) -> tuple[str, dict[str, Any]] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where id = %s and status = 'failed' returning task_name, args::text",
            [job_id],
        )
        row = cursor.fetchone()
    Failure.objects.filter(pk=job_id).delete()
    return (row[0], msgspec.json.decode(row[1])) if row else None


class _Watched:
    """Writes down why a job failed, and lets the failure go on its way."""

    def __init__(self, job_id: int | None, *, again: str) -> None:
        self.job_id = job_id
        self.again = again

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or self.job_id is None:
            return
        said = "".join(traceback.format_exception(error))[-4000:]
        close_old_connections()
        counted = {"error": said, "at": clock.now()}
        if self.again and not isinstance(error, _WORTH_ANOTHER_TRY):
            counted |= _taken_over(self.again, reason=rules.reason_of(said))
        Failure.objects.update_or_create(pk=self.job_id, defaults=counted)


def _taken_over(name: str, *, reason: str) -> dict[str, Any]:
    """Bury the earlier turns of a job that failed for the same reason; how many there are with this one, since when."""
    with connection.cursor() as cursor:
        cursor.execute("select id from procrastinate_jobs where task_name = %s and status = 'failed'", [name])
        failed = [id for (id,) in cursor.fetchall()]
    same = [one for one in Failure.objects.filter(pk__in=failed).order_by("pk") if one.reason == reason]
    for one in same:
        _bury(one.pk)
    since = min((one.since or one.at for one in same), default=None)
    return {"times": 1 + sum(one.times for one in same), "since": since}
