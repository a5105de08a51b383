"""Holding and letting go of a few pieces by many at once: whoever is late is refused, never met by a constraint."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from tests.shop.made import CLERK, SHOP, a_product, a_shop, at_once
from tests.supply.stock import made
from zhanggui.base.errors import Refused
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, models, queries
from zhanggui.supply.stock.errors import OutOfStock
from zhanggui.supply.stock.rules import Allocation, Demand

TRAIL = Trail(shop=SHOP)


@pytest.mark.django_db(transaction=True)
def test_what_another_has_just_taken_is_refused_as_sold_out() -> None:
    """Found by `make prove`: what is free was compared where it may be from before a lock was waited for."""
    a_shop()
    a_product("CUP", units=5)

    def act(number: int) -> int:
        held = 0
        for turn in range(12):
            name = f"order-{number}-{turn}"
            demand = [Demand(line=1, sku="CUP", units=1, place=None)]
            try:
                actions.hold(order_number=name, demand=demand, until=None, trail=TRAIL, by=CLERK)
            except OutOfStock:
                continue
            held += 1
            actions.release(order_number=name, trail=TRAIL, by=CLERK)
        return held

    outcomes = at_once(act, 32, threads=32)

    assert not [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) >= 32
    assert (queries.level("CUP").on_hand_units, queries.level("CUP").held_units) == (5, 0)
    assert queries.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_a_second_try_waits_for_nothing_that_lies_before_what_the_first_has_locked() -> None:
    """Found by CI: a level too empty for the first try was locked by the second, against the order of all others."""
    for days, code in enumerate(("east", "north", "south"), start=1):
        made.received(made.a_warehouse(code, days=days), A=1)
    stale = queries.plan(made.a_demand(A=1))
    assert [each.warehouse for each in stale.allocations] == ["east"]
    made.held(A=1)  # takes the piece the plan counts on

    def buys() -> tuple[Allocation, ...]:
        demand = made.a_demand(A=1)
        try:
            return actions.hold(order_number="late", demand=demand, until=None, trail=TRAIL, by=CLERK, plan=stale)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        _lock("east")
        late = pool.submit(buys)
        _until_somebody_waits()
        _lock("south")  # nobody who waits for east may have it
    assert [each.warehouse for each in late.result()] == ["north"]
    assert queries.audit() == ()


def _lock(warehouse: str) -> None:
    list(models.Level.objects.select_for_update(nowait=True).filter(sku="A", warehouse=warehouse))


def _until_somebody_waits() -> None:
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where not granted")
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
