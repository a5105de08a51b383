"""A mail server that runs in the test: it takes what it is given and keeps it to be read."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from email.message import EmailMessage


class PostOffice:
    """A mail server that takes what it is given, or says for a while that it cannot."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, EmailMessage]] = []
        self.is_shut = False
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _shut(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, lines: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        to = ""
        out.write(b"220 post\r\n")
        while line := await lines.readline():
            verb = line.decode().strip().split(":")[0].upper()
            if verb == "DATA":
                out.write(b"354 go on\r\n")
                body = await lines.readuntil(b"\r\n.\r\n")
                self.taken.append((to, _read(body)))
                out.write(b"250 taken\r\n")
            elif verb == "QUIT":
                out.write(b"221 bye\r\n")
                break
            elif verb == "MAIL FROM" and self.is_shut:
                out.write(b"451 come back later\r\n")
            else:
                to = line.decode().split("<")[1].split(">")[0] if verb == "RCPT TO" else to
                out.write(b"250 well\r\n")
            await out.drain()
        out.close()


def _read(body: bytes) -> EmailMessage:
    plain = body.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
    return email.message_from_bytes(plain, policy=email.policy.default)  # type: ignore[return-value]
