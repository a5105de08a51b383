"""Events that the door makes durable in a second: `zhanggui ingest` with one worker on one core, over real HTTP.

Batches of 100 events of about 400 bytes, 16 at a time; the client and the database use the other cores. The bound is
what the lake can append on the same core in the same run: the same rows in groups of the same size, written, synced
and committed in a plain loop, without HTTP and without reading any JSON. Afterwards the lake is counted.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import psutil
from django.db import transaction
from django.db.models import Avg

from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.ingest import actions
from zhanggui.doors.ingest.keeper import table
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake import queries
from zhanggui.insight.lake.models import Segment
from zhanggui.spine.sightings.rules import events, wire
from zhanggui.spine.sightings.rules.columns import Arrival, ShopTerms
from zhanggui.spine.sightings.rules.wire import Call

BATCH_EVENTS = 100
CONNECTIONS = 16
WARM_SECONDS = 1.0
LOAD_SECONDS = 5.0
APPEND_SECONDS = 2.0
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"


@dataclass(slots=True)
class Load:
    """What a round of load brought."""

    answers: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    sent: int = 0
    cpu_seconds: float = 0.0


def measure() -> list[Number]:
    """Start the door, load it twice, measure the bound, count."""
    for code in ("tea", "bound"):
        shops.open_shop(shop=Shop(code=code, name=code, zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN))
    key = actions.open_source(shop="tea", name="benchmark")
    with door() as (port, worker):
        usual = put_load(port, key, _usual, worker=worker)
        group = round(Segment.objects.filter(shop="tea").aggregate(rows=Avg("rows"))["rows"])
        bound = _append_rate(group)
        unlike = put_load(port, key, _unlike, worker=worker)
    return [
        _rate("durable events per second on one core", usual, bound, group),
        _rate("durable events per second on one core, no two carts alike", unlike, bound, group),
        Number(
            name="events per second of the door's own CPU time", value=usual.sent / usual.cpu_seconds, unit="events/s"
        ),
        Number(name="time until a batch of 100 is durable, median", value=_median_ms(usual), unit="ms"),
        Number(name="events lost or counted twice", value=_wrong(usual.sent + unlike.sent), unit="events"),
    ]


def _rate(name: str, load: Load, bound: float, group: int) -> Number:
    rate = len(load.answers) * BATCH_EVENTS / LOAD_SECONDS
    against = f"the lake's own append in a plain loop, {group} rows at a time: {bound:,.0f} events/s"
    return Number(name=name, value=rate, unit="events/s", ratio=rate / bound, against=against)


def _median_ms(load: Load) -> float:
    return statistics.median(load.waits) * 1000


def _wrong(sent: int) -> int:
    """How far the lake is from holding every accepted event once."""
    source = queries.events("tea", date.min, date.max)
    ((rows, different),) = queries.ask(f"select count(*), count(distinct id) from {source}")
    return abs(sent - rows) + abs(rows - different)


@contextmanager
def door() -> Iterator[tuple[int, psutil.Process]]:
    """The server on the first core; we keep to the others. Its port, and the process that does the work."""
    cores = sorted(os.sched_getaffinity(0))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "zhanggui", "ingest", "--port", str(port)]
    limits = {"ZHANGGUI_INGEST_EVENTS": "100000000", "ZHANGGUI_INGEST_REQUESTS": "1000000"}
    os.sched_setaffinity(0, cores[:1])
    process = subprocess.Popen(command, env=os.environ | limits, stdout=subprocess.DEVNULL, start_new_session=True)
    os.sched_setaffinity(0, cores[1:] or cores)
    try:
        while not _answers(port):
            time.sleep(0.05)
        yield port, max(psutil.Process(process.pid).children(), key=_cpu_seconds)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        os.sched_setaffinity(0, cores)


def _cpu_seconds(process: psutil.Process) -> float:
    used = process.cpu_times()
    return used.user + used.system


def _answers(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def put_load(port: int, key: str, event: Callable[[int], str], *, worker: psutil.Process) -> Load:
    """Send as fast as it is taken, from 16 connections; what was answered before the warm-up ended is not timed."""
    load, numbers = Load(), iter(range(10**9))
    bodies = [event(number) for number in range(40_000)]
    begins = time.perf_counter() + WARM_SECONDS
    ends = begins + LOAD_SECONDS
    tag = random.getrandbits(32)
    used = _cpu_seconds(worker)

    def work(seed: int) -> None:
        rng = random.Random(seed)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while (asked := time.perf_counter()) < ends:
                number = next(numbers)
                _post(connection, key, [_named(tag, number, k, rng.choice(bodies)) for k in range(BATCH_EVENTS)])
                load.sent += BATCH_EVENTS
                if begins <= (answered := time.perf_counter()) < ends:
                    load.answers.append(answered)
                    load.waits.append(answered - asked)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.cpu_seconds = _cpu_seconds(worker) - used
    return load


def _named(tag: int, number: int, position: int, body: str) -> str:
    return f'{{"messageId":"{tag:08x}-{position:04x}-4000-8000-{number:012x}",{body}'


def _post(connection: socket.socket, key: str, batch: list[str]) -> None:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    body = f'{{"writeKey":"{key}","sentAt":"{now}","batch":[{",".join(batch)}]}}'.encode()
    head = f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)
    answer = b""
    while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
        answer += connection.recv(4096)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer.decode())


def _usual(number: int) -> str:
    """Visitors of one shop: 500 products, each seen by many."""
    product = number % 500
    return _text(number, {"product_id": f"p-{product}", "sku": f"SKU-{product:05d}", "price": 18.99 + product})


def _unlike(number: int) -> str:
    """Events whose properties have nothing in common, as those of carts have."""
    return _text(number, {"product_id": f"p-{number}", "cart_id": f"{random.getrandbits(128):032x}", "price": number})


def _text(number: int, properties: dict[str, object]) -> str:
    event = {
        "type": "track",
        "event": ("Product Viewed", "Product Added", "Product Clicked")[number % 3],
        "anonymousId": f"visitor-{number % 4_000}",
        "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
        "context": {"sessionId": f"session-{number}", "page": {"path": f"/p/{number % 500}"}, "userAgent": PHONE},
        "properties": properties | {"category": "tea", "quantity": 1, "currency": "CNY"},
    }
    return json.dumps(event, separators=(",", ":"))[1:]


def _append_rate(group: int) -> float:
    """Events per second that the lake alone appends on the first core, in groups of that size."""
    terms = ShopTerms(code="bound", zone="Asia/Shanghai", currency="CNY")
    body = f'{{"batch":[{",".join(_named(1, k, 0, _usual(k)) for k in range(min(group, wire.MOST_EVENTS)))}]}}'
    arrival = Arrival(shop=terms, received_us=clock.micros(clock.now()), nonce="")
    rows = events.read(wire.open_post(body.encode(), call=Call.BATCH), arrival=arrival).sightings
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, [min(cores)])
    began, groups = time.perf_counter(), 0
    while (took := time.perf_counter() - began) < APPEND_SECONDS:
        written = lake.write(table(rows, shop=terms), shop="bound")
        with transaction.atomic():
            lake.add(f"bound/{groups}", written, shop="bound")
        groups += 1
    os.sched_setaffinity(0, cores)
    return groups * len(rows) / took
