"""The table of keys."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zhanggui.base.accounts.rules import Right
from zhanggui.base.keys import rules


class Key(models.Model):
    """A key that another program works with; what it is stays with that program."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    rights = ArrayField(models.CharField(max_length=40))
    key_digest = models.BinaryField(max_length=32, unique=True)
    ending = models.CharField(max_length=4)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "base_keys_key"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "name"], condition=Q(revoked_at=None), name="base_keys_key_name_once"
            ),
            models.CheckConstraint(name="base_keys_key_rights", condition=~Q(rights=[]) & ~Q(name="")),
            models.CheckConstraint(name="base_keys_key_ends", condition=Q(expires_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.name}"

    @property
    def value(self) -> rules.Key:
        """The row as a frozen value."""
        return rules.Key(
            id=str(self.id),
            shop=self.shop,
            name=self.name,
            rights=frozenset(Right(right) for right in self.rights),
            ending=self.ending,
            made_by=self.made_by,
            made_at=self.made_at,
            expires_at=self.expires_at,
            revoked_at=self.revoked_at,
            last_used_at=self.last_used_at,
        )
