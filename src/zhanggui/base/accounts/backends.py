"""Who a session belongs to, by door: an operator's session yields an operator, a shopper's never does."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.http import HttpRequest

from zhanggui.base.accounts.models import Account, Operator
from zhanggui.base.accounts.rules import Kind


class OperatorBackend(ModelBackend):
    """The console: mail address and password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **other: Any
    ) -> Operator | None:
        """The operator of that address if the password is right."""
        found = super().authenticate(request, username=username, password=password)
        return self.get_user(found.pk) if found else None

    def get_user(self, user_id: int) -> Operator | None:
        """The active operator of that id; None for a shopper's."""
        found = Operator.objects.filter(pk=user_id, is_active=True).first()
        return found if isinstance(found, Operator) else None


class ShopperBackend(BaseBackend):
    """The shop: a code, which allauth has looked at before anybody comes here."""

    def get_user(self, user_id: int) -> Account | None:
        """The active shopper's account of that id; None for an operator's."""
        return Account.objects.filter(pk=user_id, kind=Kind.SHOPPER, is_active=True).first()
