"""Steps, what they say to whom, and how a shop sends; what must hold is held by the database."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import rules
from zhanggui.growth.messages.rules import Reason, State


class Step(models.Model):
    """One message to many people.

    coupon  promotion that gives each a coupon when the message is sent
    goods   SKUs that a mail shows
    cause   the fact that led to it, such as the start of a play
    until   from when on nothing of it leaves; never, if it is None
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    step = models.CharField(max_length=80)
    channel = models.CharField(max_length=8, choices=[(channel, channel) for channel in Channel])
    campaign = models.CharField(max_length=120, blank=True)
    coupon = models.UUIDField(null=True)
    subject_zh = models.CharField(max_length=200, blank=True)
    subject_en = models.CharField(max_length=200, blank=True)
    words_zh = models.TextField()
    words_en = models.TextField()
    path = models.CharField(max_length=200)
    cause = models.UUIDField(null=True)
    by = models.CharField(max_length=120)
    planned_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    goods = models.JSONField(default=list)

    class Meta:
        db_table = "growth_messages_step"
        constraints = [
            models.UniqueConstraint(fields=["shop", "step"], name="growth_messages_step_once"),
            models.CheckConstraint(name="growth_messages_step_channel", condition=Q(channel__in=list(Channel))),
            models.CheckConstraint(name="growth_messages_step_path", condition=Q(path__startswith="/")),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.step}"

    @property
    def wording(self) -> rules.Wording:
        """What it says."""
        return rules.Wording(
            subject_zh=self.subject_zh,
            subject_en=self.subject_en,
            words_zh=self.words_zh,
            words_en=self.words_en,
            path=self.path,
        )


class Message(models.Model):
    """One step to one person: it waits, was sent or was refused.

    decided_at  when it was sent or refused
    letter      in the outbox
    coupon      that was given along with it
    token       stands in the letter's links; empty until it is sent
    told        the fact that it was sent
    """

    id = models.UUIDField(primary_key=True)
    step = models.ForeignKey(Step, on_delete=models.PROTECT)
    shop = models.CharField(max_length=40)
    person = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=[(state, state) for state in State])
    reason = models.CharField(max_length=12, blank=True, choices=[(reason, reason) for reason in Reason])
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    letter = models.UUIDField(null=True)
    coupon = models.UUIDField(null=True)
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=6, blank=True)
    token = models.CharField(max_length=24, blank=True)
    clicked_at = models.DateTimeField(null=True)
    told = models.UUIDField(null=True)

    class Meta:
        db_table = "growth_messages_message"
        indexes = [
            models.Index(fields=["step", "due_at"], name="growth_messages_due", condition=Q(state="waiting")),
            models.Index(
                fields=["shop", "person", "decided_at"], name="growth_messages_lately", condition=Q(state="sent")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["step", "person"], name="growth_messages_person_once"),
            models.UniqueConstraint(fields=["letter"], name="growth_messages_letter_once"),
            models.UniqueConstraint(fields=["token"], name="growth_messages_token_once", condition=~Q(token="")),
            models.CheckConstraint(
                name="growth_messages_decided",
                condition=Q(state="waiting", decided_at=None, letter=None, reason="")
                | Q(state="refused", decided_at__isnull=False, letter=None) & ~Q(reason="")
                | Q(state="sent", decided_at__isnull=False, letter__isnull=False, reason="") & ~Q(token=""),
            ),
            models.CheckConstraint(name="growth_messages_clicked", condition=Q(clicked_at=None) | Q(state="sent")),
            models.CheckConstraint(name="growth_messages_cost", condition=Q(cost_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.person} ({self.state})"


class Terms(models.Model):
    """How a shop sends; without a row as `rules.Terms` begins."""

    shop = models.CharField(max_length=40, primary_key=True)
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    most_messages = models.PositiveSmallIntegerField()
    per_days = models.PositiveSmallIntegerField()
    mail_minor = models.PositiveIntegerField()
    sms_minor = models.PositiveIntegerField()

    class Meta:
        db_table = "growth_messages_terms"
        constraints = [
            models.CheckConstraint(
                name="growth_messages_terms_cap", condition=Q(most_messages__gte=1) & Q(per_days__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.shop

    @property
    def value(self) -> rules.Terms:
        """The row as a frozen value."""
        return rules.Terms(
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            most_messages=self.most_messages,
            per_days=self.per_days,
            mail_minor=self.mail_minor,
            sms_minor=self.sms_minor,
        )
