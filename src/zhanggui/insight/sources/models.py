"""The tables of imports."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.insight.sources import rules


class Import(models.Model):
    """One file, or folder of files, that was read into a shop."""

    id = models.CharField(primary_key=True, max_length=16)
    shop = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    reading = models.TextField()
    byte_count = models.BigIntegerField()
    chunk_lines = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in rules.State])
    chunk = models.PositiveIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)
    line_count = models.PositiveBigIntegerField(default=0)
    orders = models.PositiveBigIntegerField(default=0)
    facts = models.PositiveBigIntegerField(default=0)
    refused_rows = models.PositiveBigIntegerField(default=0)
    differing = models.PositiveBigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=6, default="", blank=True)

    class Meta:
        db_table = "insight_sources_import"
        indexes = [models.Index(fields=["-started_at"], name="insight_sources_import_latest")]
        constraints = [
            models.CheckConstraint(name="insight_sources_import_cursor", condition=Q(chunk__lte=F("chunks"))),
            models.CheckConstraint(
                name="insight_sources_import_state",
                condition=Q(state=rules.State.DONE, ended_at__isnull=False, chunk=F("chunks"), error="")
                | Q(state=rules.State.RUNNING, ended_at=None, error="")
                | (Q(state=rules.State.STOPPED, ended_at=None) & ~Q(error="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.name}"


class Bucket(models.Model):
    """What became of some lines of an import; written when it is done."""

    import_id = models.CharField(max_length=16)
    place = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=20)
    name = models.CharField(max_length=30)
    line_count = models.PositiveBigIntegerField()
    amount = models.DecimalField(max_digits=30, decimal_places=6, null=True)
    is_told = models.BooleanField()

    class Meta:
        db_table = "insight_sources_bucket"
        constraints = [
            models.UniqueConstraint(fields=["import_id", "part", "name"], name="insight_sources_bucket_once")
        ]

    def __str__(self) -> str:
        return f"{self.import_id} {self.part}.{self.name}"


class Known(models.Model):
    """A document of a shop that was read; what comes back with the same digest is not counted again."""

    pk = models.CompositePrimaryKey("shop", "key")
    shop = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    digest = models.UUIDField()
    import_id = models.CharField(max_length=16)

    class Meta:
        db_table = "insight_sources_known"

    def __str__(self) -> str:
        return f"{self.shop}/{self.key}"
