"""Text messages that reach nobody: taken, refused, or taken without an answer, with receipts that come as they may.

What becomes of one is told by the last four digits of its number, so that everybody can try everything.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from zhanggui.base import clock
from zhanggui.base.outbox.rules import callback_key, segments
from zhanggui.doors.sandbox.actions import at_our_pace
from zhanggui.doors.sandbox.keys import TENCENT_APP_ID, keys
from zhanggui.doors.sandbox.store import books, insert

ARRIVES_AFTER = timedelta(seconds=3)
LATE_BY = timedelta(minutes=5)
# How long a call that was not heard waits before it is tried once more.
CALLS_AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_LETTERS = 100


class Fate(StrEnum):
    """What becomes of a message.

    LIMITED   refused for being too soon, and taken when it is tried again
    SILENT    taken, but the answer hangs
    LATE      it arrives five minutes later
    TWICE     the shop is told twice that it has arrived
    SWAPPED   the carrier gives up and then it arrives after all, and the shop is told the other way round
    UNCALLED  it arrives and the shop is not called: it has to ask
    FORGED    somebody calls who does not know the key, with the news that it failed
    """

    ARRIVES = "arrives"
    NO_NUMBER = "no_number"
    BARRED = "barred"
    LIMITED = "limited"
    SILENT = "silent"
    FAILS = "fails"
    LATE = "late"
    TWICE = "twice"
    SWAPPED = "swapped"
    UNCALLED = "uncalled"
    FORGED = "forged"


FATES = {
    "0001": Fate.NO_NUMBER,
    "0002": Fate.BARRED,
    "0003": Fate.LIMITED,
    "0004": Fate.SILENT,
    "0005": Fate.FAILS,
    "0006": Fate.LATE,
    "0007": Fate.TWICE,
    "0008": Fate.SWAPPED,
    "0009": Fate.UNCALLED,
    "0010": Fate.FORGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A message as the carrier keeps it.

    segments  as how many it is counted
    fate      what its receipts say so far: waiting, delivered or failed
    """

    serial: str
    recipient: str
    words: str
    segments: int
    sent_at: datetime
    fate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A receipt that the shop is to be called with."""

    id: int
    serial: str
    recipient: str
    is_delivered: bool
    at: datetime
    is_forged: bool
    tries: int
    copies: int


def fate_of(recipient: str) -> Fate:
    """What becomes of a message to that number."""
    return FATES.get(recipient[-4:], Fate.ARRIVES)


def approve(content: str) -> str:
    """Approve words at once; the same words have the same number."""
    with books(is_writing=True) as db:
        db.execute("insert into approved (content) values (?) on conflict (content) do nothing", [content])
        return str(db.execute("select id from approved where content = ?", [content]).fetchone()["id"])


def approved(number: str) -> str | None:
    """The words of a number; None if it has none."""
    with books() as db:
        row = db.execute("select content from approved where cast(id as text) = ?", [number]).fetchone()
    return row["content"] if row else None


def is_too_soon(recipient: str) -> bool:
    """Whether a message is refused for coming too soon, as every first one to such a number is."""
    name = f"limit {recipient}"
    with books(is_writing=True) as db:
        told = db.execute("delete from answer where key = ?", [name]).rowcount
        if not told:
            insert(db, "answer", key=name, asked="", status=429, body=b"")
    return not told


def take(*, recipient: str, sign: str, words: str, session: str) -> Text:
    """Take a message, and note down what is to be said of it."""
    now, serial = clock.now(), f"2640:{secrets.randbelow(10**18):018d}"
    said = f"【{sign}】{words}" if sign else words
    with books(is_writing=True) as db:
        insert(
            db,
            "text",
            serial=serial,
            recipient=recipient,
            sign=sign,
            words=said,
            session=session,
            segments=segments(said),
            sent_at=now.timestamp(),
        )
        _foretell(db, serial, fate_of(recipient), at=now)
    return Text(serial=serial, recipient=recipient, words=said, segments=segments(said), sent_at=now, fate="waiting")


def texts() -> tuple[Text, ...]:
    """The newest messages."""
    with books() as db:
        rows = db.execute(
            "select t.*, (select is_delivered from receipt r where r.serial = t.serial and r.at <= ? and not is_forged"
            " order by is_delivered desc limit 1) as ended from text t order by sent_at desc, serial limit ?",
            [clock.now().timestamp(), _LETTERS],
        ).fetchall()
    return tuple(
        Text(
            serial=row["serial"],
            recipient=row["recipient"],
            words=row["words"],
            segments=row["segments"],
            sent_at=_moment(row["sent_at"]),
            fate="waiting" if row["ended"] is None else "delivered" if row["ended"] else "failed",
        )
        for row in rows
    )


def listen(address: str) -> None:
    """Call that address with receipts."""
    with books(is_writing=True) as db:
        db.execute(
            "insert into ear (id, address) values (1, ?) on conflict (id) do update set address = excluded.address",
            [address],
        )


def ear() -> str:
    """Where receipts are told: what was said last, else our own shop's address for them."""
    with books() as db:
        row = db.execute("select address from ear").fetchone()
    if row:
        return str(row["address"])
    shop = os.environ.get("ZHANGGUI_URL", "http://127.0.0.1:8000").rstrip("/")
    return f"{shop}/texts/tencent/{callback_key(TENCENT_APP_ID, secret=keys().tencent_secret_key)}/"


