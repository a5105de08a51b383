"""The tables of accounts, of their sessions, and of codes that were asked for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from zhanggui.base.accounts.rules import Kind, Right, Role, may


class AccountManager(BaseUserManager["Account"]):
    """Finds whoever signs in with a password, however the letters of the address are written."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The operator's account of that address; a shopper has no password and is never found."""
        return self.get(kind=Kind.OPERATOR, email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A way in: an operator's, with a role and a password, or a shopper's, with neither.

    email, phone  a shopper's count only once `verified_at` stands; an operator signs in with the mail address
    """

    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in Kind], default=Kind.OPERATOR)
    email = models.EmailField(null=True)
    phone = models.CharField(max_length=16, null=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=[(role, role) for role in Role], blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        db_table = "base_accounts_account"
        constraints = [
            models.CheckConstraint(
                name="base_accounts_account_kind",
                condition=Q(kind=Kind.OPERATOR, role__in=list(Role), email__isnull=False)
                | Q(kind=Kind.SHOPPER, role="", password__startswith="!")  # noqa: S106
                & Q(Q(email__isnull=False) | Q(phone__isnull=False)),
            ),
            models.CheckConstraint(
                name="base_accounts_account_email", condition=Q(email=Lower("email")) & ~Q(email="")
            ),
            models.CheckConstraint(name="base_accounts_account_phone", condition=Q(phone__startswith="+")),
            models.UniqueConstraint(fields=["kind", "email"], name="base_accounts_account_email_once"),
            models.UniqueConstraint(fields=["kind", "phone"], name="base_accounts_account_phone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OperatorManager(AccountManager):
    """Finds operators only."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Accounts of operators."""
        return super().get_queryset().filter(kind=Kind.OPERATOR)


class Operator(Account):
    """A person at the console; signs in with a mail address and a password."""

    objects: ClassVar[OperatorManager] = OperatorManager()

    class Meta:
        proxy = True

    def __str__(self) -> str:
        return str(self.email)

    def may(self, right: Right) -> bool:
        """Whether this operator may do that."""
        return self.is_active and may(Role(self.role), right)


class Session(AbstractBaseSession):
    """A browser at one of the doors, and whose it is, so that one statement can tell and one can end it."""

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)

    class Meta:
        db_table = "base_accounts_session"


class Asked(models.Model):
    """A code that was asked for; kept for a day, as digests, so that asking is slow."""

    who_digest = models.BinaryField(max_length=16)
    from_digest = models.BinaryField(max_length=16)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "base_accounts_asked"
        indexes = [
            models.Index(fields=["who_digest", "at"], name="base_accounts_asked_who"),
            models.Index(fields=["from_digest", "at"], name="base_accounts_asked_from"),
        ]

    def __str__(self) -> str:
        return f"asked at {self.at:%Y-%m-%d %H:%M}"
