"""Buyers with cookies of their own, over kept connections to one server, from a process of their own.

Each reads the checkout's hidden fields as a browser would and sends them back; what a browser fetches beside the pages
(pictures, styles, sightings) is left out. The client shares the cores with the server and the database.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import multiprocessing.connection
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import cast
from urllib.parse import quote, urlencode

_HEAD_ENDS = b"\r\n\r\n"
_FRESH = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)">')
_CHOSEN = re.compile(rb'<input type="radio" name="(provider|option)" value="([^"]*)" checked')
_NUMBER = re.compile(rb"/(\d{6}-[0-9A-Z]{5}-[0-9A-Z]{5})/|%2F(\d{6}-[0-9A-Z]{5}-[0-9A-Z]{5})%2F")
_SECRET = "a" * 32  # a browser keeps one that Django made; any of that length is good
_ADDRESS = {
    **{"recipient": "王小明", "phone": "13800138000", "country": "CN", "region": "浙江", "city": "杭州"},
    **{"district": "西湖区", "street": "文三路 1 号", "postcode": "310000", "email": ""},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What came of it.

    took_s     from the first request to the last answer
    took_ms    of each buyer whose order was placed, sorted; of placing alone only that request
    endings    how many buyers ended how: placed, sold_out, or the status that nobody expected
    """

    took_s: float
    took_ms: list[float]
    endings: dict[str, int]

    @property
    def per_second(self) -> float:
        """Orders."""
        return self.endings.get("placed", 0) / self.took_s

    def within_ms(self, share: float) -> float:
        """How long that share of the buyers took at most."""
        return self.took_ms[min(int(len(self.took_ms) * share), len(self.took_ms) - 1)]


