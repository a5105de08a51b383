"""Who may send, and what was not kept."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """A sender of events for a shop; its key is kept as a digest, with its last letters to know it by."""

    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    key_digest = models.BinaryField(max_length=32, unique=True)
    key_ending = models.CharField(max_length=4)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "doors_ingest_source"
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="doors_ingest_source_name")]

    def __str__(self) -> str:
        return f"{self.shop} {self.name}"


class Refusal(models.Model):
    """Events of one name that were not kept on one day for one reason: how many, and the last one as a sample."""

    shop = models.CharField(max_length=40)
    reason = models.CharField(max_length=40)
    name = models.CharField(max_length=80, blank=True)
    day = models.DateField(db_index=True)
    count = models.BigIntegerField()
    sample = models.TextField(blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "doors_ingest_refusal"
        constraints = [
            models.UniqueConstraint(fields=["shop", "day", "reason", "name"], name="doors_ingest_refusal_once"),
            models.CheckConstraint(name="doors_ingest_refusal_count", condition=models.Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.day} {self.reason} {self.name}"
