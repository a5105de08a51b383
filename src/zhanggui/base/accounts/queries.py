"""Reading accounts."""

from __future__ import annotations

from typing import Final

from zhanggui.base.accounts.models import Account, Operator
from zhanggui.base.accounts.rules import Kind, Shopper

# Whose a session is: a subquery with the session's key and the moment, for whoever joins it with their own table.
ACCOUNT_OF_SESSION: Final = (
    "select account_id from base_accounts_session where session_key = %s::varchar and expire_date > %s::timestamptz"
)


def has_operators() -> bool:
    """Whether anybody can sign in to the console yet."""
    return Operator.objects.filter(is_active=True).exists()


def shopper(account_id: int) -> Shopper | None:
    """What a shopper has proved to hold; None if nothing yet, or if the account is closed. One statement."""
    row = Account.objects.filter(pk=account_id, kind=Kind.SHOPPER, is_active=True, verified_at__isnull=False).first()
    return Shopper(account_id=row.pk, phone=row.phone or "", email=row.email or "") if row else None
