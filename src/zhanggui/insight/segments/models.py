"""Names of segments, and the people of those that are frozen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from zhanggui.insight.metrics.rules import Preset
from zhanggui.insight.segments import rules


class Segment(models.Model):
    """People under a name: a question while it is live, a list once it is frozen."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    kind = models.CharField(max_length=40)
    terms = models.JSONField()
    slides = models.CharField(max_length=10, default="")
    made_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    people = models.PositiveBigIntegerField(null=True)

    class Meta:
        db_table = "insight_segments_segment"
        constraints = [
            models.UniqueConstraint("shop", Lower("name"), name="insight_segments_name_once"),
            models.CheckConstraint(name="insight_segments_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="insight_segments_frozen",
                condition=Q(frozen_at=None, people=None) | Q(frozen_at__isnull=False, people__isnull=False),
            ),
            models.CheckConstraint(name="insight_segments_slides", condition=Q(frozen_at=None) | Q(slides="")),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name}"

    @property
    def value(self) -> rules.Segment:
        """The row as a frozen value."""
        return rules.Segment(
            id=str(self.pk),
            shop=self.shop,
            name=self.name,
            source=rules.Source(kind=self.kind, terms=self.terms, slides=Preset(self.slides) if self.slides else None),
            made_at=self.made_at,
            frozen_at=self.frozen_at,
            people=self.people,
        )


class Member(models.Model):
    """One of the people of a frozen segment."""

    pk = models.CompositePrimaryKey("segment_id", "person")
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE)
    person = models.TextField()

    class Meta:
        db_table = "insight_segments_member"
        indexes = [models.Index(fields=["person"], name="insight_segments_of_person")]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.person}"