def sell(*, port: int, way: str, visitors: Sequence[str], skus: Sequence[Sequence[str]], at_once: int) -> Sale:
    """Let each visitor buy their SKUs, so many at once.

    way       purchase: two or more adds, the checkout, placing, the order's page; place: only placing is timed, the
              rest is done before; rush: the product's page, one add, the checkout, placing
    visitors  their signed cookies
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    wanted = list(zip(visitors, skus, strict=True))
    process = context.Process(target=_run, args=(theirs, port, way, wanted, at_once))
    process.start()
    said = mine.recv()
    process.join()
    return Sale(**json.loads(said))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    head: bytes
    body: bytes


class _Line(asyncio.Protocol):
    """One connection, one question at a time."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._got = bytearray()

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(_HEAD_ENDS)
        if end < 0:
            return
        head = bytes(self._got[:end])
        size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(self._got) >= end + 4 + size:
            body = bytes(self._got[end + 4 : end + 4 + size])
            self._got.clear()
            self._answer.set_result(Answer(int(head.split(b" ", 2)[1]), head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the line"))

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        self._answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        self._transport.abort()


class _Buyer:
    """Somebody with cookies who fills a cart and pays."""

    def __init__(self, line: _Line, port: int, visitor: str, skus: Sequence[str]) -> None:
        self._line = line
        self._port = port
        self._skus = skus
        self._cookies = {"visitor": visitor, "csrftoken": _SECRET}
        self._fields: dict[str, str] = {}
        self.number = ""

    async def look(self) -> int:
        return (await self._ask("GET", f"/p/{self._skus[0]}/")).status

    async def add(self) -> int:
        status = 302
        for sku in self._skus:
            status = (await self._ask("POST", "/cart/add/", sku=sku, quantity="1")).status
        return status

    async def open_checkout(self) -> int:
        """200 with the form, 302 where something in the cart is sold out."""
        page = await self._ask("GET", "/checkout/")
        fresh = {name.decode(): value.decode() for name, value in _FRESH.findall(page.body)}
        chosen = {name.decode(): value.decode() for name, value in _CHOSEN.findall(page.body)}
        kept = ("cart_version", "total_minor", "currency", "key", "places")
        self._fields = {name: fresh[name] for name in kept if name in fresh} | chosen | _ADDRESS
        return page.status

    async def place(self) -> int:
        """302 to the provider, 409 where somebody was quicker, of which the cart may tell."""
        answer = await self._ask("POST", "/checkout/", **self._fields)
        found = _NUMBER.search(answer.head)
        self.number = (found[1] or found[2]).decode() if found else ""
        return answer.status if found or answer.status != 302 else 409

    async def read_order(self) -> int:
        return (await self._ask("GET", f"/orders/{self.number}/")).status

    async def _ask(self, method: str, path: str, **fields: str) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            "Accept-Language: zh-CN,zh;q=0.9",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64)",
            f"Cookie: {cookies}",
        ]
        body = b""
        if method == "POST":
            body = urlencode({"csrfmiddlewaretoken": _SECRET, **fields}, quote_via=quote).encode()
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        answer = await self._line.ask(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        for line in answer.head.split(b"\r\n"):
            if line[:11].lower() == b"set-cookie:":
                name, _, value = line[11:].strip().split(b";")[0].decode().partition("=")
                self._cookies[name] = value
        return answer


async def _purchase(buyer: _Buyer) -> str:
    for step, wanted in ((buyer.add, 302), (buyer.open_checkout, 200), (buyer.place, 302), (buyer.read_order, 200)):
        status = await step()
        if status != wanted:
            return f"{step.__name__} {status}"
    return "placed"


async def _rush(buyer: _Buyer) -> str:
    for step, wanted in ((buyer.look, 200), (buyer.add, 302), (buyer.open_checkout, 200), (buyer.place, 302)):
        status = await step()
        if status != wanted:
            is_too_late = (step.__name__, status) in (("open_checkout", 302), ("place", 409))
            return "sold_out" if is_too_late else f"{step.__name__} {status}"
    return "placed"


async def _ready(buyer: _Buyer) -> None:
    """All of a purchase up to placing."""
    if (await buyer.add(), await buyer.open_checkout()) != (302, 200):
        raise SystemExit("a buyer could not come to the checkout")


async def _place(buyer: _Buyer) -> str:
    status = await buyer.place()
    return "placed" if status == 302 else f"place {status}"


_WAYS = {"purchase": _purchase, "place": _place, "rush": _rush}


async def _sell(port: int, way: str, wanted: Sequence[tuple[str, Sequence[str]]], at_once: int) -> Sale:
    loop = asyncio.get_running_loop()
    lines = [(await loop.create_connection(_Line, "127.0.0.1", port))[1] for _ in range(at_once)]
    free: asyncio.Queue[_Line] = asyncio.Queue()
    for line in lines:
        free.put_nowait(line)
    buyers = [_Buyer(lines[0], port, visitor, skus) for visitor, skus in wanted]
    if way == "place":
        await asyncio.gather(*(_with_a_line(free, buyer, _ready) for buyer in buyers))
    took: list[float] = []
    endings: Counter[str] = Counter()

    async def serve(buyer: _Buyer) -> None:
        async def timed(each: _Buyer) -> None:
            began = time.perf_counter()
            ending = await _WAYS[way](each)
            endings[ending] += 1
            if ending == "placed":
                took.append(1000 * (time.perf_counter() - began))

        await _with_a_line(free, buyer, timed)

    began = time.perf_counter()
    await asyncio.gather(*map(serve, buyers))
    took_s = time.perf_counter() - began
    for line in lines:
        line.close()
    return Sale(took_s=took_s, took_ms=sorted(took), endings=dict(endings))


async def _with_a_line(free: asyncio.Queue[_Line], buyer: _Buyer, act) -> None:  # type: ignore[no-untyped-def]
    line = await free.get()
    buyer._line = line
    try:
        await act(buyer)
    finally:
        free.put_nowait(line)


def _run(
    pipe: multiprocessing.connection.Connection,
    port: int,
    way: str,
    wanted: list[tuple[str, Sequence[str]]],
    at_once: int,
) -> None:
    pipe.send(json.dumps(asdict(asyncio.run(_sell(port, way, wanted, at_once)))))
