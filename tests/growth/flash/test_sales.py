"""Setting flash sales up, letting them begin and end: exact rows, exact facts, and nothing on refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.growth.flash.made import WALK, a_pick, a_plan, a_sale, item, promised, sale, set_up, told
from tests.shop.made import CLERK, SHOP, a_product, statements
from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.growth.flash import actions, models, queries
from zhanggui.growth.flash.errors import NoSuchSale, SaleNotAllowed, SaleNotOn, SalesOverlap
from zhanggui.growth.flash.rules import Plan, State, quota_of
from zhanggui.shop.catalogue.rules import Words
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock

pytestmark = pytest.mark.usefixtures("shop")
Wait = Callable[[timedelta], datetime]


def test_setting_a_sale_up_takes_its_quota_out_of_the_stock() -> None:
    a_product("CUP", units=10)
    id = a_sale(a_pick(units=4, per_person=2))
    assert stock.free(["CUP"]) == {"CUP": 6}
    assert promised(id) == 4
    assert (item(id).quota_units, item(id).taken_units, item(id).per_person) == (4, 0, 2)
    assert sale(id).state is State.SET
    assert queries.audit() == ()


def test_a_sale_sent_twice_is_one() -> None:
    a_product("CUP", units=10)
    plan = a_plan(a_pick(units=4))
    assert set_up(plan, key="k") == set_up(plan, key="k")
    assert stock.free(["CUP"]) == {"CUP": 6}


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (lambda: a_plan(a_pick(units=11)), OutOfStock),
        (lambda: a_plan(a_pick(price=5990)), SaleNotAllowed),
        (lambda: a_plan(a_pick("POT")), SaleNotAllowed),
        (lambda: replace(a_plan(), name=Words(zh="", en="")), SaleNotAllowed),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    plan: Callable[[], Plan], refusal: type[Refused]
) -> None:
    a_product("CUP", units=10)
    with pytest.raises(refusal):
        set_up(plan())
    assert not models.Sale.objects.exists()
    assert not models.Item.objects.exists()
    assert stock.free(["CUP"]) == {"CUP": 10}


def test_one_sku_is_in_one_sale_at_a_time(wait: Wait) -> None:
    a_product("CUP", units=20)
    a_product("POT", units=20)
    now = wait(timedelta(0))
    set_up(a_plan(a_pick(), starts_at=now, lasts=timedelta(hours=2)))
    with pytest.raises(SalesOverlap) as refused:
        set_up(a_plan(a_pick("POT"), a_pick(), starts_at=now + timedelta(hours=1)))
    assert refused.value.sku == "CUP"
    assert models.Sale.objects.count() == 1
    assert stock.free(["CUP", "POT"]) == {"CUP": 15, "POT": 20}
    set_up(a_plan(a_pick("POT"), starts_at=now + timedelta(hours=1)))
    set_up(a_plan(a_pick(), starts_at=now + timedelta(hours=2)))
    assert models.Sale.objects.count() == 3


def test_a_sale_begins_and_ends_by_the_clock_and_gives_the_rest_back_once(wait: Wait) -> None:
    a_product("CUP", units=10)
    id = a_sale(a_pick(units=4), starts_in=timedelta(minutes=5))
    actions.tend()
    assert (sale(id).state, told("growth.flash_started")) == (State.SET, 0)
    wait(timedelta(minutes=5))
    actions.tend()
    actions.tend()
    assert (sale(id).state, told("growth.flash_started")) == (State.ON, 1)
    with pytest.raises(SaleNotOn):
        actions.end(id=id, trail=WALK)
    ended_at = wait(timedelta(hours=2))
    actions.every_minute()
    actions.at_the_moment(sale_id=id)
    found = sale(id)
    assert (found.state, found.reason, found.returned_units, found.ended_at) == (State.ENDED, "over", 4, ended_at)
    assert (promised(id), stock.free(["CUP"])["CUP"]) == (0, 10)
    assert (told("growth.flash_ended"), told("supply.stock_released")) == (1, 1)
    assert queries.audit() == ()


def test_a_sale_can_be_stopped_early_and_is_then_over() -> None:
    a_product("CUP", units=10)
    id = a_sale()
    assert actions.stop(id=id, trail=WALK, by=CLERK)
    assert not actions.stop(id=id, trail=WALK, by=CLERK)
    assert (sale(id).reason, stock.free(["CUP"])["CUP"], told("growth.flash_ended")) == ("stopped", 10, 1)
    a_sale()


def test_a_sale_of_another_shop_cannot_be_stopped() -> None:
    a_product("CUP", units=10)
    id = a_sale()
    with pytest.raises(NoSuchSale):
        actions.stop(id=id, trail=replace(WALK, shop="other"), by=CLERK)
    assert sale(id).state is State.SET


def test_a_sale_nobody_ended_is_ended_by_whoever_sets_the_next_one_up(wait: Wait) -> None:
    a_product("CUP", units=5)
    first = a_sale()
    wait(timedelta(hours=2))
    second = a_sale()
    assert (sale(first).state, promised(first), promised(second)) == (State.ENDED, 0, 5)


def test_prices_cost_nothing_while_no_sale_is_on() -> None:
    a_product("CUP", units=10)
    now = clock.now()
    queries.shown(SHOP)
    with statements() as sent:
        assert queries.prices(SHOP, "v-1", ["CUP"], at=now) == {}
        assert queries.set_aside(SHOP, "v-1", ["CUP"], at=now) == {}
    assert sent == []


def test_prices_cost_one_statement_where_a_sale_is_on(wait: Wait) -> None:
    a_product("CUP", units=10)
    a_product("POT", units=10)
    id = a_sale(a_pick(units=4, per_person=3))
    now = wait(timedelta(0))
    queries.shown(SHOP)
    with statements() as sent:
        (offer,) = queries.prices(SHOP, "v-1", ["CUP", "POT"], at=now)["CUP"]
    assert len(sent) == 1
    assert (offer.id, offer.units, offer.is_open) == (f"flash:{item(id).id}", 3, False)
    assert queries.set_aside(SHOP, "v-1", ["CUP"], at=now) == {"CUP": 3}
    assert queries.prices(SHOP, "v-1", ["POT"], at=now) == {}
    assert queries.prices(SHOP, "v-1", ["CUP"], at=now + timedelta(hours=2)) == {}


def test_the_quota_has_the_name_the_stock_knows() -> None:
    a_product("CUP", units=10)
    id = a_sale()
    assert stock.held_among([quota_of(id)]) == {quota_of(id)}
