"""Telling the shop's server what has happened, until it has heard or the provider would give up."""

from __future__ import annotations

import logging
import secrets
import threading
from datetime import datetime
from typing import Protocol

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from zhanggui.base import clock
from zhanggui.doors.sandbox import actions, alipay, plain, rules, stripe, tencent, wechat
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.rules import Charge, Letter, Method, Saying
from zhanggui.doors.sandbox.store import books, saying_of


class Speaker(Protocol):
    """What each provider's module knows of telling."""

    def letter(self, charge: Charge, saying: Saying, *, at: datetime, key: str) -> Letter:
        """A message as it is sent."""
        ...

    def is_heard(self, status: int, body: bytes) -> bool:
        """Whether the shop's answer is the one that the provider wants."""
        ...


_PROTOCOLS: dict[Method, Speaker] = {
    Method.PLAIN: plain,
    Method.STRIPE: stripe,
    Method.ALIPAY: alipay,
    Method.WECHAT: wechat,
}
_PATIENCE_S = 10.0
_REST_S = 0.1
_IS_ANYTHING_DUE = """
select exists (select * from saying where due_at <= :now) or exists (select * from refund where due_at <= :now)
    or exists (select * from receipt where due_at <= :now)
"""

log = logging.getLogger(__name__)


def keep_telling() -> None:
    """Start the thread that tells; it ends with the process."""
    threading.Thread(target=_tell_on, name="sandbox-messages", daemon=True).start()


def tell_what_is_due(client: httpx.Client, *, at: datetime) -> int:
    """Send every message that is due, oldest first, and note how it went; how many there were."""
    with books(is_writing=True) as db:
        actions.end_refunds(db, at=at)
        rows = db.execute("select * from saying where due_at <= ? order by due_at, id", [at.timestamp()]).fetchall()
    for row in rows:
        saying = saying_of(row)
        charge = actions.find(saying.token)
        _note(charge, saying, is_heard=_is_told(client, charge, saying))
    return len(rows)


def _tell_on() -> None:
    rest = threading.Event()
    with httpx.Client(timeout=_PATIENCE_S, trust_env=False) as client, books() as db:
        while not rest.wait(_REST_S):
            # Looked at on one connection: to open the books ten times a second takes a fiftieth of a processor.
            (is_anything_due,) = db.execute(_IS_ANYTHING_DUE, {"now": clock.now().timestamp()}).fetchone()
            if is_anything_due:
                tell_what_is_due(client, at=clock.now())
                tencent.tell_what_is_due(client, at=clock.now())


def _is_told(client: httpx.Client, charge: Charge, saying: Saying) -> bool:
    letter = _letter(charge, saying)
    if not letter.address:
        return True
    try:
        answer = client.post(letter.address, content=letter.body, headers=letter.headers)
    except httpx.HTTPError as failed:
        log.info("%s did not hear %s: %s", letter.address, saying.id, failed)
        return False
    return _PROTOCOLS[charge.method].is_heard(answer.status_code, answer.content)


def _letter(charge: Charge, saying: Saying) -> Letter:
    right = {
        Method.PLAIN: keys().plain,
        Method.STRIPE: keys().stripe_webhook,
        Method.ALIPAY: keys().alipay_private,
        Method.WECHAT: keys().wechat_private,
    }[charge.method]
    key = _strange_key(charge.method) if saying.is_forged else right
    return _PROTOCOLS[charge.method].letter(charge, saying, at=clock.now(), key=key)


def _strange_key(method: Method) -> str:
    """A key like the right one that nobody believes."""
    if method in {Method.PLAIN, Method.STRIPE}:
        return secrets.token_hex(32)
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _note(charge: Charge, saying: Saying, *, is_heard: bool) -> None:
    """Told: done, or once more if it is told twice. Not told: again when the provider's schedule says so."""
    now = clock.now()
    tries = saying.tries + (not is_heard)
    copies = saying.copies - is_heard
    wait = rules.wait_before(charge.method, tries) if not is_heard else None
    due_at = None if wait is None else (now + actions.at_our_pace(wait)).timestamp()
    if copies and is_heard:
        due_at = now.timestamp()
    with books(is_writing=True) as db:
        db.execute(
            "update saying set tries = ?, copies = ?, due_at = ? where id = ?", [tries, copies, due_at, saying.id]
        )
