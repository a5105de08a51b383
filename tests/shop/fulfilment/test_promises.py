"""The 48 hours, the promised day, and what follows when both are over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests.shop.fulfilment.made import PAID_FACT, a_line, a_paid_order, a_parcel, in_stock
from tests.shop.made import CLERK, SHOP, facts_of, names
from zhanggui.base import clock
from zhanggui.shop.fulfilment import actions, queries
from zhanggui.shop.fulfilment.queries import Asked, Due
from zhanggui.shop.fulfilment.rules import Kept, Promise, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]

Wait = Callable[[timedelta], datetime]
ZONE = "Asia/Shanghai"
PAID_ON = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def cups(shop: None, wait: Wait) -> None:
    in_stock(CUP=50)


def told(number: str) -> int:
    return names(facts_of(number)).count("shop.parcel_late")


def test_a_parcel_that_has_not_left_in_time_is_told_of_once(wait: Wait) -> None:
    parcel = a_parcel()
    wait(timedelta(hours=48))
    assert actions.flag_late() == 0
    wait(timedelta(seconds=1))
    assert (actions.flag_late(), actions.flag_late()) == (1, 0)
    assert told(parcel.order_number) == 1


def test_a_parcel_that_has_not_arrived_by_its_day_is_told_of_once(wait: Wait) -> None:
    parcel = a_parcel(state=State.SHIPPED, promised_on=PAID_ON + timedelta(days=2))
    wait(timedelta(days=2, hours=11))
    assert actions.flag_late() == 0
    wait(timedelta(hours=1))  # midnight in Shanghai
    assert (actions.flag_late(), actions.flag_late()) == (1, 0)
    assert told(parcel.order_number) == 1


def test_the_queue_shows_the_most_urgent_first_and_filters(wait: Wait) -> None:
    first = a_parcel()
    wait(timedelta(hours=40))
    second = a_parcel(state=State.PICKED)
    at = wait(timedelta(hours=9))
    shown = queries.queue(Asked(shop=SHOP, at=at), limit=50)
    assert ([parcel.id for parcel in shown.parcels], shown.count) == ([first.id, second.id], 2)
    assert [parcel.id for parcel in queries.late(SHOP, at=at).parcels] == [first.id]
    picked = queries.queue(Asked(shop=SHOP, at=at, state=State.PICKED), limit=50)
    assert [parcel.id for parcel in picked.parcels] == [second.id]
    assert queries.queue(Asked(shop=SHOP, at=at, warehouse="elsewhere"), limit=50).count == 0
    assert queries.queue(Asked(shop="other", at=at, due=Due.LATE), limit=50).count == 0
    standing = queries.standing(SHOP, at=at)
    assert (standing.waiting, standing.late, standing.soon, standing.warehouses) == (2, 1, 0, ("main",))
    at = wait(timedelta(hours=30))
    assert [parcel.id for parcel in queries.due_soon(SHOP, at=at).parcels] == [second.id]


def test_the_48_hours_are_kept_by_whoever_leaves_in_them(wait: Wait) -> None:
    in_time, too_late, awaited, off = (a_parcel() for _ in range(4))
    for parcel in (in_time, too_late):
        actions.pick(parcel_id=parcel.id, by=CLERK)
        actions.pack(parcel_id=parcel.id, weight_g=500, by=CLERK)
    actions.ship(parcel_id=in_time.id, by=CLERK)
    actions.call_off(order_number=off.order_number, by=CLERK)

    def kept(at: datetime) -> tuple[Kept, ...]:
        return queries.kept(
            SHOP, promise=Promise.SHIP, start=PAID_ON, end=PAID_ON + timedelta(days=5), zone=ZONE, at=at
        )

    due = PAID_ON + timedelta(days=2)
    assert kept(clock.now()) == (Kept(day=due, warehouse="main", kept=1, broken=0, open=2),)
    at = wait(timedelta(hours=49))
    actions.ship(parcel_id=too_late.id, by=CLERK)
    assert kept(at) == (Kept(day=due, warehouse="main", kept=1, broken=2, open=0),)
    assert awaited.is_late(at)


def test_the_promised_day_is_kept_by_whoever_arrives_by_it(wait: Wait) -> None:
    day = PAID_ON + timedelta(days=1)
    in_time, too_late, _awaited = (a_parcel(state=State.SHIPPED, promised_on=day) for _ in range(3))

    def kept() -> tuple[Kept, ...]:
        return queries.kept(
            SHOP, promise=Promise.DELIVERY, start=day, end=day + timedelta(days=1), zone=ZONE, at=clock.now()
        )

    wait(timedelta(hours=35))  # 23:00 of that day in Shanghai
    actions.deliver(parcel_id=in_time.id, by=CLERK)
    assert kept() == (Kept(day=day, warehouse="main", kept=1, broken=0, open=2),)
    wait(timedelta(hours=2))
    actions.deliver(parcel_id=too_late.id, by=CLERK)
    assert kept() == (Kept(day=day, warehouse="main", kept=1, broken=2, open=0),)
    assert queries.overdue(SHOP, today=day + timedelta(days=1)).count == 1


def test_an_order_is_completed_seven_days_after_its_last_parcel_arrived(wait: Wait) -> None:
    parcel = a_parcel(a_line(1), state=State.SHIPPED)
    actions.deliver(parcel_id=parcel.id, by=CLERK)
    wait(timedelta(days=7) - timedelta(seconds=1))
    assert actions.complete_delivered() == 0
    wait(timedelta(seconds=1))
    assert (actions.complete_delivered(), actions.complete_delivered()) == (1, 0)
    assert orders.states([parcel.order_number])[parcel.order_number] is OrderState.COMPLETED


def test_an_order_of_files_is_completed_by_the_same_clock(wait: Wait) -> None:
    number = a_paid_order(a_line(1, needs_shipping=False))
    actions.plan(order_number=number, cause=PAID_FACT)
    wait(timedelta(days=7))
    assert actions.complete_delivered() == 1
    assert orders.states([number])[number] is OrderState.COMPLETED


@pytest.mark.parametrize("verb", [actions.lose, actions.return_to_sender])
def test_an_order_with_a_parcel_that_did_not_arrive_waits_for_a_person(verb: Callable[..., None], wait: Wait) -> None:
    parcel = a_parcel(state=State.SHIPPED)
    verb(parcel_id=parcel.id, by=CLERK)
    wait(timedelta(days=30))
    assert actions.complete_delivered() == 0
