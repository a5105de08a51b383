"""Reading accounts."""

from __future__ import annotations

from typing import Final

from zhanggui.base.accounts.models import Account, Operator
from zhanggui.base.accounts.rules import Kind, Reader, Right, Role, Shopper, may

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


def readers() -> tuple[Reader, ...]:
    """All operators who may come in, by mail address."""
    return tuple(_reader(row) for row in Operator.objects.filter(is_active=True).order_by("email"))


def reader(operator_id: int) -> Reader | None:
    """One of them; None if there is none, or no longer."""
    row = Operator.objects.filter(pk=operator_id, is_active=True).first()
    return _reader(row) if row else None


def _reader(row: Account) -> Reader:
    return Reader(
        id=row.pk,
        email=row.email or "",
        name=row.name,
        is_proved=row.verified_at is not None,
        may_see_numbers=may(Role(row.role), Right.SEE_NUMBERS),
    )
