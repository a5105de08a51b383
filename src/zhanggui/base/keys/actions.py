"""Making keys and taking them back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.keys import models, rules
from zhanggui.base.keys.errors import KeyNotAllowed, NoSuchKey
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor

_ENDING = 4


@operation
def make(
    *, shop: str, name: str, rights: Collection[Right], makers: Collection[Right], expires_at: datetime, by: Actor
) -> str:
    """Let a program work in a shop; the key, which nobody can read again.

    rights   what it may do, at least one
    makers   what whoever makes it may do: nobody gives away more
    refuses  KeyNotAllowed; nothing is written
    """
    now, tidy = clock.now(), name.strip()
    if not 0 < len(tidy) <= rules.LONGEST_NAME or "\0" in tidy:
        raise KeyNotAllowed(field="name")
    if not rights or not set(rights) <= set(makers) & set(rules.GRANTABLE):
        raise KeyNotAllowed(field="rights")
    if not now < expires_at <= now + timedelta(days=rules.MOST_DAYS):
        raise KeyNotAllowed(field="expires_at")
    secret = rules.secret_of(secrets.token_urlsafe(32))
    try:
        with transaction.atomic():
            models.Key.objects.create(
                id=ids.uuid7(),
                shop=shop,
                name=tidy,
                rights=sorted(rights),
                key_digest=rules.digest_of(secret),
                ending=secret[-_ENDING:],
                made_by=str(by),
                made_at=now,
                expires_at=expires_at,
            )
    except IntegrityError as taken:
        raise KeyNotAllowed(field="name") from taken
    return secret


@operation
def revoke(*, shop: str, key_id: str) -> None:
    """Let a key open nothing any more, from the next call on.

    refuses  NoSuchKey
    """
    rows = models.Key.objects.filter(pk=UUID(key_id), shop=shop, revoked_at=None)
    if not rows.update(revoked_at=clock.now()):
        raise NoSuchKey(key_id=key_id)


def note_use(key: rules.Key, *, at: datetime) -> None:
    """Know when a key was last used, to the minute: no statement if that was written within the last one."""
    before = at - rules.USE_IS_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at < before:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=before)
        models.Key.objects.filter(stale, pk=UUID(key.id)).update(last_used_at=at)
