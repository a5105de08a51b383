"""The brake on guessing passwords, counted in the database, so that all processes count together.

Within a quarter of an hour: 5 wrong passwords for one person from one network address, 50 for one person from anywhere,
30 from one network address for anybody. The second is high, so that nobody is locked out by a stranger's few guesses.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from zhanggui.doors.console.models import FailedSignIn

WINDOW: Final = timedelta(minutes=15)
MOST_TOGETHER: Final = 5
MOST_FOR_ONE: Final = 50
MOST_FROM_ONE: Final = 30
_KEPT_FOR: Final = timedelta(days=1)


def is_braked(*, email: str, address: str, at: datetime) -> bool:
    """Whether another try has to wait. Indexes doors_console_failed_who, doors_console_failed_from."""
    recent = FailedSignIn.objects.filter(at__gt=at - WINDOW)
    for_one = recent.filter(who_digest=_digest(email))
    from_one = recent.filter(from_digest=_digest(address))
    return (
        for_one.filter(from_digest=_digest(address)).count() >= MOST_TOGETHER
        or for_one.count() >= MOST_FOR_ONE
        or from_one.count() >= MOST_FROM_ONE
    )


def note_failure(*, email: str, address: str, at: datetime) -> None:
    """Count a wrong password, and forget those of yesterday."""
    FailedSignIn.objects.filter(at__lt=at - _KEPT_FOR).delete()
    FailedSignIn.objects.create(who_digest=_digest(email), from_digest=_digest(address), at=at)


def forgive(*, email: str, address: str) -> None:
    """Forget the wrong passwords of somebody who then knew the right one."""
    FailedSignIn.objects.filter(who_digest=_digest(email), from_digest=_digest(address)).delete()


def address_of(request: HttpRequest) -> str:
    """The network address that asks; behind a balancer, the last one that it added."""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if settings.IS_SECURE and forwarded else str(request.META.get("REMOTE_ADDR", ""))


def _digest(text: str) -> bytes:
    keyed = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(text.strip().lower().encode(), digest_size=16, key=keyed).digest()
