"""Letters that are due, which of them a shop sends, and in which language an order was placed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhanggui.shop.letters.rules import Kind, Reason, State


class Due(models.Model):
    """One letter, keyed by the fact that it follows.

    about   id of the parcel or refund, or number of the return; empty for the order itself
    letter  its id in the outbox
    """

    fact = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in Kind])
    order_number = models.CharField(max_length=24)
    about = models.CharField(max_length=40, blank=True)
    told_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in State])
    reason = models.CharField(max_length=20, blank=True)
    letter = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_letters_due"
        indexes = [
            models.Index(fields=["told_at"], name="shop_letters_due_waiting", condition=Q(state=State.WAITING)),
            models.Index(fields=["shop", "told_at"], name="shop_letters_due_told"),
        ]
        constraints = [
            models.CheckConstraint(name="shop_letters_due_kind", condition=Q(kind__in=list(Kind))),
            models.CheckConstraint(
                name="shop_letters_due_state",
                condition=Q(state=State.WAITING, letter=None, reason="", decided_at=None)
                | Q(state=State.WRITTEN, letter__isnull=False, reason="", decided_at__isnull=False)
                | Q(state=State.LEFT_OUT, letter=None, reason__in=list(Reason), decided_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["letter"], name="shop_letters_due_letter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_number}"


class Terms(models.Model):
    """Which letters a shop sends; one that never said so sends the usual ones."""

    shop = models.CharField(primary_key=True, max_length=40)
    kinds = ArrayField(models.CharField(max_length=20))

    class Meta:
        db_table = "shop_letters_terms"
        constraints = [
            models.CheckConstraint(name="shop_letters_terms_kinds", condition=Q(kinds__contained_by=list(Kind)))
        ]

    def __str__(self) -> str:
        return self.shop


class Language(models.Model):
    """In which language the shop was read when an order was placed, if it was not the house's own."""

    order_number = models.CharField(primary_key=True, max_length=24)
    language = models.CharField(max_length=2)

    class Meta:
        db_table = "shop_letters_language"
        constraints = [models.CheckConstraint(name="shop_letters_language", condition=Q(language__in=["zh", "en"]))]

    def __str__(self) -> str:
        return f"{self.order_number} {self.language}"
