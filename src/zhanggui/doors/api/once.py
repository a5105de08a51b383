"""A call with the same key happens once: its answer is kept and given again.

Verbs that know idempotency keys themselves get one made of the same key, so that even a call whose process died in the
middle does not happen twice when it is taken up again.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection
from django.http import HttpRequest, HttpResponse

from zhanggui.base import clock
from zhanggui.doors.api import models, uploads
from zhanggui.doors.api.errors import KeyMissing, KeyMisused, StillRunning

HEADER: Final = "Idempotency-Key"
# Longer than any call takes; a process that died lets go after it.
_CLAIM: Final = timedelta(seconds=60)
_PATIENCE_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.05
_KEY: Final = re.compile(r"^[\x21-\x7e]{1,200}$")

# Index doors_api_answer_once. Who comes second finds no row to insert; a claim that ran out is taken over by one.
_CLAIM_ROW: Final = """
insert into doors_api_answer as a (asker, key, asked_digest, at, claimed_until)
values (%s::varchar, %s::varchar, %s::bytea, %s::timestamptz, %s::timestamptz)
on conflict on constraint doors_api_answer_once do update set claimed_until = excluded.claimed_until
    where a.claimed_until < excluded.at and a.asked_digest = excluded.asked_digest
returning id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that changes something, with its key."""

    asker: str
    key: str
    digest: bytes


def call_of(request: HttpRequest, *, asker: str) -> Call:
    """The call with its key; what is asked is its method, address and body, to the letter.

    refuses  KeyMissing; NotMultipart where a file is to be sent
    """
    key = request.headers.get(HEADER, "")
    if not _KEY.match(key):
        raise KeyMissing(header=HEADER)
    asked = b"\0".join((str(request.method).encode(), request.get_full_path().encode(), uploads.body_of(request)))
    return Call(asker=asker, key=key, digest=hashlib.sha256(asked).digest())


def key_of(request: HttpRequest) -> str:
    """The key to hand on to a verb: nobody else's call can have the same."""
    call: Call = request.once  # type: ignore[attr-defined]
    return hashlib.sha256(f"{call.asker}\0{call.key}".encode()).hexdigest()


def once(call: Call, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Make a call, or give the answer that it had; two at the same moment are one.

    An answer that says our own fault, or that somebody else is away, is not kept: the next try may work.
    refuses  KeyMisused, StillRunning after ten seconds of waiting
    """
    deadline = time.monotonic() + _PATIENCE_S
    while not (row_id := _claim(call)):
        if kept := _kept(call):
            return kept
        if time.monotonic() > deadline:
            raise StillRunning(key=call.key)
        time.sleep(_LOOK_EVERY_S)
    try:
        response = make()
    except BaseException:
        _let_go(row_id)
        raise
    if response.status_code >= 500:
        _let_go(row_id)
    else:
        rows = models.Answer.objects.filter(pk=row_id)
        rows.update(claimed_until=None, status=response.status_code, body=response.content)
    return response


def _claim(call: Call) -> int:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_ROW, [call.asker, call.key, call.digest, now, now + _CLAIM])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _kept(call: Call) -> HttpResponse | None:
    row = models.Answer.objects.filter(asker=call.asker, key=call.key).first()
    if row is None:
        return None
    if bytes(row.asked_digest) != call.digest:
        raise KeyMisused(key=call.key)
    if row.status is None:
        return None
    body = bytes(row.body or b"")
    return HttpResponse(
        body, status=row.status, content_type="application/json", headers={"Idempotency-Replayed": "true"}
    )


def _let_go(row_id: int) -> None:
    models.Answer.objects.filter(pk=row_id, status=None).delete()
