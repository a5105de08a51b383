"""What was answered to calls that may be made again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Answer(models.Model):
    """One call under its key: what was asked, as a digest, and what was answered once it was.

    asker         who asked, as `kind:id`
    claimed_until while one process works on it, no other does; then it may be taken up again
    """

    asker = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    asked_digest = models.BinaryField(max_length=32)
    at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)

    class Meta:
        db_table = "doors_api_answer"
        constraints = [
            models.UniqueConstraint(fields=["key", "asker"], name="doors_api_answer_once"),
            models.CheckConstraint(
                name="doors_api_answer_whole",
                condition=Q(claimed_until__isnull=False, status=None, body=None)
                | Q(claimed_until=None, status__isnull=False, body__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker} {self.key}"
