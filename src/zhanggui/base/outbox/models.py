"""The tables of messages, of what carriers said of them, and of the words they have approved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.base.outbox import rules
from zhanggui.base.outbox.rules import Channel, State


class Letter(models.Model):
    """A message that leaves, or has left.

    taken_as  the carrier's number for it; segments, as how many messages it counts it
    ended_at  when it arrived, or failed for good
    """

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
    shop = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=2, blank=True, default="")
    taken_as = models.CharField(max_length=80, blank=True, default="")
    segments = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "base_outbox_letter"
        indexes = [
            models.Index(fields=["taken_as"], name="base_outbox_letter_taken_as", condition=~Q(taken_as="")),
        ]
        constraints = [
            models.CheckConstraint(name="base_outbox_letter_channel", condition=Q(channel__in=list(Channel))),
            models.CheckConstraint(name="base_outbox_letter_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(name="base_outbox_letter_recipient", condition=~Q(recipient="")),
            models.CheckConstraint(
                name="base_outbox_letter_ended",
                condition=Q(state__in=(State.DELIVERED, State.FAILED), ended_at__isnull=False)
                | ~Q(state__in=(State.DELIVERED, State.FAILED)) & Q(ended_at=None),
            ),
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
            shop=self.shop,
            language=self.language,
            id=str(self.id),
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


class Receipt(models.Model):
    """What a carrier said of a message, kept until the message says that it has that number: it may come before."""

    number = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=[(state, state) for state in rules.BEFORE])
    fault = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "base_outbox_receipt"
        constraints = [
            models.UniqueConstraint(fields=["number", "state"], name="base_outbox_receipt_once"),
            models.CheckConstraint(name="base_outbox_receipt_state", condition=Q(state__in=list(rules.BEFORE))),
            models.CheckConstraint(name="base_outbox_receipt_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def value(self) -> rules.Receipt:
        """The row as a frozen value."""
        is_delivered = self.state == State.DELIVERED
        return rules.Receipt(number=self.number, is_delivered=is_delivered, fault=self.fault, at=self.at)


class Template(models.Model):
    """Words that the carrier of text messages has approved for a shop."""

    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    is_abroad = models.BooleanField()
    number = models.CharField(max_length=40)
    sign = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "base_outbox_template"
        constraints = [
            models.UniqueConstraint(fields=["shop", "name", "language", "is_abroad"], name="base_outbox_template_once"),
            models.CheckConstraint(name="base_outbox_template_language", condition=Q(language__in=("zh", "en"))),
            models.CheckConstraint(name="base_outbox_template_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name} ({self.language})"

    @property
    def value(self) -> rules.Template:
        """The row as a frozen value."""
        return rules.Template(
            name=self.name, language=self.language, is_abroad=self.is_abroad, number=self.number, sign=self.sign
        )
