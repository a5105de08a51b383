"""The table of messages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.base.outbox import rules
from zhanggui.base.outbox.rules import Channel, State


class Letter(models.Model):
    """A message that leaves, or has left."""

    id = models.UUIDField(primary_key=True)
    channel = models.CharField(max_length=8, choices=[(channel, channel) for channel in Channel])
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    template = models.CharField(max_length=60, blank=True)
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=[(state, state) for state in State])
    queued_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    page = models.TextField(blank=True, default="")
    headers = models.JSONField(default=list)

    class Meta:
        db_table = "base_outbox_letter"
        constraints = [
            models.CheckConstraint(name="base_outbox_letter_channel", condition=Q(channel__in=list(Channel))),
            models.CheckConstraint(name="base_outbox_letter_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(name="base_outbox_letter_recipient", condition=~Q(recipient="")),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def message(self) -> rules.Message:
        """What is to be sent."""
        return rules.Message(
            channel=Channel(self.channel),
            to=self.recipient,
            subject=self.subject,
            words=self.words,
            template=self.template,
            parts=tuple((name, value) for name, value in self.parts),
            page=self.page,
            headers=tuple((name, value) for name, value in self.headers),
            files=tuple(file.value for file in self.enclosure_set.order_by("place")),
        )


class Enclosure(models.Model):
    """A file that goes along with a message; gone once that has left."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE)
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta:
        db_table = "base_outbox_enclosure"
        constraints = [models.UniqueConstraint(fields=["letter", "place"], name="base_outbox_enclosure_once")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.place}"

    @property
    def value(self) -> rules.File:
        """The row as a frozen value."""
        return rules.File(name=self.name, kind=self.kind, content=bytes(self.content))
