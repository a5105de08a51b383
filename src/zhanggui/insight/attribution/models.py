"""The tables of what advertising cost."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.insight.attribution.rules.spend import LONGEST_CAMPAIGN


class Spend(models.Model):
    """What a campaign cost on a day, as the latest file said it.

    amount_minor  in the currency of the shop's books; said_minor in that of the file
    told_minor    what facts have told of it; the log adds up to amount_minor as soon as both are the same
    """

    shop = models.CharField(max_length=40)
    day = models.DateField()
    channel = models.CharField(max_length=20)
    campaign = models.CharField(max_length=LONGEST_CAMPAIGN, default="", blank=True)
    amount_minor = models.BigIntegerField()
    told_minor = models.BigIntegerField(default=0, db_default=0)
    said_minor = models.BigIntegerField()
    said_currency = models.CharField(max_length=3)
    file_id = models.CharField(max_length=16)

    class Meta:
        db_table = "insight_attribution_spend"
        indexes = [
            models.Index(
                fields=["shop"], name="insight_attribution_untold", condition=~Q(told_minor=F("amount_minor"))
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "channel", "campaign"], name="insight_attribution_spend_once"
            ),
            models.CheckConstraint(
                name="insight_attribution_spend_amount", condition=Q(amount_minor__gte=0, said_minor__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.campaign}"


class File(models.Model):
    """A file of spend that was read.

    places   days, channels and campaigns it told of; `changed` of them were new or another than before
    heads    names of its columns; `refused` lines, each its number, its cells and why
    """

    id = models.CharField(primary_key=True, max_length=16)
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    at = models.DateTimeField()
    line_count = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    refused_rows = models.PositiveIntegerField()
    heads = models.JSONField(default=list)
    refused = models.JSONField(default=list)

    class Meta:
        db_table = "insight_attribution_file"
        indexes = [models.Index(fields=["shop", "-at"], name="insight_attribution_latest")]
        constraints = [
            models.CheckConstraint(
                name="insight_attribution_file_lines",
                condition=Q(refused_rows__lte=F("line_count"), changed__lte=F("places")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name}"
