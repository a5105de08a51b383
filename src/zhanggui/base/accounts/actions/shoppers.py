"""Letting shoppers prove what they sign in with, and ending their sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import QuerySet

from zhanggui.base import clock
from zhanggui.base.accounts.errors import AlreadyTaken, TooManyCodes
from zhanggui.base.accounts.models import Account, Asked, Session
from zhanggui.base.accounts.rules import FOR_ONE, FROM_ONE, Handle, Kind, Limit
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation

_FORGOTTEN_AFTER: Final = timedelta(days=1)

# Unique (kind, phone) and (kind, email): two who ask at once get the same account.
_OPEN: Final = """
insert into base_accounts_account as a (kind, {way}, password, name, role, language, is_active, joined_at)
values ('shopper', %s::varchar, %s::varchar, '', '', '', true, %s::timestamptz)
on conflict on constraint base_accounts_account_{way}_once do update set joined_at =
    case when a.verified_at is null then excluded.joined_at else a.joined_at end
returning id
"""


@operation
def note_asked(*, handle: Handle, address: str) -> None:
    """Count one more code for a phone number or mail address, asked for from a network address.

    Indexes base_accounts_asked_who, base_accounts_asked_from. Two who ask for the same stand in a queue.
    refuses  TooManyCodes, and then counts nothing
    """
    now, who, origin = clock.now(), _digest(handle.value), _digest(address)
    _stand_in_queue(handle)
    _hold_to(FOR_ONE, Asked.objects.filter(who_digest=who), at=now)
    _hold_to(FROM_ONE, Asked.objects.filter(from_digest=origin), at=now)
    Asked.objects.create(who_digest=who, from_digest=origin, at=now)


@operation
def open_for(*, handle: Handle) -> int:
    """The account that a phone number or mail address opens, made if there is none yet; returns its id.

    A new account opens nothing until its owner has proved the number or address with a code.
    """
    _stand_in_queue(handle)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(way=handle.way), [handle.value, make_password(None), clock.now()])
        return int(cursor.fetchone()[0])


@operation
def prove(*, account_id: int, handle: Handle) -> None:
    """Keep that whoever holds this account also holds the phone number or mail address.

    refuses  AlreadyTaken if it opens another account that was proved; nothing is changed
    """
    _stand_in_queue(handle)
    others = Account.objects.filter(kind=Kind.SHOPPER, **{handle.way.value: handle.value}).exclude(pk=account_id)
    for other in others.select_for_update():
        if other.verified_at is not None:
            raise AlreadyTaken(way=handle.way)
        other.delete()
    mine = Account.objects.select_for_update().get(pk=account_id, kind=Kind.SHOPPER)
    setattr(mine, handle.way.value, handle.value)
    mine.verified_at = mine.verified_at or clock.now()
    mine.save(update_fields=[handle.way.value, "verified_at"])


@operation
def claim_session(*, session_key: str) -> bool:
    """Have a session to ourselves until this transaction ends; False if there is none, or no longer.

    Whoever waits here while a code is used finds the session gone: a code opens the door once.
    """
    return Session.objects.select_for_update().filter(pk=session_key, expire_date__gt=clock.now()).exists()


@operation
def sign_out_everywhere(*, account_id: int, but: str = "") -> int:
    """End all sessions of an account, but for one if its key is given; how many ended."""
    ended, _ = Session.objects.filter(account_id=account_id).exclude(pk=but).delete()
    return ended


@operation
def close(*, account_id: int) -> None:
    """Forget a shopper's account with its number and address, and end its sessions. Who comes back opens another."""
    Session.objects.filter(account_id=account_id).delete()
    Account.objects.filter(pk=account_id, kind=Kind.SHOPPER).delete()


@job(name="base.sweep_accounts", every="10 19 * * *")
def sweep() -> None:
    """Forget what is of no use any more: ended sessions, counted codes, accounts that nobody proved within a day."""
    now = clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Asked.objects.filter(at__lt=now - _FORGOTTEN_AFTER).delete()
    unproved = Account.objects.filter(kind=Kind.SHOPPER, verified_at=None, joined_at__lt=now - _FORGOTTEN_AFTER)
    with transaction.atomic():
        unproved.delete()


def _stand_in_queue(handle: Handle) -> None:
    """Whoever is about the same number or address waits until this transaction ends."""
    key = int.from_bytes(_digest(handle.value)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [key])


def _hold_to(limits: Sequence[Limit], asked: QuerySet[Asked], *, at: datetime) -> None:
    for limit in limits:
        recent = list(asked.filter(at__gt=at - limit.within).order_by("-at").values_list("at", flat=True)[: limit.most])
        if len(recent) >= limit.most:
            wait = recent[-1] + limit.within - at
            raise TooManyCodes(wait_seconds=max(1, int(wait.total_seconds())))


def _digest(text: str) -> bytes:
    keyed = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(text.encode(), digest_size=16, key=keyed).digest()
