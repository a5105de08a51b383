"""Buyers with cookies of their own, over kept connections to one server, from a process of their own.

Each reads the checkout's hidden fields as a browser would and sends them back; what a browser fetches beside the pages
(pictures, styles, sightings) is left out. The client shares the cores with the server and the database, so it takes as
little of them as it can (about 0.05 ms an answer): one loop over plain sockets, a buyer is a generator that yields
requests and is sent their answers.
"""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.connection
import re
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlencode

_SIZE = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;\r]*)", re.IGNORECASE)
_FRESH = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)">')
_CHOSEN = re.compile(rb'<input type="radio" name="(provider|option|known)" value="([^"]*)" checked')
_TYPED = re.compile(rb'<input type="\w+" name="(\w+)" value="([^"]*)" autocomplete=')
_NUMBER = re.compile(rb"/(\d{6}-[0-9A-Z]{5}-[0-9A-Z]{5})/|%2F(\d{6}-[0-9A-Z]{5}-[0-9A-Z]{5})%2F")
_KEPT = ("cart_version", "total_minor", "currency", "key", "places")
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
    client_s   what the buyers themselves took of the cores, of which the server and the database had none
    """

    took_s: float
    took_ms: list[float]
    endings: dict[str, int]
    client_s: float

    @property
    def client_ms(self) -> float:
        """What one buyer took of the cores."""
        return 1000 * self.client_s / sum(self.endings.values())

    @property
    def per_second(self) -> float:
        """Orders."""
        return self.endings.get("placed", 0) / self.took_s

    def within_ms(self, share: float) -> float:
        """How long that share of the buyers took at most."""
        return self.took_ms[min(int(len(self.took_ms) * share), len(self.took_ms) - 1)]


def sell(
    *, port: int, way: str, cookies: Sequence[Mapping[str, str]], skus: Sequence[Sequence[str]], at_once: int
) -> Sale:
    """Let each buyer buy their SKUs, so many at once.

    way      purchase: two or more adds, the checkout, placing, the order's page; place: only placing is timed, the
             rest is done before; rush: the product's page, one add, the checkout, placing
    cookies  of each buyer when they come: who they are, and whether they are signed in
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    wanted = [(dict(each), list(their)) for each, their in zip(cookies, skus, strict=True)]
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


# A walk yields requests, is sent their answers, and returns what it ended as.
Walk = Generator[bytes, Answer, str]
Step = Generator[bytes, Answer, int]


class _Buyer:
    """Somebody with cookies who fills a cart and pays."""

    def __init__(self, port: int, cookies: dict[str, str], skus: Sequence[str]) -> None:
        self._host = (
            f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: zh-CN,zh;q=0.9\r\n"
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nCookie: "
        ).encode()
        self._skus = skus
        self._cookies = {name.encode(): said.encode() for name, said in (cookies | {"csrftoken": _SECRET}).items()}
        self._form = b""
        self.number = ""

    def look(self) -> Step:
        return (yield from self._get(f"/p/{self._skus[0]}/")).status

    def add(self) -> Step:
        status = 302
        for sku in self._skus:
            status = (yield from self._post("/cart/add/", _typed({"sku": sku, "quantity": "1"}))).status
        return status

    def open_checkout(self) -> Step:
        """200 with the form, 302 where something in the cart is sold out. Whoever is not known types an address."""
        page = yield from self._get("/checkout/")
        fresh = {name.decode(): value.decode() for name, value in _FRESH.findall(page.body)}
        chosen = {name.decode(): value.decode() for name, value in _CHOSEN.findall(page.body)}
        known = {name.decode(): value.decode() for name, value in _TYPED.findall(page.body)}
        address = {**_ADDRESS, **known} if "known" in chosen else _ADDRESS
        self._form = _typed({name: fresh[name] for name in _KEPT if name in fresh} | chosen | address)
        return page.status

    def place(self) -> Step:
        """302 to the provider, 409 where somebody was quicker, of which the cart may tell."""
        answer = yield from self._post("/checkout/", self._form)
        found = _NUMBER.search(answer.head)
        self.number = (found[1] or found[2]).decode() if found else ""
        return answer.status if found or answer.status != 302 else 409

    def read_order(self) -> Step:
        return (yield from self._get(f"/orders/{self.number}/")).status

    def _get(self, path: str) -> Generator[bytes, Answer, Answer]:
        return self._heard((yield b"".join([b"GET ", path.encode(), self._host, self._said(), b"\r\n\r\n"])))

    def _post(self, path: str, body: bytes) -> Generator[bytes, Answer, Answer]:
        kind = b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body)
        return self._heard((yield b"".join([b"POST ", path.encode(), self._host, self._said(), kind, body])))

    def _said(self) -> bytes:
        return b"; ".join([name + b"=" + said for name, said in self._cookies.items()])

    def _heard(self, answer: Answer) -> Answer:
        self._cookies.update(_COOKIE.findall(answer.head))
        return answer


