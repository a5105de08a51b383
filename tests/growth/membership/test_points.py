"""Points of orders on a real database: earned when kept, spent in the price, back in the same form."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.growth.membership.made import (
    a_member,
    all_fits,
    give,
    has,
    in_books,
    kept,
    lot,
    owed,
    paid,
    refund,
)
from tests.shop.made import CLERK, SHOP, a_cart, a_product, a_walk, an_order, by, place, statements, told_about
from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.growth.membership import actions, models, queries
from zhanggui.growth.membership.errors import NotEnoughPoints, PointsNotAllowed, SchemeNotAllowed, WordsMissing
from zhanggui.growth.membership.handlers import follow
from zhanggui.growth.membership.rules.points import Scheme
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.rules import Quote
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.usefixtures("shop")
Wait = Callable[[timedelta], datetime]


def names_of(person: str) -> list[str]:
    return [fact.name for fact in told_about(person) if fact.name.startswith("growth.")]


def test_a_paid_order_earns_nothing_before_its_goods_are_kept() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member()
    paid(walk=walk)
    purse = queries.purse(SHOP, walk.person, at=clock.now())
    assert (purse.has, purse.pending) == (0, 59)


def test_kept_goods_earn_points_for_each_line_rounded_down(wait: Wait) -> None:
    a_product("CUP", price=5990)
    a_product("POT", price=190)
    walk, _ = a_member()
    placed = kept({"CUP": 2, "POT": 1}, walk=walk)
    assert has(walk) == 119 + 1
    (row,) = models.Lot.objects.filter(person=walk.person)
    assert (row.reference, row.expires_at) == (placed.order_number, clock.now() + timedelta(days=365))
    assert queries.growth_of(SHOP, walk.person, at=clock.now()) == 122
    assert in_books(walk.person) == 120
    (fact,) = [fact for fact in told_about(walk.person) if fact.name == "growth.points_earned"]
    assert (fact.order_number, json.loads(fact.body)["points"]) == (placed.order_number, 120)
    assert all_fits()


def test_hearing_of_an_order_again_changes_nothing() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member()
    placed = kept(walk=walk)
    before = list(models.Lot.objects.values()), list(models.Earning.objects.values()), names_of(walk.person)
    actions.follow_order(order_number=placed.order_number)
    actions.grant_kept()
    after = list(models.Lot.objects.values()), list(models.Earning.objects.values()), names_of(walk.person)
    assert before == after


def test_an_order_earned_at_the_rate_and_tier_of_the_day_it_was_paid() -> None:
    a_product("CUP", price=100_000)
    walk, _ = a_member()
    kept(walk=walk)
    assert queries.tier(SHOP, walk.person) == "silver"
    placed = paid(walk=walk)
    actions.set_scheme(shop=SHOP, scheme=Scheme(earn_rate=Decimal(9)))
    actions.follow_order(order_number=placed.order_number)
    assert queries.purse(SHOP, walk.person, at=clock.now()).pending == 1200


def test_an_order_that_earned_and_went_back_whole_leaves_nothing() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member()
    placed = kept({"CUP": 3}, walk=walk)
    assert has(walk) == 179
    refund(placed, {1: 1})
    assert has(walk) == 119
    refund(placed, {1: 2})
    assert (has(walk), owed(walk), in_books(walk.person)) == (0, 0, 0)
    assert queries.growth_of(SHOP, walk.person, at=clock.now()) == 0
    assert all_fits()


def test_money_back_without_goods_takes_its_points_too() -> None:
    a_product("CUP", price=6000)
    walk, _ = a_member()
    placed = kept(walk=walk)
    refund(placed, {}, amount=1000)
    assert has(walk) == 50


def test_points_that_were_spent_before_their_order_went_back_come_off_the_next_earning() -> None:
    a_product("CUP", price=20000)
    walk, _ = a_member()
    first = kept(walk=walk)
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    paid(walk=walk)
    assert has(walk) == 0
    refund(first, {1: 1})
    assert (has(walk), owed(walk), in_books(walk.person)) == (0, 200, 0)
    give(walk, 150)
    assert (has(walk), owed(walk)) == (0, 50)
    give(walk, 150)
    assert (has(walk), owed(walk), in_books(walk.person)) == (100, 0, 100)
    assert all_fits()


def test_the_price_counts_the_points_that_were_chosen() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member(2345)
    a_cart(walk=walk)
    assert counters.counter(SHOP, walk.person, at=clock.now()).quote.discount.minor == 0
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    quote = counters.counter(SHOP, walk.person, at=clock.now()).quote
    (points,) = [adjustment for adjustment in quote.adjustments if adjustment.step == "points"]
    assert (points.reason, points.source, points.amount) == ("points", "points", Money(-2300, "CNY"))
    assert quote.goods == Money(3690, "CNY")
    actions.choose_points(shop=SHOP, person=walk.person, units=1050)
    assert counters.counter(SHOP, walk.person, at=clock.now()).quote.goods == Money(4990, "CNY")
    actions.choose_points(shop=SHOP, person=walk.person, units=0)
    assert counters.counter(SHOP, walk.person, at=clock.now()).quote.goods == Money(5990, "CNY")


def test_points_in_the_price_cost_one_statement() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member(2345)
    a_cart(walk=walk)
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    counters.counter(SHOP, walk.person, at=clock.now())
    with statements() as sent:
        counters.counter(SHOP, walk.person, at=clock.now())
    assert len([one for one in sent if "growth_membership" in one]) == 1


def test_an_order_uses_up_the_points_its_price_counted_on_and_the_choice_is_gone() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member()
    late, soon = lot(walk, 1500, days=300), lot(walk, 1000, days=20)
    actions.choose_points(shop=SHOP, person=walk.person, units=2000)
    placed = an_order(walk=walk)
    assert has(walk) == 500
    assert models.Lot.objects.get(pk=soon.pk).left == 0
    assert models.Lot.objects.get(pk=late.pk).left == 500
    assert queries.chosen(SHOP, walk.person) == (False, None)
    assert names_of(walk.person)[-1] == "growth.points_spent"
    share = orders.order_by_number(placed.order_number).lines[0].shares[-2]
    assert (share.step, share.source, share.amount) == ("points", "points", Money(-2000, "CNY"))
    assert all_fits()


def test_an_order_without_points_asks_nothing_of_membership() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member(500)
    a_cart(walk=walk)
    queries.scheme(SHOP)
    with statements() as sent:
        place(walk)
    assert [one for one in sent if "growth_membership" in one and "growth_membership_choice" not in one] == []


def test_points_that_are_gone_undo_the_order() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member(1000)
    quote = quote_with_points(walk)
    give(walk, -1000)
    before = in_books(walk.person), models.Spending.objects.count(), Entry.objects.count()
    with pytest.raises(NotEnoughPoints):
        actions.spend_on_order(
            quote=quote, order_number="261122-00000-00000", customer_id=a_member()[1], trail=walk, by=by(walk)
        )
    assert (in_books(walk.person), models.Spending.objects.count()) == before[:2]


def quote_with_points(walk: Trail) -> Quote:
    a_cart(walk=walk)
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    quote = counters.counter(SHOP, walk.person, at=clock.now()).quote
    assert quote is not None
    return quote


@pytest.mark.parametrize("end", ["called_off", "expired"])
def test_an_order_that_never_was_paid_gives_all_its_points_back(end: str, wait: Wait) -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member(1000)
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    placed = an_order(walk=walk)
    assert has(walk) == 0
    if end == "called_off":
        payments.give_up(order_number=placed.order_number, reason="changed_mind", trail=walk, by=by(walk))
    else:
        wait(timedelta(minutes=40))
        payments.give_up(order_number=placed.order_number, reason="expired", trail=Trail(shop=SHOP), by=CLERK)
    follow([fact for fact in told_about(walk.person) if fact.name.startswith("shop.order_")])
    follow([fact for fact in told_about(walk.person) if fact.name.startswith("shop.order_")])
    assert has(walk) == 1000
    assert names_of(walk.person).count("growth.points_returned") == 1
    assert all_fits()


def test_points_go_back_in_proportion_and_the_last_unit_brings_exactly_the_rest() -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member(700)
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    placed = paid({"CUP": 3}, walk=walk)
    refund(placed, {1: 1})
    assert has(walk) == 234
    refund(placed, {1: 1})
    assert has(walk) == 467
    refund(placed, {1: 1})
    assert has(walk) == 700
    assert all_fits()


def test_points_that_come_back_keep_their_end_but_last_thirty_days_at_least(wait: Wait) -> None:
    a_product("CUP", price=5990)
    walk, _ = a_member()
    soon, late = lot(walk, 1000, days=10), lot(walk, 1000, days=300)
    ends = models.Lot.objects.get(pk=late.pk).expires_at
    actions.choose_points(shop=SHOP, person=walk.person, units=None)
    placed = paid(walk=walk)
    assert has(walk) == 0
    refund(placed, {1: 1})
    left = {row.expires_at: row.left for row in models.Lot.objects.filter(person=walk.person, left__gt=0)}
    assert left == {clock.now() + timedelta(days=30): 1000, ends: 1000}
    assert models.Lot.objects.get(pk=soon.pk).left == 0
    assert all_fits()


def test_points_by_hand_need_a_reason_and_do_not_go_below_nothing() -> None:
    walk, _ = a_member(100)
    give(walk, 50, key="once")
    give(walk, 50, key="once")
    assert has(walk) == 150
    with pytest.raises(NotEnoughPoints):
        give(walk, -151)
    give(walk, -150)
    assert has(walk) == 0
    for points, reason, refused in [
        (0, "x", PointsNotAllowed),
        (2_000_000, "x", PointsNotAllowed),
        (1, " ", WordsMissing),
    ]:
        with pytest.raises(refused):
            actions.give_by_hand(
                person=walk.person, points=points, reason=reason, idempotency_key="", trail=walk, by=CLERK
            )
    assert all_fits()


def test_points_by_hand_say_who_gave_them_and_why() -> None:
    walk, _ = a_member(100)
    (fact,) = [fact for fact in told_about(walk.person) if fact.name == "growth.points_earned"]
    assert fact.actor == str(CLERK)
    assert b"for the test" in fact.body


def test_in_a_shop_without_points_there_are_none() -> None:
    models.Scheme.objects.all().delete()
    queries.scheme.forget()
    a_product("CUP", price=5990)
    walk, _ = a_member()
    kept(walk=walk)
    assert (has(walk), models.Earning.objects.count()) == (0, 0)
    with pytest.raises(SchemeNotAllowed):
        give(walk, 1)


def test_a_guest_has_no_tier_and_what_a_guest_earned_waits_for_the_sign_in() -> None:
    a_product("CUP", price=120_000)
    guest = a_walk()
    kept(walk=guest)
    assert queries.tier(SHOP, guest.person) == ""
    walk, _ = a_member()
    follow(
        list(log.by_ids(list(Entry.objects.filter(name="shop.customer_joined").values_list("id_of_fact", flat=True))))
    )
    assert (has(guest), has(walk), in_books(guest.person), in_books(walk.person)) == (0, 1200, 0, 1200)
    assert queries.tier(SHOP, walk.person) == "silver"
    assert all_fits()


def test_money_back_for_a_guest_order_after_the_sign_in_reaches_the_member() -> None:
    a_product("CUP", price=5990)
    guest = a_walk()
    placed = kept({"CUP": 2}, walk=guest)
    walk, _ = a_member()
    actions.join(shop=SHOP, guest=guest.person, person=walk.person)
    actions.join(shop=SHOP, guest=guest.person, person=walk.person)
    assert has(walk) == 119
    refund(placed, {1: 1})
    assert has(walk) == 59
    assert all_fits()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["give", "take", "buy", "back", "back_all", "expire"]), max_size=8))
def test_no_sequence_makes_or_loses_a_point(moves: list[str]) -> None:
    """Whatever happens, in whatever order: the lots are what the books say, and spendings are what the lots lost."""
    sku = f"CUP-{clock.micros(clock.now())}"
    a_product(sku, price=5990, units=100)
    walk, _ = a_member(phone=f"+86138{clock.micros(clock.now()) % 10**8:08d}")
    placed = []
    for move in moves:
        if move == "give":
            give(walk, 333)
        elif move == "take" and has(walk) >= 50:
            give(walk, -50)
        elif move == "buy":
            actions.choose_points(shop=SHOP, person=walk.person, units=None)
            placed.append(kept({sku: 2}, walk=walk))
        elif move.startswith("back") and placed:
            order = orders.order_by_number(placed[-1].order_number)
            pieces = order.lines[0].quantity - order.lines[0].returned_units
            refund(placed.pop() if move == "back_all" else placed[-1], {1: pieces if move == "back_all" else 1})
            if pieces == 1 and move == "back":
                placed.pop()
        elif move == "expire":
            models.Lot.objects.filter(person=walk.person).update(expires_at=clock.now())
            actions.expire_points()
    assert in_books(walk.person) == sum(models.Lot.objects.filter(person=walk.person).values_list("left", flat=True))
    assert all_fits()
