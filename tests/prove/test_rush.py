"""Many buyers of few pieces, at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.prove.gateway import Gateway
from tests.prove.world import audits_find_nothing, nothing_is_wrong
from tests.shop.made import CLERK, SHOP, a_cart, a_product, a_shop, at_once, place
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.money import Money
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import actions as paying
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock

pytestmark = pytest.mark.django_db(transaction=True)


def pay(gateway: Gateway, placed: Placed, *, times: int = 1) -> int:
    """Pay at the provider and let it tell us, so often; how often it was heard."""
    order = orders.order_by_number(placed.order_number)
    said = gateway.shopper_pays(placed.payment_id, placed.order_number, order.total, times=times)
    for message in said:
        paying.settle(shop=SHOP, provider="sandbox", message=message)
    return len(said)


def paid_units() -> int:
    return Order.objects.filter(state=State.PAID).count()


@pytest.mark.parametrize(("buyers", "units", "threads"), [(200, 1, 60), (500, 100, 32)])
def test_a_rush_sells_what_is_there_and_not_one_piece_more(
    gateway: Gateway, buyers: int, units: int, threads: int
) -> None:
    a_shop()
    a_product("CUP", units=units)
    walks = [a_cart({"CUP": 1}) for _ in range(buyers)]

    def buy(number: int) -> Placed:
        placed = place(walks[number])
        pay(gateway, placed)
        return placed

    outcomes = at_once(buy, buyers, threads=threads)

    assert sum(isinstance(outcome, Placed) for outcome in outcomes) == units
    assert sum(isinstance(outcome, OutOfStock) for outcome in outcomes) == buyers - units
    assert paid_units() == units
    assert len(gateway.charges) == units
    nothing_is_wrong({"CUP": units}, gateway)
    audits_find_nothing()


def test_a_rush_with_payments_that_time_out_come_late_and_come_twice(gateway: Gateway) -> None:
    a_shop()
    a_product("CUP", units=20)
    gateway.failing = 0.2
    walks = [a_cart({"CUP": 1}) for _ in range(120)]
    rng = Random(7)
    fates = [rng.choice(["pays", "pays twice", "told late", "told twice", "goes away"]) for _ in walks]

    def buy(number: int) -> str:
        placed = place(walks[number])
        fate = fates[number]
        order = orders.order_by_number(placed.order_number)
        if fate == "goes away":
            return _or_fails(lambda: paying.give_up(**_who(placed)))
        said = gateway.shopper_pays(
            placed.payment_id, placed.order_number, order.total, times=2 if fate == "pays twice" else 1
        )
        if fate == "told late":
            _or_fails(lambda: paying.give_up(**_who(placed)))
        for message in said * (2 if fate == "told twice" else 1):
            paying.settle(shop=SHOP, provider="sandbox", message=message)
        return fate

    at_once(buy, len(walks), threads=32)
    for order in Order.objects.filter(state=State.AWAITING_PAYMENT):
        for _ in range(40):
            if _or_fails(lambda: paying.give_up(**_of(order.number))) != "unreachable":  # noqa: B023
                break

    nothing_is_wrong({"CUP": 20}, gateway)
    audits_find_nothing()


def test_paying_and_calling_off_at_the_same_moment_end_in_exactly_one_of_them(gateway: Gateway) -> None:
    a_shop()
    a_product("CUP", units=40)
    placed = [place(a_cart({"CUP": 1})) for _ in range(40)]

    def act(turn: int) -> object:
        one = placed[turn // 2]
        return pay(gateway, one) if turn % 2 else paying.give_up(**_who(one))

    at_once(act, 80, threads=16)

    assert set(Order.objects.values_list("state", flat=True)) <= {State.PAID, State.CANCELLED}
    nothing_is_wrong({"CUP": 40}, gateway)
    audits_find_nothing()


def test_a_cart_sent_from_many_tabs_is_one_order(gateway: Gateway) -> None:
    a_shop()
    a_product("CUP", units=50)
    for turn in range(5):
        walk = a_cart({"CUP": 2})
        at_once(lambda n: place(walk, version=1, total=Money(13180, "CNY"), key=f"{turn}-{n % 3}"), 12)  # noqa: B023
    assert Order.objects.count() == 5
    assert stock.free(["CUP"])["CUP"] == 40
    nothing_is_wrong({"CUP": 50}, gateway)


def _or_fails(act: Callable[[], object]) -> str:
    try:
        act()
    except Unreachable:
        return "unreachable"
    except Refused:
        return "refused"
    return "done"


def _who(placed: Placed) -> dict[str, object]:
    return _of(placed.order_number)


def _of(number: str) -> dict[str, object]:
    return {"order_number": number, "reason": "changed_mind", "trail": Trail(shop=SHOP), "by": CLERK}
