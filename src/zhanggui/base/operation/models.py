"""Used idempotency keys."""

from __future__ import annotations

from django.db import models


class Key(models.Model):
    """One use of an idempotency key: what was asked, as a digest, and what was answered, as JSON."""

    operation = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    asked_digest = models.BinaryField(max_length=32)
    answer = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "base_operation_key"
        constraints = [models.UniqueConstraint(fields=["operation", "key"], name="base_operation_key_once")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
