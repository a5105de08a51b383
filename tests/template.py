"""The tables, made once in a run: the database of each worker is a copy of one in which nobody works.

Making them takes six seconds of work, copying them a third of one. The process that hands out tests makes them while
its workers collect.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

NAME = sql.Identifier("zhanggui_template")
_IS_MADE = "select from pg_database where datname = 'zhanggui_template'"
_PATIENCE_S = 120.0


def begin(blocker: DjangoDbBlocker) -> None:
    """Make it beside what this process does."""
    threading.Thread(target=_make, args=(blocker,), name="template", daemon=True).start()


def copied(**_how: Any) -> str:
    """Instead of Django's `create_test_db`: this worker's own database, as soon as there is one to copy."""
    name = connection.creation._get_test_db_name()
    connection.close()
    until = time.monotonic() + _PATIENCE_S
    with _session() as session:
        while session.execute(_IS_MADE).fetchone() is None:
            assert time.monotonic() < until, "the tables were not made"
            time.sleep(0.05)
        session.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), NAME))
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    return name


def _make(blocker: DjangoDbBlocker) -> None:
    with blocker.unblock():
        made = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    with _session() as session:
        session.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(made), NAME))


def _session() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
