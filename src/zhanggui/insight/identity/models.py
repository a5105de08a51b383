"""Pairs of ids."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhanggui.insight.identity.rules import How


class Link(models.Model):
    """An id and the person it turned out to be; kept when it is parted, so that it is not believed again.

    until_us  from when on somebody else was known under the id; for good if null
    """

    shop = models.CharField(max_length=40)
    alias = models.CharField(max_length=120)
    person = models.CharField(max_length=120)
    how = models.CharField(max_length=20, choices=[(one.value, one.name) for one in How])
    at_us = models.BigIntegerField()
    until_us = models.BigIntegerField(null=True)
    evidence = models.UUIDField(null=True)
    parted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insight_identity_link"
        constraints = [
            models.UniqueConstraint(fields=["shop", "alias", "person"], name="insight_identity_link_once"),
            models.UniqueConstraint(
                fields=["shop", "alias"], name="insight_identity_link_one_person", condition=Q(parted_at=None)
            ),
            models.CheckConstraint(name="insight_identity_link_two", condition=~Q(alias=F("person"))),
            models.CheckConstraint(name="insight_identity_link_somebody", condition=~Q(alias="") & ~Q(person="")),
        ]
        indexes = [
            models.Index(fields=["shop", "person"], name="insight_identity_link_person", condition=Q(parted_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.alias} {self.person}"
