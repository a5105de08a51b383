"""What Django loads as the database's backend."""

from __future__ import annotations

import select
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Final

from django.db import IntegrityError
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper, debug_transaction
from psycopg import ServerCursor

from zhanggui.base.database.backend.lane import Lane, LaneCursor, RefusedEarlier

_UNNOTED: Final = nullcontext()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it lives only if its socket has something to say, and that keeps its cursor.

    A server that ended, or ended this connection, has closed the socket, and a closed socket is readable at once; a
    kept connection between two requests is silent. Asking `select 1` before every request would cost each page a
    round trip.

    A cursor learns how to write and to read each type of value when it first meets one, which takes longer than a
    small statement. So one is kept from statement to statement; whoever opens a second beside it gets a new one.
    """

    kept: Any = None
    lane: Lane
    health_check_done: bool

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection with a short way."""
        connection = super().get_new_connection(conn_params)
        connection.cursor_factory = LaneCursor
        connection.lane = self.lane = Lane(connection)
        return connection

    def is_usable(self) -> bool:
        """Whether the next statement can be sent."""
        if self.connection is None or self.connection.closed:
            return False
        if self._is_silent(self.connection.fileno()):
            return True
        return bool(super().is_usable())

    def cursor(self) -> CursorWrapper:
        """The kept cursor, if it is free and the connection was found to live in this request; else as Django does."""
        kept = self.kept
        if kept is None or not self.health_check_done or self.queries_logged or kept.connection is not self.connection:
            wrapped: CursorWrapper = super().cursor()
            return wrapped
        self.validate_thread_sharing()
        self.kept = None
        return _Cursor(kept, self)

    def create_cursor(self, name: str | None = None) -> Any:
        """The kept cursor, if it is free and belongs to this connection; else a new one."""
        if name is None and self.kept is not None:
            kept, self.kept = self.kept, None
            if kept.connection is self.connection and not kept.closed:
                return kept
        if name is not None:
            # psycopg's own switch says nothing here: transactions are begun by hand.
            self.lane.catch_up()
            return self.connection.cursor(name, scrollable=False, withhold=self.autocommit)
        return super().create_cursor()

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """Django's cursor around one that may be kept."""
        return _Cursor(cursor, self)

    def later(self, query: str, values: Sequence[Any]) -> None:
        """Send a write whose outcome nobody asks about with the next statement, or with the COMMIT."""
        can_wait = self.in_atomic_block and not self.queries_logged and not self.execute_wrappers
        command = self.lane.command(query, values) if can_wait else None
        if command is None:
            with self.cursor() as cursor:
                cursor.execute(query, values)
        else:
            self.validate_no_broken_transaction()
            self.lane.waiting.append(command)

    def _start_transaction_under_autocommit(self) -> None:
        """Begin with the first statement."""
        with self._noted("BEGIN"):
            self.lane.opens = True

    def _noted(self, word: str) -> AbstractContextManager[None]:
        return debug_transaction(self, word) if self.queries_logged else _UNNOTED

    def _savepoint(self, sid: str) -> None:
        """Behind all that is still to be sent; what is refused of that is said to be from before it."""
        try:
            super()._savepoint(sid)  # type: ignore[misc]
        except IntegrityError as earlier:
            raise RefusedEarlier(*earlier.args) from earlier.__cause__

    def _savepoint_rollback(self, sid: str) -> None:
        """Without what is still to be sent: all of it came behind the savepoint, and might be refused."""
        self.lane.waiting = []
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _commit(self) -> None:
        if self.connection is not None:
            with self._noted("COMMIT"), self.wrap_database_errors:
                self.lane.commit()

    def _rollback(self) -> None:
        if self.connection is not None:
            with self._noted("ROLLBACK"), self.wrap_database_errors:
                self.lane.rollback()

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

    def fetchone(self) -> Any:
        """As psycopg's own, with Django's errors."""
        with self.db.wrap_database_errors:
            return self.cursor.fetchone()

    def fetchall(self) -> Any:
        """As psycopg's own, with Django's errors."""
        with self.db.wrap_database_errors:
            return self.cursor.fetchall()

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Keep the cursor; one that failed, or whose rows come bit by bit, is closed."""
        if kind is None and not isinstance(self.cursor, ServerCursor):
            self.db.kept = self.cursor
        else:
            super().__exit__(kind, wrong, traceback)
