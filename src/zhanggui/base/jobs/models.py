"""Why jobs failed; the jobs themselves stand in procrastinate's tables."""

from __future__ import annotations

from django.db import models

from zhanggui.base.jobs import rules


class Failure(models.Model):
    """The last error of a job, kept so that a person can see what to mend.

    A job that the clock starts fails again with every turn: then it is how often in the same way, and since when.
    """

    job_id = models.BigIntegerField(primary_key=True)
    error = models.TextField()
    at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1, db_default=1)
    since = models.DateTimeField(null=True)

    class Meta:
        db_table = "base_jobs_failure"

    def __str__(self) -> str:
        return f"job {self.job_id}"

    @property
    def reason(self) -> str:
        """What went wrong, in one line."""
        return rules.reason_of(self.error)
