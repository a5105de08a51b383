"""Taking operators in."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection

from zhanggui.base import clock
from zhanggui.base.accounts.errors import AlreadyOperator, WeakPassword
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.actions import operation

_FIRST_OPERATOR_LOCK = 71_001


@operation
def take_in(*, email: str, password: str, role: Role, name: str = "") -> int:
    """Let a person sign in to the console; returns the operator's id.

    refuses  WeakPassword, AlreadyOperator
    """
    address = email.strip().lower()
    if Operator.objects.filter(email=address).exists():
        raise AlreadyOperator(email=address)
    someone = Operator(email=address, role=role, name=name, joined_at=clock.now())
    try:
        validate_password(password, someone)
    except ValidationError as weak:
        raise WeakPassword(reasons=weak.messages) from weak
    someone.set_password(password)
    someone.save()
    return int(someone.pk)


@operation
def take_in_first(*, email: str) -> str | None:
    """Make the owner of a new installation and return the password, once; None if somebody can sign in already.

    Two starts at the same moment make one owner: the second waits and finds the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_FIRST_OPERATOR_LOCK])
    if Operator.objects.exists():
        return None
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    take_in(email=email, password=password, role=Role.OWNER, name="")
    return password


@operation
def set_password(*, email: str, password: str) -> None:
    """Give an operator a new password; sessions signed in with the old one end.

    refuses  WeakPassword; does nothing for an address that nobody has
    """
    someone = Operator.objects.select_for_update().filter(email=email.strip().lower()).first()
    if someone is None:
        return
    try:
        validate_password(password, someone)
    except ValidationError as weak:
        raise WeakPassword(reasons=weak.messages) from weak
    someone.set_password(password)
    someone.save(update_fields=["password"])


@operation
def prove_address(*, operator_id: int, email: str) -> bool:
    """Keep that an operator holds the mail address that a link was sent to; False if it is another one by now."""
    mine = Operator.objects.filter(pk=operator_id, email=email.strip().lower(), is_active=True)
    if not mine.exists():
        return False
    mine.filter(verified_at=None).update(verified_at=clock.now())
    return True