def _typed(fields: Mapping[str, str]) -> bytes:
    return urlencode({"csrfmiddlewaretoken": _SECRET, **fields}, quote_via=quote).encode()


def _purchase(buyer: _Buyer) -> Walk:
    for step, wanted in ((buyer.add, 302), (buyer.open_checkout, 200), (buyer.place, 302), (buyer.read_order, 200)):
        status = yield from step()
        if status != wanted:
            return f"{step.__name__} {status}"
    return "placed"


def _rush(buyer: _Buyer) -> Walk:
    for step, wanted in ((buyer.look, 200), (buyer.add, 302), (buyer.open_checkout, 200), (buyer.place, 302)):
        status = yield from step()
        if status != wanted:
            is_too_late = (step.__name__, status) in (("open_checkout", 302), ("place", 409))
            return "sold_out" if is_too_late else f"{step.__name__} {status}"
    return "placed"


def _ready(buyer: _Buyer) -> Walk:
    """All of a purchase up to placing."""
    if (yield from buyer.add()) != 302 or (yield from buyer.open_checkout()) != 200:
        raise SystemExit("a buyer could not come to the checkout")
    return "ready"


def _place(buyer: _Buyer) -> Walk:
    status = yield from buyer.place()
    return "placed" if status == 302 else f"place {status}"


_WAYS: dict[str, Callable[[_Buyer], Walk]] = {"purchase": _purchase, "place": _place, "rush": _rush}


class _Line:
    """One connection: walks one after the other, one question at a time."""

    def __init__(self, port: int, walks: Iterator[Walk], sale: list[tuple[str, float]]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._walks = walks
        self._sale = sale
        self._got = b""

    def begin(self) -> bool:
        """Send the next buyer; False if there is none."""
        walk = next(self._walks, None)
        if walk is None:
            return False
        self._walk, self._began = walk, time.perf_counter()
        self.socket.sendall(next(walk))
        return True

    def hear(self) -> bool:
        """Read on, and ask on once the answer is whole; False if nobody is left to ask."""
        said = self.socket.recv(1 << 18)
        if not said:
            raise ConnectionError("the server closed the line")
        self._got = got = self._got + said if self._got else said
        end = got.find(b"\r\n\r\n")
        size = _SIZE.search(got, 0, end) if end >= 0 else None
        if size is None or len(got) < end + 4 + int(size[1]):
            return True
        self._got = b""
        try:
            self.socket.sendall(self._walk.send(Answer(int(got[9:12]), got[: end + 2], got[end + 4 :])))
        except StopIteration as ended:
            self._sale.append((ended.value, time.perf_counter() - self._began))
            return self.begin()
        return True


def _walked(port: int, walks: Iterator[Walk], at_once: int) -> list[tuple[str, float]]:
    """How each walk ended, and how long it took in seconds."""
    sale: list[tuple[str, float]] = []
    lines = {line.socket.fileno(): line for line in (_Line(port, walks, sale) for _ in range(at_once))}
    watch, busy = select.epoll(), 0
    for number, line in lines.items():
        if line.begin():
            watch.register(number, select.EPOLLIN)
            busy += 1
    while busy:
        for number, _ in watch.poll():
            if not lines[number].hear():
                watch.unregister(number)
                busy -= 1
    for line in lines.values():
        line.socket.close()
    return sale


def _sell(port: int, way: str, wanted: Sequence[tuple[dict[str, str], Sequence[str]]], at_once: int) -> Sale:
    buyers = [_Buyer(port, cookies, skus) for cookies, skus in wanted]
    if way == "place":
        _walked(port, map(_ready, buyers), at_once)
    began, busy = time.perf_counter(), time.process_time()
    walks = _walked(port, map(_WAYS[way], buyers), at_once)
    took_s, client_s = time.perf_counter() - began, time.process_time() - busy
    took_ms = sorted(1000 * each for ending, each in walks if ending == "placed")
    endings = dict(Counter(ending for ending, _ in walks))
    return Sale(took_s=took_s, took_ms=took_ms, endings=endings, client_s=client_s)


def _run(
    pipe: multiprocessing.connection.Connection,
    port: int,
    way: str,
    wanted: list[tuple[dict[str, str], Sequence[str]]],
    at_once: int,
) -> None:
    pipe.send(json.dumps(asdict(_sell(port, way, wanted, at_once))))
