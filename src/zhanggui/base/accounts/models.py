"""The table of operators."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from zhanggui.base.accounts.rules import Right, Role, may


class OperatorManager(BaseUserManager["Operator"]):
    """Finds operators by mail address, however its letters are written."""

    def get_by_natural_key(self, username: str | None) -> Operator:
        """The operator who signs in with that address."""
        return self.get(email=(username or "").strip().lower())


class Operator(AbstractBaseUser):
    """A person at the console; signs in with a mail address and a password."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=[(role, role) for role in Role])
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = OperatorManager()

    class Meta:
        db_table = "base_accounts_operator"
        constraints = [
            models.CheckConstraint(name="base_accounts_operator_role", condition=models.Q(role__in=list(Role))),
            models.CheckConstraint(name="base_accounts_operator_email", condition=models.Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.email

    def may(self, right: Right) -> bool:
        """Whether this operator may do that."""
        return self.is_active and may(Role(self.role), right)
