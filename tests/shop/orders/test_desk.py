"""The list of orders that the console asks for: narrowed, sorted, a page at a time, in one statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.shop.made import CLERK, SHOP, a_cart, a_message, a_product, a_shop, a_walk, an_order, cny, place, statements
from tests.worlds import made_once
from zhanggui.shop.orders import actions, models, queries
from zhanggui.shop.orders.queries import Asked, Sort
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", units=50)
    a_product("POT", units=50, price=12000)


def numbers(asked: Asked, *, limit: int = 50, offset: int = 0) -> list[str]:
    return [one.number for one in queries.page(asked, limit=limit, offset=offset)]


@pytest.mark.usefixtures("shop")
def test_a_row_says_all_that_a_list_shows(wait: Callable[[timedelta], datetime]) -> None:
    number = an_order({"CUP": 2, "POT": 1}).order_number
    (row,) = queries.page(Asked(shop=SHOP), limit=10)
    order = queries.order_by_number(number)
    assert (row.number, row.state, row.total, row.refunded) == (number, State.AWAITING_PAYMENT, order.total, cny(0))
    assert (row.units, row.lines, row.places) == (3, 2, 1)
    assert (row.country, row.region, row.city) == ("CN", "浙江省", "杭州市")
    assert row.title("en") == "White cup"
    assert row.promised_on == order.destinations[0].promised_on
    assert not row.has_note


@pytest.mark.usefixtures("shop")
def test_newest_first_a_page_at_a_time(wait: Callable[[timedelta], datetime]) -> None:
    placed = []
    for _ in range(5):
        placed.append(an_order().order_number)
        wait(timedelta(seconds=1))
    assert numbers(Asked(shop=SHOP), limit=2) == placed[:2:-1]
    assert numbers(Asked(shop=SHOP), limit=2, offset=4) == placed[:1]
    assert numbers(Asked(shop=SHOP, is_descending=False)) == placed
    assert queries.count(Asked(shop=SHOP)) == 5


@pytest.mark.usefixtures("shop")
def test_orders_are_sorted_by_what_they_came_to() -> None:
    cheap, dear, middle = (an_order({"CUP": n}).order_number for n in (1, 3, 2))
    by_total = Asked(shop=SHOP, sort=Sort.TOTAL)
    assert numbers(by_total) == [dear, middle, cheap]
    assert numbers(Asked(shop=SHOP, sort=Sort.NUMBER, is_descending=False)) == sorted([cheap, dear, middle])


@pytest.mark.usefixtures("shop")
def test_each_filter_leaves_only_what_fits(wait: Callable[[timedelta], datetime]) -> None:
    first = an_order({"CUP": 1})
    then = wait(timedelta(hours=1))
    walk = a_walk()
    second = place(a_cart({"POT": 1}, walk=walk))
    order = queries.order_by_number(second.order_number)
    payments.settle(shop=SHOP, provider="sandbox", message=a_message(second, amount=order.total.minor))
    actions.give_back(order_number=second.order_number, amount=cny(100), units={})
    actions.add_note(order_number=second.order_number, words="Ring twice.", trail=Trail(shop=SHOP), by=CLERK)
    nobody = UUID("0192aaaa-bbbb-7ccc-8ddd-eeeeffff1234")
    of_second = (
        Asked(shop=SHOP, states=(State.PAID,)),
        Asked(shop=SHOP, sku="POT"),
        Asked(shop=SHOP, number=second.order_number[:-1]),
        Asked(shop=SHOP, numbers=(second.order_number,)),
        Asked(shop=SHOP, is_refunded=True),
        Asked(shop=SHOP, has_note=True),
        Asked(shop=SHOP, start=then),
        Asked(shop=SHOP, persons=(walk.person,), customers=(order.customer_id,)),
    )
    for asked in of_second:
        assert numbers(asked) == [second.order_number], asked
        assert queries.count(asked) == 1
    assert numbers(Asked(shop=SHOP, end=then)) == [first.order_number]
    assert len(numbers(Asked(shop=SHOP, channel="search", country="CN"))) == 2
    for asked in (
        Asked(shop="other"),
        Asked(shop=SHOP, numbers=()),
        Asked(shop=SHOP, number="%"),
        Asked(shop=SHOP, country="US"),
        Asked(shop=SHOP, persons=(walk.person,), customers=(nobody,)),
    ):
        assert numbers(asked) == [], asked


@pytest.mark.usefixtures("shop")
def test_a_page_is_one_statement_and_a_count_another() -> None:
    for _ in range(3):
        an_order()
    everything = Asked(shop=SHOP, states=(State.AWAITING_PAYMENT,), sku="CUP", country="CN", has_note=False)
    with statements() as sent:
        queries.page(everything, limit=50)
    assert len(sent) == 1
    with statements() as sent:
        queries.count(everything)
    assert len(sent) == 1


@pytest.mark.usefixtures("shop")
def test_a_count_stops_at_the_furthest(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        an_order()
    monkeypatch.setattr("zhanggui.shop.orders.queries.desk.FURTHEST", 1)
    assert queries.count(Asked(shop=SHOP)) == 2
    assert models.Order.objects.count() == 3
