"""What happens by and by while somebody walks: whoever reads the log hears of it, the worker does what is due."""

from __future__ import annotations

import json

from django.db import connection

from zhanggui.base.jobs.actions import Job
from zhanggui.config import wiring
from zhanggui.insight.lake import handlers as lake
from zhanggui.spine.relay import ports
from zhanggui.spine.relay.actions import drain

# A job that fails fails the walk.
_DUE = """
delete from procrastinate_jobs where status = 'todo' and coalesce(scheduled_at, now()) <= now()
returning id, task_name, args::text
"""


def time_passes(*started: Job) -> None:
    """The relay hands over what was told, and every job is done whose moment has come; until nothing is left.

    The lake is left alone.

    started  jobs that the clock starts meanwhile
    """
    known = {job.name: job for job in wiring.jobs}
    for job in started:
        job()
    while sum(drain(reader) for reader in ports.readers if reader is not lake.reader) + _worked(known):
        continue


def _worked(known: dict[str, Job]) -> int:
    """Do what is due; how many jobs."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE)
        due = sorted(cursor.fetchall())
    for _, name, args in due:
        known[name](**json.loads(args))
    return len(due)
