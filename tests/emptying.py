"""The database after a test that committed: only the tables that were written in are emptied.

Django would empty every table and then make the content types and permissions of every model anew, which takes half a
second; this takes a few milliseconds. A table of few pages is deleted from: truncating makes a new file for it and for
each of its indexes: 34 ms after an order, 5 ms so.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from zhanggui.base.home import shelf
from zhanggui.insight.metrics.queries import forget_all

# What the migrations leave behind for good.
_KEPT = ["django_migrations", "django_content_type", "auth_permission"]
# A table that nobody ever wrote in has no pages. Only a superuser may delete without asking the triggers of append-only
# tables and foreign keys.
_WRITTEN = """
select quote_ident(relname), pages <= 32 and current_setting('is_superuser')::boolean from (
    select relname, pg_relation_size(oid) / 8192 as pages from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname <> all(%s)
) as written where pages > 0
"""


def empty_what_was_written(*_case: Any) -> None:
    """Instead of `TransactionTestCase._fixture_teardown`; the queue's tables, which are not Django's, count as well."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [_KEPT])
        written: dict[str, bool] = dict(cursor.fetchall())
        if large := [table for table, is_small in written.items() if not is_small]:
            cursor.execute(f"truncate {', '.join(large)} cascade")
        if small := [table for table, is_small in written.items() if is_small]:
            # Whoever is still writing is waited for, as truncating would.
            deletions = "; ".join(f"delete from {table}" for table in small)
            locked = f"lock table {', '.join(small)} in share row exclusive mode"
            cursor.execute(f"set local session_replication_role = replica; {locked}; {deletions}")


@contextmanager
def standing() -> Iterator[None]:
    """A database and a lake in which is committed what several tests find; empty before and after."""
    shutil.rmtree(shelf("lake"))
    forget_all()
    yield
    empty_what_was_written()
    shutil.rmtree(shelf("lake"))
