"""How long after an event a page that is open shows it: the whole house with `zhanggui run`, a board of today.

A page asks for itself a second after its last answer, as the console's script does, with the version that it shows.
Page views are sent to the door of events, and paid orders are told as the shop tells them, at random moments, so that
the day is changed all the time: that is when its tables are rolled least often. First the day is filled with page
views, so that rolling it costs something. An event counts as shown when an answer has come that counts it.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.number import Number
from zhanggui.base import clock, ids
from zhanggui.base.accounts.actions import take_in
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import job, operator
from zhanggui.doors.ingest import actions as ingest
from zhanggui.insight.boards import actions as boards
from zhanggui.insight.boards import rules
from zhanggui.insight.lake.models import Day
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.shop import OrderPlaced, PaymentSettled
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

EVENTS = 60
EVERY_SECONDS = (1.0, 2.0)
FILLING = 100_000
BATCH = 2_000
# As the console's script waits between two looks.
LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
ME = "live@example.com"


@dataclass(slots=True)
class Walk:
    """When each event of a kind was over, and when it was first shown."""

    metric: str
    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    before: int = 0

    def see(self, count: int, at: float) -> None:
        """The page says so many now."""
        self.shown += [at] * (min(count - self.before, len(self.told)) - len(self.shown))

    def took(self) -> list[float]:
        """Seconds from event to page, sorted."""
        return sorted(shown - told for told, shown in zip(self.told, self.shown, strict=True))


def measure() -> list[Number]:
    """Open the house, fill a day, watch a board while events come."""
    with house() as url:
        shop = settings.OWN_SHOP
        key = ingest.open_source(shop=shop, name="live")
        _fill(url, key)
        board, cookies = board_of(shop)
        walks = watch(url, shop, board, cookies, key)
    roll = Day.objects.filter(shop=shop).order_by("-day").values_list("roll_ms", flat=True)[0]
    return [
        *(number for walk in walks for number in _numbers(walk)),
        Number(name="rolling that day once, in the background meanwhile", value=roll / 1000, unit="s"),
    ]


@contextmanager
def house() -> Iterator[str]:
    """`zhanggui run` on a port of its own, on the home and the database that are measured."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    # The day is filled from one address, faster than any visitor.
    limits = {"ZHANGGUI_INGEST_EVENTS": "100000000", "ZHANGGUI_INGEST_REQUESTS": "1000000"}
    run = subprocess.Popen(
        [sys.executable, "-m", "zhanggui", "run", "--no-demo", "--port", str(port)],
        env=os.environ | limits | {"ZHANGGUI_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(url):
            if run.poll() is not None:
                raise SystemExit("the house did not open")
            time.sleep(0.2)
        yield url
    finally:
        run.send_signal(signal.SIGTERM)
        run.wait(60)


def board_of(shop: str) -> tuple[str, dict[str, str]]:
    """A board of two numbers, and the cookie of an operator who may see it."""
    if not Operator.objects.filter(email=ME).exists():
        take_in(email=ME, password=secrets.token_hex(16), role=Role.OWNER)
    me = Operator.objects.get(email=ME)
    tiles = [rules.asked("number", [("m", metric)]) for metric in ("pv", "orders_paid")]
    board = boards.make(shop=shop, name=f"Live {ids.uuid7()}", tiles=tiles, by=operator(str(me.pk)))
    browser = Client()
    browser.force_login(me)
    return board, {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}


def watch(url: str, shop: str, board: str, cookies: dict[str, str], key: str) -> tuple[Walk, Walk]:
    """Send events of both kinds and look at the page until it has shown them all."""
    page = f"{url}/console/boards/{board}/?shop={shop}&period=today&compare=none"
    views, orders = Walk(metric="pv"), Walk(metric="orders_paid")
    with httpx.Client(cookies=cookies, timeout=30) as browser:
        html = browser.get(page).text
        for walk in (views, orders):
            walk.before = counted(html, walk.metric)
        senders = [
            threading.Thread(target=_send, args=(views, lambda: _see(url, key))),
            threading.Thread(target=_send, args=(orders, lambda: _buy(shop))),
        ]
        for sender in senders:
            sender.start()
        known = version(html)
        while any(sender.is_alive() for sender in senders) or not all(len(w.shown) == EVENTS for w in (views, orders)):
            time.sleep(LOOK_SECONDS)
            answer = browser.get(page, headers={"X-Known": known})
            if answer.status_code == 200:
                known = version(answer.text)
                for walk in (views, orders):
                    walk.see(counted(answer.text, walk.metric), time.monotonic())
            waiting = [walk.told[len(walk.shown)] for walk in (views, orders) if len(walk.shown) < len(walk.told)]
            if waiting and time.monotonic() - min(waiting) > PATIENCE_SECONDS:
                raise SystemExit("an event never came to the page")
    return views, orders


def counted(html: str, metric: str) -> int:
    """The figure of a number's tile; the full one stands beside the short one."""
    tile = next(part for part in html.split('<section class="panel tile')[1:] if f"/numbers/{metric}/" in part)
    found = re.search(r'class="card-figure">.*?<span title="([\d,]+)"', tile)
    return int(found[1].replace(",", "")) if found else 0


def version(html: str) -> str:
    """What the page shows, as its script says it when it asks again."""
    found = re.search(r'data-live="([^"]+)"', html)
    return found[1] if found else ""


def _send(walk: Walk, tell: Callable[[], None]) -> None:
    """At random moments; an event is over when whoever told it has their answer."""
    rng = random.Random(walk.metric)
    for _ in range(EVENTS):
        time.sleep(rng.uniform(*EVERY_SECONDS))
        tell()
        walk.told.append(time.monotonic())
    connection.close()


def _see(url: str, key: str) -> None:
    _post(url, key, [_view()])


def _fill(url: str, key: str) -> None:
    for _ in range(FILLING // BATCH):
        _post(url, key, [_view() for _ in range(BATCH)])


def _post(url: str, key: str, events: list[dict[str, object]]) -> None:
    body = {"writeKey": key, "sentAt": clock.now().isoformat(), "batch": events}
    httpx.post(f"{url}/v1/batch", json=body, timeout=30).raise_for_status()


def _view() -> dict[str, object]:
    now = clock.now().isoformat()
    said = {"path": "/p/CUP/", "url": "https://tea.example/p/CUP/"}
    return {
        "type": "page",
        "messageId": str(ids.uuid7()),
        "anonymousId": f"visitor-{random.randrange(FILLING // 5)}",
        "properties": said,
        "context": {"userAgent": PHONE, "page": said},
        "timestamp": now,
        "originalTimestamp": now,
    }


@operation
def _buy(shop: str) -> None:
    """What the shop tells of an order that is placed and paid."""
    number, buyer = f"L{ids.uuid7().hex[-12:]}", str(ids.uuid7())
    lines = (Line(sku="CUP", category="tea", quantity=1, amount_minor=5900),)
    trail = Trail(shop=shop, person=buyer)
    placed = OrderPlaced(
        order_number=number, customer_id=buyer, lines=lines, goods_minor=5900, amount_minor=5900, currency="CNY"
    )
    paid = PaymentSettled(
        order_number=number, payment_id=number, provider="sandbox", lines=lines, amount_minor=5900, currency="CNY"
    )
    for fact in (placed, paid):
        record(fact, by=job("benchmark"), trail=trail, subject=f"order:{number}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/console/sign-in/", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _numbers(walk: Walk) -> Iterator[Number]:
    took = walk.took()
    what = {"pv": "page view", "orders_paid": "paid order"}[walk.metric]
    for name, share in (("median", 0.5), ("p95", 0.95), ("longest", 1.0)):
        value = took[min(len(took) - 1, int(len(took) * share))]
        yield Number(name=f"{what} until an open page shows it, {name} of {len(took)}", value=value, unit="s")
