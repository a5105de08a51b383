"""The sandbox's own books: one SQLite file in the home folder, never the shop's database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from zhanggui.base.home import shelf
from zhanggui.base.money import Money
from zhanggui.doors.sandbox.rules import Charge, Method, News, Refund, RefundState, Saying, State, Terms

_PATIENCE_S = 10.0
_TABLES = """
create table if not exists charge (
    token text primary key, method text not null, merchant text not null, payment_id text not null,
    order_number text not null, amount_minor integer not null check (amount_minor > 0), currency text not null,
    expires_at real not null, return_to text not null, cancel_to text not null, notify_to text not null,
    language text not null, state text not null, reference text not null unique, transaction_id text not null,
    told_minor integer not null, told_currency text not null, opened_at real not null, paid_at real,
    unique (method, merchant, payment_id)) strict;
create index if not exists charge_paid on charge (method, paid_at);
create table if not exists refund (
    id text primary key, token text not null references charge, number text not null,
    amount_minor integer not null check (amount_minor > 0), currency text not null, state text not null,
    reason text not null, asked_at real not null, ended_at real, due_at real, becomes text not null,
    unique (token, number)) strict;
create table if not exists saying (
    id text primary key, token text not null references charge, news text not null, transaction_id text not null,
    amount_minor integer not null, currency text not null, refund_id text not null, is_forged integer not null,
    tries integer not null, copies integer not null, said_at real not null, due_at real) strict;
create index if not exists saying_due on saying (due_at) where due_at is not null;
create table if not exists trouble (
    id integer primary key, method text not null, call text not null, trouble text not null, payment_id text not null,
    amount_minor integer not null, times_left integer not null) strict;
create table if not exists approved (
    id integer primary key, content text not null unique) strict;
create table if not exists text (
    serial text primary key, recipient text not null, sign text not null, words text not null,
    session text not null, segments integer not null, sent_at real not null) strict;
create table if not exists receipt (
    id integer primary key, serial text not null references text, is_delivered integer not null, at real not null,
    due_at real, copies integer not null, tries integer not null, is_forged integer not null,
    is_pulled integer not null) strict;
create table if not exists ear (
    id integer primary key check (id = 1), address text not null) strict;
create table if not exists answer (
    key text primary key, asked text not null, status integer not null, body blob not null) strict;
"""


@contextmanager
def books(*, is_writing: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection to the books; a writer is alone, and what it wrote is there whole or not at all."""
    connection = sqlite3.connect(shelf("sandbox") / "books.sqlite", timeout=_PATIENCE_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        if not is_writing:
            yield connection
            return
        connection.execute("begin immediate")
        try:
            yield connection
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")
    finally:
        connection.close()


def make_tables() -> None:
    """Make the books, if there are none."""
    with books() as db:
        db.execute("pragma journal_mode = wal")
        db.executescript(_TABLES)


def insert(db: sqlite3.Connection, table: str, **values: Any) -> None:
    """Write one row."""
    names = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    db.execute(f"insert into {table} ({names}) values ({marks})", list(values.values()))


def charge_of(row: sqlite3.Row) -> Charge:
    """A row of `charge` as a value."""
    return Charge(
        token=row["token"],
        method=Method(row["method"]),
        terms=Terms(
            merchant=row["merchant"],
            payment_id=row["payment_id"],
            order_number=row["order_number"],
            amount=Money(row["amount_minor"], row["currency"]),
            expires_at=_moment(row["expires_at"]),
            return_to=row["return_to"],
            cancel_to=row["cancel_to"],
            notify_to=row["notify_to"],
            language=row["language"],
        ),
        state=State(row["state"]),
        reference=row["reference"],
        transaction_id=row["transaction_id"],
        told=Money(row["told_minor"], row["told_currency"]),
        opened_at=_moment(row["opened_at"]),
        paid_at=_perhaps(row["paid_at"]),
    )


def refund_of(row: sqlite3.Row) -> Refund:
    """A row of `refund` as a value."""
    return Refund(
        id=row["id"],
        token=row["token"],
        number=row["number"],
        amount=Money(row["amount_minor"], row["currency"]),
        state=RefundState(row["state"]),
        reason=row["reason"],
        asked_at=_moment(row["asked_at"]),
        ended_at=_perhaps(row["ended_at"]),
    )


def saying_of(row: sqlite3.Row) -> Saying:
    """A row of `saying` as a value."""
    return Saying(
        id=row["id"],
        token=row["token"],
        news=News(row["news"]),
        transaction_id=row["transaction_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        refund_id=row["refund_id"],
        is_forged=bool(row["is_forged"]),
        tries=row["tries"],
        copies=row["copies"],
        said_at=_moment(row["said_at"]),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _perhaps(seconds: float | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
