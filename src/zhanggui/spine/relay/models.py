"""The cursors of the readers."""

from __future__ import annotations

from django.db import models


class Cursor(models.Model):
    """How far a reader is, and what stopped it the last time."""

    reader = models.CharField(primary_key=True, max_length=80)
    xid = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "spine_relay_cursor"
        constraints = [
            models.CheckConstraint(
                name="spine_relay_cursor_failure",
                condition=models.Q(failures=0, failed_at=None) | models.Q(failures__gt=0, failed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reader
