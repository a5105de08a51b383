"""Why jobs failed; the jobs themselves stand in procrastinate's tables."""

from __future__ import annotations

from django.db import models


class Failure(models.Model):
    """The last error of a job, kept so that a person can see what to mend."""

    job_id = models.BigIntegerField(primary_key=True)
    error = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "base_jobs_failure"

    def __str__(self) -> str:
        return f"job {self.job_id}"
