"""Briefings, the words that people wrote in them, and what became of their proposals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.steer.briefings import rules
from zhanggui.steer.briefings.rules import Document, Kind, Outcome, State, Verdict


class Briefing(models.Model):
    """A document of some days. Of the same days there may be several that were published, and one draft.

    document  as `rules.written` writes it; digest: of it
    edition   1 for the first of these days
    fact      that told of its publication, the cause of what was decided
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in Kind])
    first = models.DateField()
    end = models.DateField()
    edition = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=[(state, state) for state in State], default=State.DRAFT)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=120, blank=True)
    fact = models.UUIDField(null=True)

    class Meta:
        db_table = "steer_briefings_briefing"
        indexes = [models.Index(fields=["shop", "-first", "kind"], name="steer_briefings_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "kind", "first", "end", "edition"], name="steer_briefings_edition_once"
            ),
            models.UniqueConstraint(
                fields=["shop", "kind", "first", "end"],
                condition=Q(state="draft"),
                name="steer_briefings_one_draft",
            ),
            models.CheckConstraint(name="steer_briefings_kind", condition=Q(kind__in=list(Kind))),
            models.CheckConstraint(name="steer_briefings_days", condition=Q(first__lt=F("end"))),
            models.CheckConstraint(
                name="steer_briefings_published",
                condition=Q(state="draft", published_at=None, fact=None)
                | Q(state="published", published_at__isnull=False, fact__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.kind} {self.first}"

    @property
    def value(self) -> Document:
        """The document as a frozen value."""
        return rules.read(self.document.encode())


class Words(models.Model):
    """What stands in place of a sentence in one language; the sentence itself, with its figures, stays beside it.

    is_polished  written by the polisher, which may not touch a figure; else by a person
    """

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="words")
    key = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    words = models.CharField(max_length=rules.LONGEST_WORDS)
    is_polished = models.BooleanField(default=False)
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "steer_briefings_words"
        constraints = [
            models.UniqueConstraint(fields=["briefing", "key", "language"], name="steer_briefings_words_once"),
            models.CheckConstraint(name="steer_briefings_words_said", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.key} {self.language}"


class Decision(models.Model):
    """What somebody said to a proposal, and what it became.

    target  in the units of goals, where it was changed
    made    id of the goal, play or budget; empty until it is carried out
    """

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="decisions")
    key = models.CharField(max_length=200)
    outcome = models.CharField(max_length=8, choices=[(one, one) for one in Outcome])
    verdict = models.CharField(max_length=8, choices=[(verdict, verdict) for verdict in Verdict])
    target = models.BigIntegerField(null=True)
    made = models.CharField(max_length=40, blank=True)
    decided_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "steer_briefings_decision"
        constraints = [
            models.UniqueConstraint(fields=["briefing", "key"], name="steer_briefings_decision_once"),
            models.CheckConstraint(
                name="steer_briefings_decision_target",
                condition=Q(verdict="change", target__gt=0) | ~Q(verdict="change") & Q(target=None),
            ),
            models.CheckConstraint(name="steer_briefings_dropped", condition=~Q(verdict="drop") | Q(made="")),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.key} {self.verdict}"
