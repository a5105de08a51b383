"""Facts from the log to the lake: how many a second, cursor and manifest committed with every step."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from django.db import transaction

from benchmarks.number import Number
from zhanggui.base.operation.rules import customer
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.lake import handlers
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.shop import OrderPlaced, PaymentSettled
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import START, Trail
from zhanggui.spine.relay.actions import drain
from zhanggui.spine.relay.models import Cursor

ORDERS = 50_000
ORDERS_AT_ONCE = 1_000
ROUNDS = 3


def measure() -> list[Number]:
    """Read the log, then read it into the lake, in turns; the middle of three."""
    shops.open_shop(shop=Shop(code="bench", name="b", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN))
    facts = _record_orders()
    reads, relays = [], []
    for _ in range(ROUNDS):
        reads.append(_seconds(_read_all))
        Cursor.objects.all().delete()
        relays.append(_seconds(lambda: drain(handlers.reader)))
    read, relay = facts / median(reads), facts / median(relays)
    return [
        Number(name="facts read from the log", value=read, unit="facts/s"),
        Number(
            name="facts from the log to the lake",
            value=relay,
            unit="facts/s",
            ratio=relay / read,
            against="facts read from the log",
        ),
    ]


def _record_orders() -> int:
    trail = Trail(shop="bench", person="c1", session="s1", channel="search", device="phone", region="CN-31")
    by = customer("c1")
    for first in range(0, ORDERS, ORDERS_AT_ONCE):
        with transaction.atomic():
            record_all(
                [
                    Told(fact=fact, by=by, trail=trail, subject=f"order:{number}")
                    for number in range(first, first + ORDERS_AT_ONCE)
                    for fact in _facts_of(f"B{number}")
                ]
            )
    return 2 * ORDERS


def _facts_of(number: str) -> tuple[OrderPlaced, PaymentSettled]:
    lines = (
        Line(sku="cup", category="tea-ware", quantity=2, amount_minor=3000),
        Line(sku="pot", category="tea-ware", quantity=1, amount_minor=5000),
    )
    placed = OrderPlaced(
        order_number=number,
        customer_id="c1",
        lines=lines,
        goods_minor=8000,
        shipping_minor=800,
        amount_minor=8800,
        currency="CNY",
    )
    settled = PaymentSettled(
        order_number=number, payment_id=f"P{number}", provider="sandbox", lines=lines, amount_minor=8800, currency="CNY"
    )
    return placed, settled


def _read_all() -> None:
    position = START
    while facts := log.after(position, limit=handlers.BATCH):
        position = facts[-1][0]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
