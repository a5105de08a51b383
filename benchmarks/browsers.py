"""Many browsers at once: kept connections to one server that ask for page after page, from a process of their own.

The client shares the cores with the server and the database, as wrk would; it only looks for the end of each answer,
so that it takes little of them (about 0.1 ms an answer).
"""

from __future__ import annotations

import asyncio
import functools
import json
import multiprocessing
import multiprocessing.connection
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import cast

_HEAD_ENDS = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """What came of it.

    per_second  answers
    p50_ms, p95_ms  from sending to the last byte
    bad         answers with another status than 200
    """

    per_second: float
    p50_ms: float
    p95_ms: float
    bad: int


def rush(*, port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Rush:
    """Ask for those pages in turn over so many connections, for so long."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, port, list(requests), connections, seconds))
    process.start()
    said = mine.recv()
    process.join()
    return Rush(**json.loads(said))


def request(path: str, *, port: int, headers: dict[str, str]) -> bytes:
    """One GET as it goes over the wire."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class _Browser(asyncio.Protocol):
    """One connection that asks again as soon as it was answered."""

    def __init__(self, requests: Sequence[bytes], taken: list[float], bad: list[bytes]) -> None:
        self._requests = cycle(requests)
        self._taken, self._bad = taken, bad
        self._got = bytearray()
        self._missing = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._missing < 0:
            end = self._got.find(_HEAD_ENDS)
            if end < 0:
                return
            head = bytes(self._got[:end]).lower()
            self._missing = end + len(_HEAD_ENDS) + int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
            if head.split(b" ", 2)[1] != b"200":
                self._bad.append(head)
        if len(self._got) >= self._missing:
            self._taken.append(time.perf_counter() - self._asked_at)
            self._ask()

    def _ask(self) -> None:
        self._got.clear()
        self._missing = -1
        self._asked_at = time.perf_counter()
        self._transport.write(next(self._requests))


async def _browse(port: int, requests: list[bytes], connections: int, seconds: float) -> Rush:
    taken: list[float] = []
    bad: list[bytes] = []
    loop = asyncio.get_running_loop()
    share = max(1, len(requests) // connections)
    began = time.perf_counter()
    open_ones = []
    for number in range(connections):
        turned = requests[number * share :] + requests[: number * share]
        browser = functools.partial(_Browser, turned, taken, bad)
        open_ones.append(await loop.create_connection(browser, "127.0.0.1", port))
    await asyncio.sleep(seconds)
    took = time.perf_counter() - began
    answered = sorted(taken)
    for transport, _browser in open_ones:
        transport.abort()
    if not answered:
        raise SystemExit("no page was answered")
    return Rush(
        per_second=len(answered) / took,
        p50_ms=1000 * answered[len(answered) // 2],
        p95_ms=1000 * answered[int(len(answered) * 0.95)],
        bad=len(bad),
    )


def _run(
    pipe: multiprocessing.connection.Connection, port: int, requests: list[bytes], connections: int, seconds: float
) -> None:
    pipe.send(json.dumps(asdict(asyncio.run(_browse(port, requests, connections, seconds)))))
