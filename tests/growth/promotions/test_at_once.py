"""Many at once on real PostgreSQL: no coupon is used twice, no budget and no stock of coupons is passed by one."""

from __future__ import annotations

import pytest

from tests.growth.membership.made import a_member
from tests.growth.promotions.made import a_batch, a_holder, live, ordered
from tests.shop.made import a_cart, at_once, by, cny, place
from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.growth.promotions import actions, models, queries
from zhanggui.growth.promotions.errors import AllClaimed, ClaimedBefore, CouponGone, NoSuchCoupon, PromotionGone
from zhanggui.growth.promotions.rules import Way
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.errors import QuoteChanged
from zhanggui.shop.orders.models import Order

pytestmark = pytest.mark.usefixtures("busy_shop")


def refusals(outcomes: list[object]) -> set[type]:
    return {type(outcome) for outcome in outcomes if isinstance(outcome, Refused)}


def won(outcomes: list[object]) -> int:
    return sum(not isinstance(outcome, Refused) for outcome in outcomes)


def test_a_hundred_claims_of_twenty_coupons_take_twenty() -> None:
    batch = a_batch(stock_units=20)
    people = [a_member(phone=f"+861390013{n:04}")[0] for n in range(100)]
    outcomes = at_once(lambda n: actions.claim(batch_id=batch, trail=people[n], by=by(people[n])), 100)
    assert (won(outcomes), refusals(outcomes)) == (20, {AllClaimed})
    assert models.Batch.objects.get(pk=batch).claimed_units == models.Coupon.objects.count() == 20


def test_one_person_claiming_from_many_tabs_has_one() -> None:
    batch = a_batch(stock_units=50)
    walk, _ = a_member()
    outcomes = at_once(lambda _: actions.claim(batch_id=batch, trail=walk, by=by(walk)), 24)
    assert won(outcomes) == 1
    assert refusals(outcomes) <= {ClaimedBefore, AllClaimed}
    assert models.Batch.objects.get(pk=batch).claimed_units == models.Coupon.objects.count() == 1


def test_a_code_that_many_type_at_the_same_moment_serves_one() -> None:
    a_batch(Way.CODE, stock_units=1)
    code = models.Coupon.objects.get().code or ""
    people = [a_member(phone=f"+861390013{n:04}")[0] for n in range(24)]
    outcomes = at_once(lambda n: actions.type_in(code=code, trail=people[n], by=by(people[n])), 24)
    assert (won(outcomes), refusals(outcomes)) == (1, {NoSuchCoupon})


def test_a_coupon_is_used_by_one_order_whatever_is_ordered_at_once() -> None:
    walk, coupon = a_holder(a_batch())
    a_cart({"POT": 1}, walk=walk)
    quote = counters.counter(walk.shop, walk.person, at=clock.now()).quote
    assert quote is not None
    customer = models.Coupon.objects.get(pk=coupon).id

    def use(number: int) -> None:
        actions.redeem(quote=quote, order_number=f"261122-0-{number}", customer_id=customer, trail=walk, by=by(walk))

    outcomes = at_once(use, 24)
    assert (won(outcomes), refusals(outcomes)) == (1, {CouponGone})
    assert models.Redemption.objects.count() == 1


def test_a_budget_is_spent_to_the_fen_and_never_passed() -> None:
    id = live(budget=cny(40000))
    walks = [a_cart({"POT": 2}) for _ in range(30)]
    outcomes = at_once(lambda n: ordered(walks[n]), 30)
    assert refusals(outcomes) <= {PromotionGone, QuoteChanged}  # who comes later sees the price without it
    given = list(models.Redemption.objects.values_list("amount_minor", flat=True))
    assert models.Promotion.objects.get(pk=id).given_minor == sum(given) == 40000
    assert given == [4000] * 10
    assert sorted(Order.objects.values_list("discount_minor", flat=True)) == [-4000] * 10 + [0] * (won(outcomes) - 10)


def test_who_may_use_a_promotion_once_uses_it_once_from_many_tabs() -> None:
    live(per_person=1)
    walk = a_cart({"POT": 2})
    quote = counters.counter(walk.shop, walk.person, at=clock.now()).quote
    assert quote is not None

    def use(number: int) -> None:
        actions.redeem(quote=quote, order_number=f"261122-0-{number}", customer_id=customer.id, trail=walk, by=by(walk))

    customer = models.Promotion.objects.get()
    outcomes = at_once(use, 24)
    assert (won(outcomes), refusals(outcomes)) == (1, {PromotionGone})


def test_promotions_are_locked_in_one_order_whatever_the_baskets() -> None:
    one = live(budget=cny(1_000_000))
    two = live(budget=cny(1_000_000), priority=5)
    walks = [a_cart({"POT": 2, "CUP": 1} if n % 2 else {"CUP": 1, "POT": 2}) for n in range(24)]
    outcomes = at_once(lambda n: place(walks[n]), 24)
    assert won(outcomes) == 24
    given = dict(models.Promotion.objects.values_list("id", "given_minor"))
    assert {str(id): minor for id, minor in given.items()} == {one: 24 * 4000, two: 24 * 4000}
    queries.forget()
