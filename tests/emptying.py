"""The database after a test that committed: only the tables that were written in are emptied.

Django would empty every table and then make the content types and permissions of every model anew, which takes half a
second; this takes a few milliseconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from zhanggui.base.home import shelf
from zhanggui.insight.metrics.queries import forget_all

# What the migrations leave behind for good.
_KEPT = ["django_migrations", "django_content_type", "auth_permission"]
# A table that nobody wrote in since it was last emptied has no pages.
_WRITTEN = """
select string_agg(quote_ident(relname), ', ') from pg_class
where relnamespace = current_schema()::regnamespace and relkind = 'r'
  and relname <> all(%s) and pg_relation_size(oid) > 0
"""


def empty_what_was_written(*_case: Any) -> None:
    """Instead of `TransactionTestCase._fixture_teardown`; the queue's tables, which are not Django's, count as well."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [_KEPT])
        (written,) = cursor.fetchone()
        if written:
            cursor.execute(f"truncate {written} cascade")


@contextmanager
def standing() -> Iterator[None]:
    """A database and a lake in which is committed what several tests find; empty before and after."""
    shutil.rmtree(shelf("lake"))
    forget_all()
    yield
    empty_what_was_written()
    shutil.rmtree(shelf("lake"))
