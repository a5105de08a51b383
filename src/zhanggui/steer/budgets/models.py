"""What may be spent, what was, what is promised, and what was moved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.steer.budgets.rules import LONGEST_REFERENCE, Area, Kind

_AREAS = [(area, area) for area in Area]


class Budget(models.Model):
    """What may be spent in a period; no two of a shop have a day in common, and the lines sum to it (0002_guards)."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    start = models.DateField()
    end = models.DateField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    told = models.UUIDField()

    class Meta:
        db_table = "steer_budgets_budget"
        constraints = [
            models.CheckConstraint(name="steer_budgets_period", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(name="steer_budgets_total", condition=Q(total_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.start}"


class Line(models.Model):
    """An area's part of a budget. Whoever promises money of it holds this row."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="lines")
    area = models.CharField(max_length=10, choices=_AREAS)
    planned_minor = models.BigIntegerField()

    class Meta:
        db_table = "steer_budgets_line"
        constraints = [
            models.UniqueConstraint(name="steer_budgets_line_once", fields=["budget", "area"]),
            models.CheckConstraint(name="steer_budgets_line_area", condition=Q(area__in=list(Area))),
            models.CheckConstraint(name="steer_budgets_line_planned", condition=Q(planned_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.area}"


class Posting(models.Model):
    """Money that a fact says was spent; below zero if it came back. A trigger sees to it that it stays as it is."""

    fact = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    on = models.DateField()
    area = models.CharField(max_length=10, choices=_AREAS)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in Kind])
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    channel = models.CharField(max_length=60, blank=True)
    campaign = models.TextField(blank=True)
    reference = models.TextField(blank=True)
    order_number = models.CharField(max_length=40, blank=True)
    units = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "steer_budgets_posting"
        indexes = [
            models.Index(fields=["shop", "-on", "-fact"], name="steer_budgets_latest"),
            models.Index(fields=["shop", "reference", "on"], name="steer_budgets_for", condition=~Q(reference="")),
            models.Index(fields=["order_number"], name="steer_budgets_order", condition=~Q(order_number="")),
        ]
        constraints = [
            models.CheckConstraint(name="steer_budgets_posting_area", condition=Q(area__in=list(Area))),
            models.CheckConstraint(name="steer_budgets_posting_kind", condition=Q(kind__in=list(Kind))),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.amount_minor}"


class Day(models.Model):
    """The postings of a day and a kind, summed."""

    pk = models.CompositePrimaryKey("shop", "on", "area", "kind")
    shop = models.CharField(max_length=40)
    on = models.DateField()
    area = models.CharField(max_length=10)
    kind = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "steer_budgets_day"

    def __str__(self) -> str:
        return f"{self.shop} {self.on} {self.kind}"


class Promise(models.Model):
    """Money of an area that somebody may spend; what facts book under the same reference is taken off it."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    area = models.CharField(max_length=10, choices=_AREAS)
    on = models.DateField()
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    cause = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "steer_budgets_promise"
        indexes = [
            models.Index(fields=["shop", "area", "on"], name="steer_budgets_promised", condition=Q(ended_at=None))
        ]
        constraints = [
            models.UniqueConstraint(name="steer_budgets_promise_once", fields=["shop", "area", "reference"]),
            models.CheckConstraint(name="steer_budgets_promise_area", condition=Q(area__in=list(Area))),
            models.CheckConstraint(name="steer_budgets_promise_amount", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="steer_budgets_promise_named", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.reference}"


class Move(models.Model):
    """Planned money that went from one area to another."""

    id = models.UUIDField(primary_key=True)
    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="moves")
    source = models.CharField(max_length=10, choices=_AREAS)
    target = models.CharField(max_length=10, choices=_AREAS)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        db_table = "steer_budgets_move"
        constraints = [
            models.CheckConstraint(name="steer_budgets_move_amount", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="steer_budgets_move_elsewhere", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return f"{self.source} to {self.target}"