def due_calls(*, at: datetime) -> tuple[Call, ...]:
    """The calls that are due."""
    with books() as db:
        rows = db.execute(
            "select r.*, t.recipient from receipt r join text t using (serial) where r.due_at <= ?"
            " order by r.due_at, r.id",
            [at.timestamp()],
        ).fetchall()
    return tuple(
        Call(
            id=row["id"],
            serial=row["serial"],
            recipient=row["recipient"],
            is_delivered=bool(row["is_delivered"]),
            at=_moment(row["at"]),
            is_forged=bool(row["is_forged"]),
            tries=row["tries"],
            copies=row["copies"],
        )
        for row in rows
    )


def note_call(call: Call, *, is_heard: bool, at: datetime) -> None:
    """Heard: done, or once more if it is told twice. Not heard: again later, three times at most."""
    copies, tries = call.copies - is_heard, call.tries + (not is_heard)
    due_at: float | None = at.timestamp() if is_heard and copies else None
    if not is_heard and not call.is_forged and tries <= len(CALLS_AGAIN_AFTER):
        due_at = (at + at_our_pace(CALLS_AGAIN_AFTER[tries - 1])).timestamp()
    with books(is_writing=True) as db:
        db.execute(
            "update receipt set copies = ?, tries = ?, due_at = ? where id = ?", [copies, tries, due_at, call.id]
        )


def fetched(*, limit: int, at: datetime) -> list[dict[str, Any]]:
    """Receipts that nobody has fetched yet, oldest first; from now on they are fetched."""
    with books(is_writing=True) as db:
        rows = db.execute(
            "select r.*, t.recipient, t.session from receipt r join text t using (serial)"
            " where not is_pulled and not is_forged and r.at <= ? order by r.at, r.id limit ?",
            [at.timestamp(), limit],
        ).fetchall()
        db.executemany("update receipt set is_pulled = 1 where id = ?", [[row["id"]] for row in rows])
    return [dict(row) for row in rows]


def _foretell(db: sqlite3.Connection, serial: str, fate: Fate, *, at: datetime) -> None:
    """Write down the receipts of a message, each with when it happens and when the shop is called."""
    there = at + at_our_pace(LATE_BY if fate is Fate.LATE else ARRIVES_AFTER)
    if fate is Fate.FORGED:
        _write(db, serial, is_delivered=False, at=there, called_at=there, is_forged=True)
    if fate is Fate.SWAPPED:
        before = at_our_pace(ARRIVES_AFTER / 2)
        _write(db, serial, is_delivered=True, at=there, called_at=there)
        _write(db, serial, is_delivered=False, at=there - before, called_at=there + before)
        return
    is_called = fate not in (Fate.UNCALLED, Fate.FORGED)
    copies = 2 if fate is Fate.TWICE else 1
    _write(
        db, serial, is_delivered=fate is not Fate.FAILS, at=there, called_at=there if is_called else None, copies=copies
    )


def _write(
    db: sqlite3.Connection,
    serial: str,
    *,
    is_delivered: bool,
    at: datetime,
    called_at: datetime | None,
    copies: int = 1,
    is_forged: bool = False,
) -> None:
    insert(
        db,
        "receipt",
        serial=serial,
        is_delivered=is_delivered,
        at=at.timestamp(),
        due_at=called_at.timestamp() if called_at else None,
        copies=copies,
        tries=0,
        is_forged=is_forged,
        is_pulled=0,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
