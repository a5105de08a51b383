"""Who listens, and what was sent to whom."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhanggui.spine.webhooks import rules
from zhanggui.spine.webhooks.rules import State


class Endpoint(models.Model):
    """An address of another program.

    busy_until  while one worker calls it, no other does
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    address = models.CharField(max_length=rules.LONGEST_ADDRESS)
    events = ArrayField(models.CharField(max_length=80))
    turn = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    busy_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "spine_webhooks_endpoint"
        constraints = [models.CheckConstraint(name="spine_webhooks_endpoint_events", condition=~Q(events=[]))]

    def __str__(self) -> str:
        return f"{self.shop} {self.address}"

    @property
    def value(self) -> rules.Endpoint:
        """The row as a frozen value; what waits is counted by the query that says so."""
        return rules.Endpoint(
            id=str(self.id),
            shop=self.shop,
            address=self.address,
            events=tuple(self.events),
            turn=self.turn,
            is_active=self.is_active,
            made_at=self.made_at,
            waiting=getattr(self, "waiting", 0),
            dead=getattr(self, "dead", 0),
        )


class Delivery(models.Model):
    """One fact for one endpoint, once."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE)
    fact_id = models.UUIDField()
    fact_name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State], default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, default="", blank=True)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "spine_webhooks_delivery"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "fact_id"], name="spine_webhooks_delivery_once"),
            models.CheckConstraint(
                name="spine_webhooks_delivery_state",
                condition=Q(state=State.WAITING, next_at__isnull=False, ended_at=None)
                | Q(state__in=[State.DELIVERED, State.DEAD], next_at=None, ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"], name="spine_webhooks_delivery_due", condition=Q(state=State.WAITING)
            ),
            models.Index(fields=["endpoint", "-id"], name="spine_webhooks_delivery_new"),
            models.Index(fields=["ended_at"], name="spine_webhooks_delivery_old"),
        ]

    def __str__(self) -> str:
        return f"{self.fact_name} {self.fact_id}"

    @property
    def value(self) -> rules.Delivery:
        """The row, with its endpoint's address, as a frozen value."""
        return rules.Delivery(
            id=self.pk,
            endpoint_id=str(self.endpoint_id),
            address=self.endpoint.address,
            fact_id=str(self.fact_id),
            fact_name=self.fact_name,
            state=State(self.state),
            tries=self.tries,
            status=self.status,
            fault=self.fault,
            queued_at=self.queued_at,
            next_at=self.next_at,
            ended_at=self.ended_at,
        )
