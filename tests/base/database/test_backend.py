"""Kept connections: believed while they are silent, looked at when they are not."""

from __future__ import annotations

import pytest
from django.db import connection, connections
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
