"""Orders and the quota: what they take, what comes back, and to where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.growth.flash.made import a_pick, a_sale, claims, follow, item, promised, told
from tests.shop.made import (
    CLERK,
    SHOP,
    a_cart,
    a_message,
    a_product,
    a_walk,
    cny,
    facts_of,
    only,
    place,
)
from zhanggui.base import clock, ids
from zhanggui.growth.flash import actions, models, queries
from zhanggui.growth.flash.errors import NoEntry, QuotaGone
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.errors import QuoteChanged
from zhanggui.shop.checkout.rules import Placed, Quote
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders.models import Order
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.returns import actions as returns
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock

pytestmark = pytest.mark.usefixtures("shop")
Wait = Callable[[timedelta], datetime]
WALK = Trail(shop=SHOP)


def quoted(walk: Trail) -> Quote:
    quote = counters.counter(SHOP, walk.person, at=clock.now()).quote
    assert quote is not None
    return quote


def cancel(placed: Placed) -> None:
    paying.give_up(order_number=placed.order_number, reason="changed_mind", trail=WALK, by=CLERK)
    follow(placed.order_number)


def nothing_is_wrong() -> None:
    assert queries.audit() == ()
    assert stock.audit() == ()


def test_an_order_takes_its_pieces_out_of_the_quota_and_pays_the_flash_price() -> None:
    a_product("CUP", units=10)
    id = a_sale(a_pick(price=3990, units=4, per_person=2))
    walk = a_cart({"CUP": 2})
    placed = place(walk)
    assert Order.objects.get(pk=placed.order_number).goods_minor == 2 * 3990
    assert (item(id).taken_units, promised(id), stock.free(["CUP"])["CUP"]) == (2, 2, 6)
    assert claims() == [(walk.person, 2)]
    told_of = only(facts_of(placed.order_number), "growth.flash_taken")
    assert (told_of.sku, told_of.quantity, told_of.amount_minor) == ("CUP", 2, 4000)
    nothing_is_wrong()


def test_the_price_says_that_it_is_the_flash_price_and_of_which_sale() -> None:
    a_product("CUP", units=10)
    id = a_sale()
    (took,) = [one for one in quoted(a_cart()).adjustments if one.step == "promotion"]
    assert (took.reason, took.source, took.amount) == ("flash", f"flash:{item(id).id}", cny(-2000))


def test_pieces_beyond_the_limit_cost_the_list_price() -> None:
    a_product("CUP", units=10)
    id = a_sale(a_pick(price=3990, units=4, per_person=1))
    placed = place(a_cart({"CUP": 3}))
    assert Order.objects.get(pk=placed.order_number).goods_minor == 3990 + 2 * 5990
    assert (item(id).taken_units, stock.free(["CUP"])["CUP"]) == (1, 4)
    nothing_is_wrong()


def test_the_limit_counts_over_all_orders_of_a_person() -> None:
    a_product("CUP", units=10)
    a_sale(a_pick(price=3990, units=4, per_person=1))
    walk = a_walk()
    place(a_cart(walk=walk))
    assert quoted(a_cart(walk=walk)).goods == cny(5990)


def test_the_last_pieces_can_be_bought_though_nothing_else_is_free() -> None:
    a_product("CUP", units=4)
    id = a_sale(a_pick(units=4, per_person=3))
    walk = a_cart({"CUP": 3})
    assert counters.counter(SHOP, walk.person, at=clock.now()).can_be_ordered
    place(walk)
    assert (item(id).taken_units, promised(id), stock.free(["CUP"])["CUP"]) == (3, 1, 0)
    other = a_cart({"CUP": 2})
    with pytest.raises(OutOfStock):
        place(other)
    assert (item(id).taken_units, promised(id)) == (3, 1)
    nothing_is_wrong()


def test_a_cart_with_other_goods_takes_only_what_is_on_sale() -> None:
    a_product("CUP", units=5)
    a_product("POT", units=5)
    id = a_sale(a_pick(units=5, per_person=2))
    placed = place(a_cart({"POT": 1, "CUP": 2}))
    assert item(id).taken_units == 2
    held = {one.sku: one.open_units for one in stock.reservations(placed.order_number)}
    assert held == {"CUP": 2, "POT": 1}
    nothing_is_wrong()


def test_a_price_that_ran_out_meanwhile_is_refused_and_nothing_is_written() -> None:
    a_product("CUP", units=10)
    id = a_sale(a_pick(units=1))
    late = a_cart()
    seen = quoted(late)
    place(a_cart())
    with pytest.raises(QuoteChanged):
        place(late, total=seen.total)
    with pytest.raises(QuotaGone):
        actions.claim(quote=seen, order_number="x", customer_id=ids.uuid7(), trail=late, by=CLERK)
    assert models.Take.objects.count() == 1
    assert (item(id).taken_units, len(claims())) == (1, 1)
    nothing_is_wrong()


def test_a_price_is_not_kept_beyond_the_end(wait: Wait) -> None:
    a_product("CUP", units=10)
    id = a_sale()
    walk = a_cart()
    seen = quoted(walk)
    wait(timedelta(hours=2))
    with pytest.raises(QuotaGone):
        actions.claim(quote=seen, order_number="x", customer_id=ids.uuid7(), trail=walk, by=CLERK)
    assert (item(id).taken_units, claims()) == (0, [])


def test_a_called_off_order_gives_its_pieces_back_to_the_quota_and_to_the_person() -> None:
    a_product("CUP", units=4)
    id = a_sale(a_pick(units=4, per_person=2))
    walk = a_cart({"CUP": 2})
    placed = place(walk)
    cancel(placed)
    follow(placed.order_number)
    assert (item(id).taken_units, item(id).quota_units, promised(id)) == (0, 4, 4)
    assert claims() == [(walk.person, 0)]
    back = only(facts_of(placed.order_number), "growth.flash_returned")
    assert (back.quantity, told("growth.flash_returned")) == (2, 1)
    place(a_cart({"CUP": 2}, walk=walk))
    assert (item(id).taken_units, promised(id)) == (2, 2)
    nothing_is_wrong()


def test_an_order_that_expired_gives_its_pieces_back(wait: Wait) -> None:
    a_product("CUP", units=4)
    id = a_sale(a_pick(units=4))
    placed = place(a_cart())
    wait(timedelta(hours=1))
    assert orders.expire(order_number=placed.order_number)
    follow(placed.order_number)
    assert (item(id).taken_units, promised(id)) == (0, 4)
    nothing_is_wrong()


def test_after_the_end_pieces_come_back_into_the_stock(wait: Wait) -> None:
    a_product("CUP", units=4)
    id = a_sale(a_pick(units=4))
    placed = place(a_cart())
    wait(timedelta(hours=2))
    actions.tend()
    assert stock.free(["CUP"])["CUP"] == 3
    orders.expire(order_number=placed.order_number)
    follow(placed.order_number)
    assert (item(id).taken_units, promised(id), stock.free(["CUP"])["CUP"]) == (0, 0, 4)
    nothing_is_wrong()


def test_pieces_that_were_sold_otherwise_meanwhile_leave_the_quota() -> None:
    a_product("CUP", units=2)
    id = a_sale(a_pick(units=2, per_person=1))
    placed = place(a_cart())
    paying.give_up(order_number=placed.order_number, reason="changed_mind", trail=WALK, by=CLERK)
    place(a_cart({"CUP": 2}))
    follow(placed.order_number)
    assert (item(id).quota_units, item(id).taken_units, promised(id)) == (1, 1, 0)
    nothing_is_wrong()


def test_a_paid_order_that_is_called_off_gives_its_pieces_back() -> None:
    a_product("CUP", units=4)
    id = a_sale(a_pick(units=4, price=3990))
    placed = place(a_cart())
    paying.settle(shop=SHOP, provider="sandbox", message=a_message(placed, amount=3990 + 1200))
    follow(placed.order_number)
    assert item(id).taken_units == 1
    returns.call_off_paid(order_number=placed.order_number, reason="changed_mind", trail=WALK, by=CLERK)
    follow(placed.order_number)
    assert (item(id).taken_units, promised(id), told("growth.flash_returned")) == (0, 4, 1)
    nothing_is_wrong()


def test_a_refund_of_a_part_gives_back_what_the_order_does_not_keep() -> None:
    a_product("CUP", units=10)
    id = a_sale(a_pick(units=4, per_person=3))
    placed = place(a_cart({"CUP": 3}))
    kept = {"CUP": 2}
    for _ in range(2):
        actions.give_back(order_number=placed.order_number, kept=kept, trail=WALK, by=CLERK)
    assert (item(id).taken_units, models.Take.objects.get().returned_units) == (2, 1)


def test_a_sale_with_a_line_sells_to_nobody_whose_turn_it_is_not(wait: Wait) -> None:
    a_product("CUP", units=10)
    id = a_sale(a_pick(units=4, per_person=2), entries=1)
    first, second, stranger = a_cart(), a_cart(), a_cart()
    with pytest.raises(NoEntry):
        place(stranger)
    actions.line_up(shop=SHOP, sale_id=id, person=first.person)
    actions.line_up(shop=SHOP, sale_id=id, person=second.person)
    place(first)
    with pytest.raises(NoEntry):
        place(second)
    wait(timedelta(seconds=1))
    place(second)
    wait(timedelta(minutes=6))
    with pytest.raises(NoEntry):
        place(a_cart(walk=first))
    assert item(id).taken_units == 2
    nothing_is_wrong()
