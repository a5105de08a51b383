"""What Django loads as the database's backend."""

from __future__ import annotations

import select
from types import TracebackType
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg import ServerCursor


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it lives only if its socket has something to say, and that keeps its cursor.

    A server that ended, or ended this connection, has closed the socket, and a closed socket is readable at once; a
    kept connection between two requests is silent. Asking `select 1` before every request would cost each page a
    round trip.

    A cursor learns how to write and to read each type of value when it first meets one, which takes longer than a
    small statement. So one is kept from statement to statement; whoever opens a second beside it gets a new one.
    """

    kept: Any = None

    def is_usable(self) -> bool:
        """Whether the next statement can be sent."""
        if self.connection is None or self.connection.closed:
            return False
        if self._is_silent(self.connection.fileno()):
            return True
        return bool(super().is_usable())

    def create_cursor(self, name: str | None = None) -> Any:
        """The kept cursor, if it is free and belongs to this connection; else a new one."""
        if name is None and self.kept is not None:
            kept, self.kept = self.kept, None
            if kept.connection is self.connection and not kept.closed:
                return kept
        return super().create_cursor(name)

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """Django's cursor around one that may be kept."""
        return _Cursor(cursor, self)

    @staticmethod
    def _is_silent(socket: int) -> bool:
        watch = select.poll()
        watch.register(socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not watch.poll(0)


class _Cursor(CursorWrapper):
    """Django's cursor with fewer detours, which hands back what it was made around if all went well."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        """As Django's own, which prepares to tell listeners of every statement even if there are none."""
        if self.db.execute_wrappers:
            return super().execute(sql, params)
        self.db.validate_no_broken_transaction()
        with self.db.wrap_database_errors:
            return self.cursor.execute(sql, params)

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Keep the cursor; one that failed, or whose rows come bit by bit, is closed."""
        if kind is None and not isinstance(self.cursor, ServerCursor):
            self.db.kept = self.cursor
        else:
            super().__exit__(kind, wrong, traceback)
