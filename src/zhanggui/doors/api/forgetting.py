"""Answers are kept for a day. It stands beside `once`, so that a worker need not load the whole door."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job
from zhanggui.doors.api import models

KEPT_FOR: Final = timedelta(hours=24)


@job(name="api.sweep", every="25 * * * *")
def sweep() -> None:
    """Every hour: forget what was answered a day ago."""
    models.Answer.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
