"""Holding and letting go of a few pieces by many at once: whoever is late is refused, never met by a constraint."""

from __future__ import annotations

import pytest

from tests.shop.made import CLERK, SHOP, a_product, a_shop, at_once
from zhanggui.base.errors import Refused
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.errors import OutOfStock
from zhanggui.supply.stock.rules import Demand

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
