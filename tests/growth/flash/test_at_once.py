"""Many at once on a real database: never a piece too many, never one lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from tests.growth.flash.made import WALK, a_pick, a_plan, a_sale, claims, follow, item, promised, set_up, told
from tests.shop.made import ADDRESS, CLERK, CONTACT, SHOP, a_cart, a_product, a_walk, at_once, by, cny, place
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.growth.flash import actions, models, queries
from zhanggui.growth.flash.errors import LimitReached, SalesOverlap
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.rules import Drop, Placed
from zhanggui.shop.orders.models import Order
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import actions as paying
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

pytestmark = [pytest.mark.usefixtures("busy_shop"), pytest.mark.django_db(transaction=True)]


def all_fits() -> None:
    assert queries.audit() == ()
    assert stock.audit() == ()


def test_three_hundred_buyers_for_fifty_pieces_are_fifty_orders() -> None:
    a_product("CUP", units=50)
    id = a_sale(a_pick(price=3990, units=50))
    walks = [a_cart() for _ in range(300)]
    outcomes = at_once(lambda n: place(walks[n], total=cny(3990 + 1200)), 300, threads=24)
    assert sum(isinstance(outcome, Placed) for outcome in outcomes) == 50
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 250
    assert set(Order.objects.values_list("goods_minor", flat=True)) == {3990}
    assert (item(id).taken_units, item(id).left_units, promised(id)) == (50, 0, 0)
    assert stock.free(["CUP"])["CUP"] == 0
    assert sum(units for _, units in claims()) == 50
    all_fits()


def test_one_person_in_five_tabs_has_what_one_person_may_have() -> None:
    a_product("CUP", units=40)
    id = a_sale(a_pick(price=3990, units=20, per_person=2))
    for _ in range(4):
        walk = a_cart({"CUP": 1})
        quote = counters.counter(SHOP, walk.person, at=clock.now()).quote
        assert quote is not None

        def buy(tab: int, walk: Trail = walk, quote: object = quote) -> None:
            actions.claim(
                quote=quote,  # type: ignore[arg-type]
                order_number=f"{walk.person[-8:]}-{tab}",
                customer_id=ids.uuid7(),
                trail=walk,
                by=by(walk),
            )

        outcomes = at_once(buy, 5, threads=5)
        assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 3
    assert [units for _, units in claims()] == [2, 2, 2, 2]
    assert (item(id).taken_units, promised(id)) == (8, 12)
    all_fits()


def test_one_person_with_one_click_in_five_tabs_pays_the_flash_price_once() -> None:
    a_product("CUP", units=40)
    id = a_sale(a_pick(price=3990, units=20, per_person=1))
    walk = a_walk()
    place(a_cart(walk=a_walk()))

    def click(tab: int) -> Placed:
        return checkout.order_now(
            sku="CUP",
            quantity=1,
            total_seen=cny(3990 + 1200),
            contact=CONTACT,
            drop=Drop(address=ADDRESS),
            provider="sandbox",
            idempotency_key=str(ids.uuid7()),
            trail=walk,
            by=by(walk),
        )

    outcomes = at_once(click, 5, threads=5)
    assert sum(isinstance(outcome, Placed) for outcome in outcomes) == 1
    assert item(id).taken_units == 2
    all_fits()


def test_a_sale_ends_cleanly_while_orders_run() -> None:
    a_product("CUP", units=60)
    id = a_sale(a_pick(price=3990, units=40))
    walks = [a_cart() for _ in range(60)]

    def act(turn: int) -> object:
        if turn in (25, 26, 27):
            return actions.stop(id=id, trail=WALK, by=CLERK)
        return place(walks[turn], total=cny(3990 + 1200))

    outcomes = at_once(act, 60, threads=16)
    sold = sum(isinstance(outcome, Placed) for outcome in outcomes)
    assert outcomes[25:28].count(True) == 1
    assert (item(id).taken_units, promised(id)) == (sold, 0)
    assert stock.free(["CUP"])["CUP"] == 60 - sold
    assert told("growth.flash_ended") == 1
    all_fits()


def test_buying_calling_off_and_ending_at_once_lose_no_piece() -> None:
    a_product("CUP", units=30)
    a_product("POT", units=30)
    id = a_sale(a_pick(price=3990, units=10), a_pick("POT", price=3990, units=10))
    rng = Random(11)
    carts = [{"CUP": 1} if rng.random() < 0.4 else {"POT": 1, "CUP": 1} for _ in range(80)]
    walks = [a_cart(dict(sorted(cart.items(), reverse=rng.random() < 0.5))) for cart in carts]
    leaves = [rng.random() < 0.6 for _ in walks]

    def act(turn: int) -> object:
        if turn == 70:
            return actions.stop(id=id, trail=WALK, by=CLERK)
        placed = place(walks[turn])
        if leaves[turn]:
            paying.give_up(order_number=placed.order_number, reason="changed_mind", trail=WALK, by=CLERK)
            follow(placed.order_number)
        return placed

    outcomes = at_once(act, 80, threads=16)
    assert outcomes[70] is True
    for order in Order.objects.filter(state=State.CANCELLED):
        follow(order.number)
    all_fits()
    kept: Counter[str] = Counter()
    for order in Order.objects.exclude(state=State.CANCELLED):
        for one in stock.reservations(order.number):
            kept[one.sku] += one.open_units
    free = stock.free(["CUP", "POT"])
    assert {sku: free[sku] + kept[sku] for sku in free} == {"CUP": 30, "POT": 30}
    assert promised(id) == promised(id, "POT") == 0


def test_of_two_sales_set_up_at_once_for_one_sku_there_is_one() -> None:
    a_product("CUP", units=100)
    outcomes = at_once(lambda n: set_up(a_plan(a_pick(units=5))), 8, threads=8)
    assert sum(isinstance(outcome, SalesOverlap) for outcome in outcomes) == 7
    assert (models.Sale.objects.count(), stock.free(["CUP"])["CUP"]) == (1, 95)
    all_fits()


def test_a_crowd_gets_one_place_each_and_no_second_lets_in_too_many() -> None:
    a_product("CUP", units=10)
    id = a_sale(entries=10, starts_in=timedelta(minutes=5))
    people = [f"v-{number % 100}" for number in range(300)]
    at_once(lambda n: actions.line_up(shop=SHOP, sale_id=id, person=people[n]), 300, threads=16)
    assert models.Ticket.objects.count() == 100
    assert max(Counter(models.Ticket.objects.values_list("opens_at", flat=True)).values()) <= 10
