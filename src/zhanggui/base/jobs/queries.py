"""How the jobs stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.jobs import rules
from zhanggui.base.jobs.models import Failure

_DEAD = """
select j.id, j.task_name, j.args::text, j.attempts, max(e.at) as ended_at
from procrastinate_jobs j left join procrastinate_events e on e.job_id = j.id
where j.status = 'failed' group by j.id order by ended_at desc nulls last, j.id desc limit %s offset %s
"""
# Index procrastinate_jobs_id_lock_idx knows what waits or runs; nothing else is looked through.
_HELD_UP = """
select args->>%s from procrastinate_jobs where task_name = %s and status in ('todo', 'doing', 'failed')
    and args->>%s = any(%s::varchar[]) group by 1 having bool_and(status = 'doing')
"""


_TO_COME = """
select count(*) from procrastinate_jobs where task_name = %s and status in ('todo', 'doing') and args->>%s = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A job that gave up and waits for a person.

    args   what it was to work on, as JSON
    error  the last traceback, empty if none was kept
    times  how often the clock started it and it failed in this way, since a moment; once for all other jobs
    """

    id: int
    name: str
    args: str
    tries: int
    ended_at: datetime | None
    error: str
    times: int = 1
    since: datetime | None = None

    @property
    def reason(self) -> str:
        """What went wrong, in one line."""
        return rules.reason_of(self.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCounts:
    """How many jobs wait, run and gave up, and since when the worker was last heard of."""

    waiting: int
    running: int
    dead: int
    oldest_due: datetime | None
    worker_seen_at: datetime | None

    @property
    def is_worker_alive(self) -> bool:
        """Whether a worker has been heard of within the last minute."""
        return self.worker_seen_at is not None and clock.now() - self.worker_seen_at < timedelta(minutes=1)


def dead_letters(*, limit: int = 50, offset: int = 0) -> tuple[DeadLetter, ...]:
    """The jobs that gave up, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DEAD, [limit, offset])
        rows = cursor.fetchall()
    said = Failure.objects.in_bulk([row[0] for row in rows])
    return tuple(
        _letter(said.get(id), DeadLetter(id=id, name=name, args=args, tries=tries, ended_at=ended_at, error=""))
        for id, name, args, tries, ended_at in rows
    )


def _letter(said: Failure | None, letter: DeadLetter) -> DeadLetter:
    return replace(letter, error=said.error, times=said.times, since=said.since) if said else letter


def held_up(name: str, argument: str, values: Sequence[str]) -> tuple[str, ...]:
    """Those of these values at which a worker is, or was when it died: no other job for them waits or gave up.

    argument  of the jobs of that name, in which the value stands
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD_UP, [argument, name, argument, list(values)])
        return tuple(value for (value,) in cursor.fetchall())


def to_come(name: str, argument: str, value: str) -> int:
    """How many jobs of a name that are about something wait or run."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_COME, [name, argument, value])
        (count,) = cursor.fetchone()
    return int(count)


def counts() -> JobCounts:
    """How the queue stands now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*) filter (where status = 'todo'), count(*) filter (where status = 'doing'),
                count(*) filter (where status = 'failed'),
                min(coalesce(scheduled_at, now())) filter (where status = 'todo'),
                (select max(last_heartbeat) from procrastinate_workers)
            from procrastinate_jobs where status in ('todo', 'doing', 'failed')
            """
        )
        waiting, running, dead, oldest_due, seen = cursor.fetchone()
    return JobCounts(waiting=waiting, running=running, dead=dead, oldest_due=oldest_due, worker_seen_at=seen)
