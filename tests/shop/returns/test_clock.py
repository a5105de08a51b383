"""The clock of the refund, and the nightly audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.shop import made
from tests.shop.returns.arrived import an_arrived_order, ask, body, inspect, receive, settled, state
from tests.worlds import made_once
from zhanggui.base.operation.rules import customer
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Law
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.returns import actions, models, queries
from zhanggui.shop.returns.rules import Reason, State, Wish

pytestmark = pytest.mark.django_db
Wait = Callable[[timedelta], datetime]


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None) -> None:
    made.a_shop()
    made.a_product("CUP", price=5990)


def test_late_money_is_told_once_and_stands_first_in_the_queue(wait: Wait) -> None:
    order = an_arrived_order({"CUP": 2})
    first, second = ask(order, {1: 1}), ask(order, {1: 1})
    receive(first)
    wait(timedelta(hours=5))
    receive(second)
    wait(timedelta(hours=67, seconds=1))

    actions.watch()
    actions.watch()

    assert queries.return_by_number(first).escalated_at is not None
    assert queries.return_by_number(second).escalated_at is None
    assert body(order.number, "shop.refund_late") == {
        "order_number": order.number,
        "return_number": first,
        "hours": 72,
        "amount_minor": 5990,
        "currency": "CNY",
    }
    seen = queries.queue(made.SHOP, view=queries.View.OURS)
    assert [found.number for found in seen] == [first, second]
    counts = queries.counts(made.SHOP)
    assert (counts[queries.View.LATE], counts[queries.View.INSPECT], counts[queries.View.ALL]) == (1, 2, 2)


def test_by_european_law_money_is_late_for_what_was_sent_and_never_arrived(wait: Wait) -> None:
    order = an_arrived_order({"CUP": 4})
    late, kept = ask(order, {1: 1}), ask(order, {1: 1})
    faulty = ask(order, {1: 1}, reason=Reason.FAULTY)
    for number in (late, faulty):
        actions.note_sent(return_number=number, trail=order.trail, by=customer(order.person))
    wait(timedelta(days=14))
    actions.watch()
    assert [queries.return_by_number(one).escalated_at for one in (late, kept, faulty)] == [None, None, None]
    shops.keep_law(shop=made.SHOP, law=Law.EU)
    actions.watch()
    actions.watch()

    told = [queries.return_by_number(one).escalated_at is not None for one in (late, kept, faulty)]
    assert told == [True, False, False]
    assert body(order.number, "shop.refund_late")["hours"] == 14 * 24
    assert [found.number for found in queries.queue(made.SHOP, view=queries.View.LATE)] == [late]


def test_a_refund_that_its_job_missed_is_run_by_the_clock(wait: Wait) -> None:
    number = ask(an_arrived_order())
    receive(number)
    inspect(number)
    wait(timedelta(minutes=11))
    actions.watch()
    assert state(number) is State.REFUNDED


def test_the_nightly_audit_finds_what_contradicts_itself() -> None:
    order = an_arrived_order({"CUP": 2})
    done, kept = settled(order, {1: 1}), ask(order, {1: 1}, wish=Wish.EXCHANGE)
    assert queries.audit() == ()
    assert not [found for found in orders.audit() if found.order_number.startswith("R")]

    models.Return.objects.filter(pk=done.number).update(refunded_minor=done.refunded.minor + 1)
    models.Return.objects.filter(pk=kept).update(wish=Wish.REFUND)

    assert {(found.return_number, found.fault) for found in queries.audit()} == {
        (done.number, "more_than_its_shares"),
        (kept, "held_without_return"),
    }
