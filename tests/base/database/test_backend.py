"""Kept connections: believed while they are silent, looked at when they are not."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, connections
from tests.shop import made

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_silent_connection_is_believed_without_a_statement() -> None:
    connection.ensure_connection()

    with made.statements() as sent:
        assert connection.is_usable()

    assert sent == []


def test_a_connection_that_the_server_ended_is_not_used_again() -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s::int, 5000)", [pid])
        assert cursor.fetchone() == (True,)
    other.close()

    assert not connection.is_usable()
    connection.close()


def test_a_cursor_is_kept_from_statement_to_statement_and_nobody_shares_it() -> None:
    with connection.cursor() as first:
        first.execute("select 1")
        with connection.cursor() as second:
            second.execute("select 2")
            assert second.cursor is not first.cursor
        assert first.fetchone() == (1,)
    with connection.cursor() as third:
        assert third.cursor is first.cursor


def test_a_cursor_that_failed_is_not_kept() -> None:
    with pytest.raises(DataError), connection.cursor() as failed:
        failed.execute("select 1 / %s::int", [0])

    with connection.cursor() as cursor:
        assert cursor.cursor is not failed.cursor
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)


def test_a_cursor_ends_with_its_connection() -> None:
    with connection.cursor() as kept:
        kept.execute("select 1")
    connection.close()

    with connection.cursor() as cursor:
        assert cursor.cursor is not kept.cursor
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)
