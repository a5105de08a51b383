"""What Django loads as the database's backend."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it lives only if its socket has something to say.

    A server that ended, or ended this connection, has closed the socket, and a closed socket is readable at once; a
    kept connection between two requests is silent. Asking `select 1` before every request would cost each page a
    round trip.
    """

    def is_usable(self) -> bool:
        """Whether the next statement can be sent."""
        if self.connection is None or self.connection.closed:
            return False
        if self._is_silent(self.connection.fileno()):
            return True
        return bool(super().is_usable())

    @staticmethod
    def _is_silent(socket: int) -> bool:
        watch = select.poll()
        watch.register(socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not watch.poll(0)
