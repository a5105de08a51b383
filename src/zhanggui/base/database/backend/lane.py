"""The short way to the database: what was prepared before is sent as it is, and what can wait goes along.

psycopg takes a statement through twenty of its functions, of which a statement that the database knows already needs
three. And a statement costs the way there and back: BEGIN, COMMIT and writes whose outcome nobody asks about need none
of their own. They are sent in one go with what comes next (libpq calls that a pipeline). Their order is the one in
which they came, and nothing overtakes them: whatever else is sent, they are sent before it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import lru_cache
from typing import Any, Final, NoReturn

import psycopg
from django.db import DatabaseError
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import errors, generators, pq
from psycopg._queries import _query2pg
from psycopg.adapt import Transformer

# A statement that the database has prepared: its name, its values, and how these are written.
Command = tuple[bytes, Sequence[Any] | None, Sequence[Any] | None]

# With more values than this psycopg does not keep how a statement reads.
_MOST_VALUES: Final = 50
_GOOD: Final = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class RefusedEarlier(DatabaseError):
    """The database refused what was sent along (`together.send`) before a savepoint was set.

    No IntegrityError: whoever sets a savepoint to try something would take it for an answer to that.
    """


class Lane:
    """One connection's short way.

    opens    whether BEGIN is still to be sent
    waiting  the writes that are still to be sent
    """

    __slots__ = ("_writes", "connection", "opens", "waiting")

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.opens = False
        self.waiting: list[Command] = []
        self._writes = Transformer.from_context(connection)

    def command(self, query: Any, values: Any) -> Command | None:
        """A statement with its values, if the database has prepared it for values of these types."""
        if type(query) is not str or type(values) not in (list, tuple) or len(values) > _MOST_VALUES:
            return None
        connection = self.connection
        text, formats = _parsed(query)
        if len(formats) != len(values) or not connection.autocommit or connection._pipeline:
            return None
        writes = self._writes
        written = writes.dump_sequence(values, formats)
        names, key = connection._prepared._names, (text, writes.types or ())
        name = names.get(key)
        if name is None:
            return None
        names.move_to_end(key)  # psycopg lets go of what was not asked for longest
        return name, written, writes.formats

    def run(self, command: Command) -> pq.abc.PGresult:
        """Send a statement, and before it what is still to be sent; its result."""
        result: pq.abc.PGresult
        if self.opens or self.waiting:
            *_, result = self._send([*self.waiting, command])
            return result
        with self.connection.lock:
            self.connection.pgconn.send_query_prepared(*command)
            (result,) = self.connection.wait(generators.execute(self.connection.pgconn))
        if result.status not in _GOOD:
            _refuse(result)
        return result

    def catch_up(self) -> None:
        """Send what is still to be sent."""
        if self.opens or self.waiting:
            self._send(self.waiting)

    def commit(self) -> None:
        """End the transaction; one in which nothing was asked never began."""
        if self.opens and not self.waiting:
            self.opens = False
        elif self.waiting:
            self._send(self.waiting, b"COMMIT")
        else:
            self._end(b"COMMIT")

    def rollback(self) -> None:
        """Undo the transaction. What the database has prepared stays prepared, unlike with psycopg's own."""
        self.waiting = []
        if self.opens:
            self.opens = False
        else:
            self._end(b"ROLLBACK")

    def _end(self, word: bytes) -> None:
        pgconn = self.connection.pgconn
        if pgconn.transaction_status == pq.TransactionStatus.IDLE:
            return
        with self.connection.lock:
            pgconn.send_query(word)
            (result,) = self.connection.wait(generators.execute(pgconn))
        if result.status not in _GOOD:
            _refuse(result)

    def _send(self, commands: Sequence[Command], end: bytes = b"") -> list[pq.abc.PGresult]:
        """Send BEGIN if it is due, some statements and how to end; the results of the statements."""
        pgconn, opens = self.connection.pgconn, self.opens
        self.opens, self.waiting = False, []
        with self.connection.lock:
            pgconn.enter_pipeline_mode()
            try:
                if opens:
                    pgconn.send_query_params(b"BEGIN", None)
                for command in commands:
                    pgconn.send_query_prepared(*command)
                if end:
                    pgconn.send_query_params(end, None)
                pgconn.pipeline_sync()
                results = self.connection.wait(_answers(pgconn, opens + len(commands) + bool(end)))
                pgconn.exit_pipeline_mode()
            except BaseException:
                pgconn.finish()  # nobody knows which of the answers are still to come
                raise
        for result in results:
            if result.status not in _GOOD:
                _refuse(result)
        return results[opens : opens + len(commands)]


class LaneCursor(ServerBindingCursor, psycopg.Cursor[Any]):
    """psycopg's cursor, which takes the short way if there is one."""

    _reads: Any = None

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self.lane: Lane = connection.lane

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = None, binary: bool | None = None
    ) -> LaneCursor:
        """As psycopg's own, which prepares what it is asked the third time."""
        command = None if self._closed else self.lane.command(query, params)
        if command is None:
            self.lane.catch_up()
            super().execute(query, params, prepare=prepare, binary=binary)
            return self
        self._reset()
        self._last_query = None
        self._results.append(self.lane.run(command))
        if self._reads is None:
            self._reads = Transformer(self)
        self._tx = self._reads
        self._select_current_result(0)
        return self

    def executemany(self, query: Any, params_seq: Any, *, returning: bool = False) -> None:
        """As psycopg's own."""
        self.lane.catch_up()
        super().executemany(query, params_seq, returning=returning)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """As psycopg's own."""
        self.lane.catch_up()
        return super().copy(statement, params, **options)

    def stream(self, query: Any, params: Any = None, **options: Any) -> Any:
        """As psycopg's own."""
        self.lane.catch_up()
        return super().stream(query, params, **options)


@lru_cache(maxsize=1024)
def _parsed(query: str) -> tuple[bytes, Sequence[Any]]:
    """A statement as PostgreSQL is told it, and how its values may be written."""
    text, formats, *_ = _query2pg(query.encode(), "utf-8")
    return text, formats


def _answers(pgconn: pq.abc.PGconn, count: int) -> Generator[Any, Any, list[pq.abc.PGresult]]:
    """What the database says to each of so many commands of a pipeline."""
    yield from generators.send(pgconn)
    results = []
    for _ in range(count):
        answers = yield from generators.fetch_many(pgconn)
        results.append(answers[-1])
    yield from generators.fetch_many(pgconn)  # the mark at its end
    return results


def _refuse(result: pq.abc.PGresult) -> NoReturn:
    raise errors.error_from_result(result)
