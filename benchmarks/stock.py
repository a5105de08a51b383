"""Promising stock: eight buyers at once of several SKUs, of one SKU, and a rush that sells exactly what there is."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from statistics import median

from django.db import connection, connections, transaction

from benchmarks.number import Number
from zhanggui.base.operation.rules import customer
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.errors import OutOfStock
from zhanggui.supply.stock.rules import Demand

BUYERS = 8
HOLDS = 1_600
RUSH_BUYERS, RUSH_UNITS, RUSH_AT_ONCE = 500, 100, 32
BY = customer("c1")
TRAIL = Trail(shop="bench", person="c1")
_BARE = """
update supply_stock_level set held_units = held_units + 1
where sku = %s and warehouse = 'main' and on_hand_units - held_units >= 1
"""
_numbers = count(1)


def measure() -> list[Number]:
    """A bare conditional update is the bound: no reservation, no movement, no fact."""
    shops.open_shop(shop=Shop(code="bench", name="b", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN))
    skus = [f"SKU-{n}" for n in range(BUYERS)]
    units = dict.fromkeys(skus, 1000000) | {"HOT": 1_000_000, "BARE": 1_000_000, "RUSH": RUSH_UNITS}
    actions.receive(reference="bench", units=units, trail=TRAIL, by=BY)
    apart, apart_p50 = _rate(lambda n: _hold(skus[n % BUYERS]))
    together, together_p50 = _rate(lambda _: _hold("HOT"))
    bare, _ = _rate(lambda _: _bare("BARE"))
    print(f"p50: different SKUs {apart_p50 * 1000:.2f} ms, one SKU {together_p50 * 1000:.2f} ms")
    sold, seconds = _rush()
    if sold != RUSH_UNITS or queries.free(["RUSH"]) != {"RUSH": 0}:
        raise SystemExit(f"{sold} of {RUSH_UNITS} were sold")
    return [
        Number(name="bare conditional update of one SKU", value=bare, unit="updates/s"),
        Number(
            name="holds of one SKU, 8 at once",
            value=together,
            unit="holds/s",
            ratio=together / bare,
            against="bare conditional update of one SKU",
        ),
        Number(name="holds of different SKUs, 8 at once", value=apart, unit="holds/s"),
        Number(name="a rush of 500 for 100 pieces, 32 at once", value=seconds, unit="s"),
    ]


def _hold(sku: str) -> None:
    number = f"B{next(_numbers)}"
    actions.hold(order_number=number, demand=[Demand(1, sku, 1)], until=None, trail=TRAIL, by=BY)


def _bare(sku: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BARE, [sku])


def _rate(work: Callable[[int], None]) -> tuple[float, float]:
    """How many a second, and how long the middle one took in seconds."""

    def one(part: int) -> list[float]:
        took = []
        for _ in range(HOLDS // BUYERS):
            began = time.perf_counter()
            work(part)
            took.append(time.perf_counter() - began)
        connections.close_all()
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(BUYERS) as pool:
        took = [each for part in pool.map(one, range(BUYERS)) for each in part]
    return len(took) / (time.perf_counter() - began), median(took)


def _rush() -> tuple[int, float]:
    def one(part: int) -> int:
        sold = 0
        for _ in range(part, RUSH_BUYERS, RUSH_AT_ONCE):
            try:
                _hold("RUSH")
                sold += 1
            except OutOfStock:
                pass
        connections.close_all()
        return sold

    began = time.perf_counter()
    with ThreadPoolExecutor(RUSH_AT_ONCE) as pool:
        return sum(pool.map(one, range(RUSH_AT_ONCE))), time.perf_counter() - began
