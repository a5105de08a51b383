"""Wrong passwords, counted so that guessing is slow; files that were sent, and how far they are."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.doors.console.rules import IntakeKind, IntakeState


class FailedSignIn(models.Model):
    """One sign-in that did not succeed; kept for a day, as digests, not as addresses."""

    who_digest = models.BinaryField(max_length=16)
    from_digest = models.BinaryField(max_length=16)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "doors_console_failed_sign_in"
        indexes = [
            models.Index(fields=["who_digest", "at"], name="doors_console_failed_who"),
            models.Index(fields=["from_digest", "at"], name="doors_console_failed_from"),
        ]

    def __str__(self) -> str:
        return f"failed at {self.at:%Y-%m-%d %H:%M}"


class Intake(models.Model):
    """A file that was sent to the console, how far it is, and what came of it.

    It lies in the home folder under `imports`, by its id, until it is taken in.
    kind      products of this shop, or what another shop sold
    asked     how the file of another shop is to be read, see `rules.Asked`
    run       grows whenever a job is put on it; only the newest may write
    language  of who sent it, for the reasons in the file of what was left out
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, default=IntakeKind.PRODUCTS)
    shop = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField()
    sent_by = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    run = models.PositiveIntegerField(default=1)
    form = models.CharField(max_length=20, blank=True)
    total_rows = models.PositiveIntegerField(default=0)
    asked = models.JSONField(default=dict)
    tally = models.JSONField(null=True)
    begun_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True)
    said = models.TextField(blank=True, default="")
    line = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "doors_console_intake"
        indexes = [models.Index(fields=["kind", "-sent_at"], name="doors_console_intake_sent")]
        constraints = [
            models.CheckConstraint(
                name="doors_console_intake_state", condition=Q(state__in=[state.value for state in IntakeState])
            ),
            models.CheckConstraint(
                name="doors_console_intake_kind", condition=Q(kind__in=[kind.value for kind in IntakeKind])
            ),
            models.CheckConstraint(name="doors_console_intake_moved", condition=Q(moved_at__gte=F("sent_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
