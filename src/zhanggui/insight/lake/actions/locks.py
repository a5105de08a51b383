"""Locks of house work, held to the end of the transaction.

They give the transaction no number of its own until it writes: readers of the log wait for every transaction that has
one, so a roll that locked a row for seconds would hold up every fact.
"""

from __future__ import annotations

from django.db import connection


def take(name: str, *, wait: bool) -> bool:
    """Be the only one at this work; False if another is at it and we do not wait for him."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"insight_lake.{name}"])
            return True
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"insight_lake.{name}"])
        return bool(cursor.fetchone()[0])


def share(name: str) -> None:
    """Keep others from being alone at this work until our transaction ends; any number may share."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [f"insight_lake.{name}"])
