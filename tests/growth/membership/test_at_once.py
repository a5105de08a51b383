"""Many at once on a real database: never a point below nothing, never one twice, never a reward too many."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from tests.base.database.stage import eventually
from tests.growth.membership.made import a_member, all_fits, give, has, in_books, kept, paid, refund
from tests.shop.made import CLERK, SHOP, a_cart, a_product, a_walk, at_once, by, place
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.growth.membership import actions, models, queries
from zhanggui.growth.membership.errors import NotEnoughPoints, RewardGone, RewardLimit
from zhanggui.growth.membership.rules.rewards import Kind, Reward
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.orders import actions as order_actions
from zhanggui.spine.log.rules import Trail

pytestmark = [pytest.mark.usefixtures("busy_shop"), pytest.mark.django_db(transaction=True)]


def a_place(*, quota: int | None = None, most_each: int | None = None, points: int = 100) -> Reward:
    reward = Reward(
        id=ids.uuid7(),
        kind=Kind.CLASS,
        title=Words(zh="茶艺课", en="Tea class"),
        points=points,
        quota=quota,
        most_each=most_each,
    )
    actions.put_reward(shop=SHOP, reward=reward)
    return reward


def test_twenty_orders_at_once_share_one_wallet_and_never_overdraw_it() -> None:
    a_product("CUP", price=5990, units=100)
    walk, customer_id = a_member(5000)
    a_cart(walk=walk)
    actions.choose_points(shop=SHOP, person=walk.person, units=1000)
    quote = counters.counter(SHOP, walk.person, at=clock.now()).quote
    assert quote is not None

    def use(number: int) -> int:
        actions.spend_on_order(
            quote=quote, order_number=f"order-{number}", customer_id=customer_id, trail=walk, by=by(walk)
        )
        return number

    done = at_once(use, 20, threads=20)
    refused = [one for one in done if isinstance(one, Refused)]
    assert len(refused) == 15
    assert all(isinstance(one, NotEnoughPoints) for one in refused)
    assert (has(walk), in_books(walk.person), models.Spending.objects.count()) == (0, 0, 5)
    assert all_fits()


def test_one_cart_placed_by_many_at_once_spends_its_points_once() -> None:
    a_product("CUP", price=5990, units=100)
    walk, _ = a_member(1000)
    a_cart(walk=walk)
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    done = at_once(lambda _: place(walk), 8, threads=8)
    assert len([one for one in done if not isinstance(one, Refused)]) == 1
    assert (has(walk), models.Spending.objects.count()) == (0, 1)
    assert all_fits()


def test_the_last_places_go_to_as_many_members_as_there_are_places() -> None:
    reward = a_place(quota=3)
    members = [a_member(100, phone=f"+861380013{number:04d}") for number in range(12)]

    def take(number: int) -> str:
        walk, customer_id = members[number]
        return actions.redeem(
            reward_id=reward.id,
            customer_id=customer_id,
            entry_id=None,
            idempotency_key=str(ids.uuid7()),
            trail=walk,
            by=by(walk),
        )

    done = at_once(take, 12)
    assert len([one for one in done if isinstance(one, RewardGone)]) == 9
    assert sum(has(walk) for walk, _ in members) == 900
    assert queries.reward(SHOP, reward.id).taken == 3
    assert all_fits()


@pytest.mark.parametrize("is_same_wish", [True, False])
def test_one_member_gets_one_however_often_it_is_asked_for(is_same_wish: bool) -> None:
    reward = a_place(most_each=1)
    walk, customer_id = a_member(1000)

    def take(number: int) -> str:
        return actions.redeem(
            reward_id=reward.id,
            customer_id=customer_id,
            entry_id=None,
            idempotency_key="one" if is_same_wish else f"wish-{number}",
            trail=walk,
            by=by(walk),
        )

    done = at_once(take, 12)
    numbers = {one for one in done if not isinstance(one, Refused)}
    assert len(numbers) == 1
    assert len([one for one in done if isinstance(one, RewardLimit)]) == (0 if is_same_wish else 11)
    assert (has(walk), models.Redemption.objects.count()) == (900, 1)
    assert all_fits()


def test_an_order_that_is_heard_of_by_many_at_once_earns_once() -> None:
    a_product("CUP", price=5990, units=100)
    walk, _ = a_member()
    placed = paid(walk=walk)
    order_actions.note_shipped(order_number=placed.order_number, is_all=True)
    order_actions.note_delivered(order_number=placed.order_number, is_all=True)
    order_actions.complete(order_number=placed.order_number)
    at_once(lambda _: actions.follow_order(order_number=placed.order_number), 8, threads=8)
    assert (has(walk), models.Lot.objects.count()) == (59, 1)
    assert all_fits()


def test_a_refund_and_a_spending_at_once_keep_the_books() -> None:
    a_product("CUP", price=100_000, units=100)
    walk, customer_id = a_member()
    placed = kept(walk=walk)
    a_cart(walk=walk)
    actions.choose_points(shop=SHOP, person=walk.person, units=1000)
    quote = counters.counter(SHOP, walk.person, at=clock.now()).quote
    assert quote is not None

    def go(number: int) -> None:
        if number:
            actions.spend_on_order(
                quote=quote, order_number="order-1", customer_id=customer_id, trail=walk, by=by(walk)
            )
        else:
            refund(placed, {1: 1})

    at_once(go, 2, threads=2)
    owed = queries.purse(SHOP, walk.person, at=clock.now()).owed
    spent = models.Spending.objects.count() * 1000
    assert (has(walk), owed) == (0, spent)
    assert all_fits()


def while_joining(guest: str, person: str, work: Callable[[], object]) -> None:
    """Do something that waits for a guest's row while the guest turns out to be somebody else."""

    def apart() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.join(shop=SHOP, guest=guest, person=person)
            done = pool.submit(apart)
            eventually(_somebody_waits)
        done.result()


def _somebody_waits() -> bool:
    """For us. (Who is connected would be told of the beginning of our transaction, locks as they are.)"""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def test_points_of_an_order_that_is_kept_while_its_guest_signs_in_reach_the_member() -> None:
    a_product("CUP", price=5990)
    guest = a_walk()
    placed = paid(walk=guest)
    order_actions.note_shipped(order_number=placed.order_number, is_all=True)
    order_actions.complete(order_number=placed.order_number)
    walk, _ = a_member()
    while_joining(guest.person, walk.person, lambda: actions.follow_order(order_number=placed.order_number))
    assert (has(guest), has(walk), in_books(guest.person), in_books(walk.person)) == (0, 59, 0, 59)
    assert not models.Member.objects.filter(person=guest.person).exists()
    assert all_fits()


def test_points_of_a_reward_that_is_called_off_while_its_guest_signs_in_reach_the_member() -> None:
    reward, guest = a_place(), a_walk()
    give(guest, 100)
    number = actions.redeem(
        reward_id=reward.id,
        customer_id=ids.uuid7(),
        entry_id=None,
        idempotency_key=str(ids.uuid7()),
        trail=guest,
        by=by(guest),
    )
    walk, _ = a_member()
    desk = Trail(shop=SHOP)
    while_joining(guest.person, walk.person, lambda: actions.cancel_reward(number=number, trail=desk, by=CLERK))
    assert (has(walk), in_books(guest.person), in_books(walk.person)) == (100, 0, 100)
    assert all_fits()
