"""The manifest: which files are live, which deliveries stand, which days changed."""

from __future__ import annotations

from django.db import models


class Batch(models.Model):
    """A delivery that stands in the lake, named by who delivered it; the same name is never added again.

    forget_at  when nobody can bring it again and the row may go; never if null
    """

    shop = models.CharField(max_length=40)
    batch = models.CharField(max_length=200)
    at = models.DateTimeField()
    forget_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_lake_batch"
        constraints = [models.UniqueConstraint(fields=["shop", "batch"], name="insight_lake_batch_once")]
        indexes = [
            models.Index(
                fields=["forget_at"], name="insight_lake_batch_passing", condition=models.Q(forget_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.batch}"


class Segment(models.Model):
    """One immutable file of events of one shop and day; live until it is retired, then kept for the grace period."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    day = models.DateField()
    rows = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_lake_segment"
        constraints = [models.CheckConstraint(name="insight_lake_segment_rows", condition=models.Q(rows__gt=0))]
        indexes = [
            models.Index(fields=["shop", "day"], name="insight_lake_segment_live", condition=models.Q(retired_at=None)),
            models.Index(
                fields=["retired_at"],
                name="insight_lake_segment_retired",
                condition=models.Q(retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.day} {self.id}"


class RollupFile(models.Model):
    """One immutable file of a rollup: the days first_day to last_day, less those that have a live file of their own."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    version = models.SmallIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    rows = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_lake_rollup"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "name", "first_day", "last_day"],
                name="insight_lake_rollup_live",
                condition=models.Q(retired_at=None),
            ),
            models.CheckConstraint(
                name="insight_lake_rollup_days", condition=models.Q(first_day__lte=models.F("last_day"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["retired_at"], name="insight_lake_rollup_retired", condition=models.Q(retired_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name} {self.first_day}"


class Day(models.Model):
    """A shop's business day: how often events were added to it, and up to which addition it has been rolled.

    twins  rows too many as of `rolled`, because an event came twice; merging the day's segments takes them out
    """

    shop = models.CharField(max_length=40)
    day = models.DateField()
    generation = models.BigIntegerField(default=1)
    rolled = models.BigIntegerField(default=0)
    twins = models.BigIntegerField(default=0)
    dirty_since = models.DateTimeField(null=True)
    rolled_at = models.DateTimeField(null=True)
    roll_ms = models.IntegerField(default=0)

    class Meta:
        db_table = "insight_lake_day"
        constraints = [
            models.UniqueConstraint(fields=["shop", "day"], name="insight_lake_day_once"),
            models.CheckConstraint(
                name="insight_lake_day_rolled", condition=models.Q(rolled__lte=models.F("generation"))
            ),
            models.CheckConstraint(
                name="insight_lake_day_dirty",
                condition=models.Q(rolled=models.F("generation"), dirty_since=None)
                | models.Q(rolled__lt=models.F("generation"), dirty_since__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "day"], name="insight_lake_day_dirty_days", condition=~models.Q(dirty_since=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.day}"


class Edition(models.Model):
    """How often a shop's rollups changed, and by which declarations they are made."""

    shop = models.CharField(primary_key=True, max_length=40)
    number = models.BigIntegerField(default=0)
    rollups = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "insight_lake_edition"

    def __str__(self) -> str:
        return f"{self.shop} {self.number}"


class Alias(models.Model):
    """An id under which somebody walked, and whose rows those are: of `person`, up to a moment if there is one.

    person      empty: the rows are the alias's own again
    generation  how often this changed; `told` how much of it the map file and the days know
    """

    shop = models.CharField(max_length=40)
    alias = models.CharField(max_length=120)
    person = models.CharField(max_length=120)
    until_us = models.BigIntegerField(null=True)
    generation = models.BigIntegerField(default=1)
    told = models.BigIntegerField(default=0)

    class Meta:
        db_table = "insight_lake_alias"
        constraints = [
            models.UniqueConstraint(fields=["shop", "alias"], name="insight_lake_alias_once"),
            models.CheckConstraint(name="insight_lake_alias_somebody", condition=~models.Q(alias="")),
            models.CheckConstraint(name="insight_lake_alias_another", condition=~models.Q(alias=models.F("person"))),
            models.CheckConstraint(
                name="insight_lake_alias_told", condition=models.Q(told__lte=models.F("generation"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop"], name="insight_lake_alias_untold", condition=models.Q(told__lt=models.F("generation"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.alias} {self.person}"


class Chore(models.Model):
    """When a piece of house work was last begun, so that it is done once an hour and not by every process."""

    name = models.CharField(primary_key=True, max_length=40)
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "insight_lake_chore"

    def __str__(self) -> str:
        return self.name
