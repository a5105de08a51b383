"""Signals, which detector has looked at which day, and the risk register; what must hold is held by the database."""

from __future__ import annotations

import msgspec
from django.db import models
from django.db.models import F, Q

from zhanggui.steer.signals import rules
from zhanggui.steer.signals.rules import Comparison, Evidence, Proposal, Size, State


class Signal(models.Model):
    """What is going wrong or could be won. Of one kind and subject there is one that has not closed."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    detector = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State], default=State.OPEN)
    first_day = models.DateField()
    last_day = models.DateField()
    days = models.PositiveIntegerField(default=1)
    low_minor = models.BigIntegerField()
    expected_minor = models.BigIntegerField()
    high_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    dismissed_minor = models.BigIntegerField(null=True)
    confidence = models.FloatField()
    tests = models.PositiveIntegerField(default=1)
    evidence = models.JSONField()
    proposal = models.JSONField()
    cause = models.UUIDField(null=True)
    fact = models.UUIDField()
    raised_at = models.DateTimeField()
    snoozed_until = models.DateField(null=True)
    is_useful = models.BooleanField(null=True)
    words = models.CharField(max_length=rules.LONGEST_WORDS, blank=True)
    play_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "steer_signals_signal"
        indexes = [models.Index(fields=["shop", "-raised_at"], name="steer_signals_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "kind", "subject"], condition=~Q(state="closed"), name="steer_signals_standing_once"
            ),
            models.CheckConstraint(
                name="steer_signals_size",
                condition=Q(low_minor__gte=0)
                & Q(low_minor__lte=F("expected_minor"))
                & Q(expected_minor__lte=F("high_minor")),
            ),
            models.CheckConstraint(
                name="steer_signals_confidence", condition=Q(confidence__gte=0) & Q(confidence__lte=1)
            ),
            models.CheckConstraint(name="steer_signals_days", condition=Q(first_day__lte=F("last_day"), days__gte=1)),
            models.CheckConstraint(
                name="steer_signals_settled",
                condition=Q(state="open", settled_at__isnull=True, play_id__isnull=True, dismissed_minor__isnull=True)
                | Q(state="decided", settled_at__isnull=False, play_id__isnull=False)
                | Q(state="dismissed", settled_at__isnull=False, is_useful__isnull=False, dismissed_minor__isnull=False)
                | Q(state="closed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.kind} {self.subject} {self.first_day}"

    @property
    def value(self) -> rules.Signal:
        """The row as a frozen value."""
        return rules.Signal(
            id=self.pk,
            shop=self.shop,
            detector=self.detector,
            kind=self.kind,
            subject=self.subject,
            state=State(self.state),
            first_day=self.first_day,
            last_day=self.last_day,
            days=self.days,
            size=Size(
                low_minor=self.low_minor,
                expected_minor=self.expected_minor,
                high_minor=self.high_minor,
                currency=self.currency,
            ),
            confidence=self.confidence,
            evidence=msgspec.convert(self.evidence, tuple[Evidence, ...]),
            proposal=msgspec.convert(self.proposal, Proposal),
            tests=self.tests,
            cause=self.cause,
            fact=self.fact,
            raised_at=self.raised_at,
            snoozed_until=self.snoozed_until,
            is_useful=self.is_useful,
            words=self.words,
            play_id=self.play_id,
        )


class Looked(models.Model):
    """A detector has looked at a day of a shop; that is done once. One that failed has not looked."""

    pk = models.CompositePrimaryKey("shop", "detector", "day")
    shop = models.CharField(max_length=40)
    detector = models.CharField(max_length=60)
    day = models.DateField()
    at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "steer_signals_looked"

    def __str__(self) -> str:
        return f"{self.shop} {self.detector} {self.day}"


class Risk(models.Model):
    """A row of the risk register."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    ready = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    metric = models.CharField(max_length=60)
    comparison = models.CharField(max_length=10, choices=[(one, one) for one in Comparison])
    threshold = models.BigIntegerField()
    days = models.PositiveSmallIntegerField()
    owner = models.BigIntegerField()
    playbook = models.TextField(max_length=rules.LONGEST_PLAYBOOK)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "steer_signals_risk"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="steer_signals_risk_once"),
            models.CheckConstraint(name="steer_signals_risk_whole", condition=~Q(name="") & ~Q(playbook="")),
            models.CheckConstraint(
                name="steer_signals_risk_trigger",
                condition=Q(comparison__in=list(Comparison), threshold__gte=0, days__gte=1, days__lte=rules.MOST_DAYS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name}"

    @property
    def value(self) -> rules.Risk:
        """The row as a frozen value."""
        return rules.Risk(
            id=self.pk,
            shop=self.shop,
            ready=self.ready,
            name=self.name,
            trigger=rules.Trigger(
                metric=self.metric,
                comparison=Comparison(self.comparison),
                threshold=self.threshold,
                days=self.days,
            ),
            owner=self.owner,
            playbook=self.playbook,
            version=self.version,
        )


class WasRisk(models.Model):
    """What a risk was until it was changed or taken out; the database refuses to change it."""

    id = models.UUIDField(primary_key=True)
    risk = models.UUIDField()
    version = models.PositiveIntegerField()
    shop = models.CharField(max_length=40)
    ready = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    metric = models.CharField(max_length=60)
    comparison = models.CharField(max_length=10)
    threshold = models.BigIntegerField()
    days = models.PositiveSmallIntegerField()
    owner = models.BigIntegerField()
    playbook = models.TextField(max_length=rules.LONGEST_PLAYBOOK)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    is_dropped = models.BooleanField(default=False)

    class Meta:
        db_table = "steer_signals_was_risk"
        constraints = [models.UniqueConstraint(fields=["risk", "version"], name="steer_signals_was_risk_once")]

    def __str__(self) -> str:
        return f"{self.shop} {self.name} {self.version}"

    @property
    def value(self) -> rules.WasRisk:
        """The row as a frozen value."""
        return rules.WasRisk(
            risk=rules.Risk(
                id=self.risk,
                shop=self.shop,
                ready=self.ready,
                name=self.name,
                trigger=rules.Trigger(
                    metric=self.metric,
                    comparison=Comparison(self.comparison),
                    threshold=self.threshold,
                    days=self.days,
                ),
                owner=self.owner,
                playbook=self.playbook,
                version=self.version,
            ),
            at=self.at,
            by=self.by,
            is_dropped=self.is_dropped,
        )
