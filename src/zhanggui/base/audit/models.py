"""When books were added up last."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Run(models.Model):
    """The last time that some books were added up to the end.

    found     how much did not agree
    examples  the first of it, in words
    """

    name = models.CharField(max_length=40, primary_key=True)
    ended_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    examples = models.JSONField(default=list)

    class Meta:
        db_table = "base_audit_run"
        constraints = [
            models.CheckConstraint(
                name="base_audit_run_examples", condition=Q(found=0, examples=[]) | Q(found__gt=0) & ~Q(examples=[])
            )
        ]

    def __str__(self) -> str:
        return self.name
