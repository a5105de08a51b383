"""The table of facts, as Django sees it; the migration makes it, partitioned by month of `received_at`."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One fact. Rows are never changed or deleted; a trigger refuses it."""

    seq = models.BigIntegerField(primary_key=True)
    id_of_fact = models.UUIDField(db_column="id")
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    version = models.SmallIntegerField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    person = models.CharField(max_length=120)
    session = models.CharField(max_length=120)
    subject = models.CharField(max_length=160)
    cause = models.UUIDField(null=True)
    order_number = models.CharField(max_length=60)
    channel = models.CharField(max_length=40)
    campaign = models.CharField(max_length=120)
    device = models.CharField(max_length=20)
    region = models.CharField(max_length=60)
    body = models.JSONField()

    class Meta:
        db_table = "spine_log_entry"

    def __str__(self) -> str:
        return f"{self.name} {self.id_of_fact}"
