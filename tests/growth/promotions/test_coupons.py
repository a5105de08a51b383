"""Coupons from the batch to the order and back, on real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.growth.membership.made import a_member
from tests.growth.promotions.made import BOSS, DESK, STAFF, TEN_OFF, a_batch, a_holder, live, ordered, quoted, taken
from tests.shop.made import SHOP, a_cart, a_walk, by, cny
from zhanggui.base import clock
from zhanggui.growth.promotions import actions, models, queries
from zhanggui.growth.promotions.errors import (
    AllClaimed,
    ClaimedBefore,
    CouponGone,
    CouponRests,
    NoSuchCoupon,
    NoSuchPromotion,
    NotForYou,
    TermsNotAllowed,
)
from zhanggui.growth.promotions.rules import Hold, Offering, Reason, Rest, State, Way, code_of, new_code, shown
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.usefixtures("shop")


def told(name: str) -> int:
    return Entry.objects.filter(name=name).count()


def test_a_claimed_coupon_takes_its_amount_off_and_is_used_with_the_order() -> None:
    walk, coupon = a_holder(a_batch())
    a_cart({"POT": 1}, walk=walk)
    assert taken(walk) == [("coupon_amount", -1000)]
    placed = ordered(walk)
    row = models.Coupon.objects.get(pk=coupon)
    assert (row.state, row.order_number) == ("used", placed.order_number)
    assert told("growth.coupon_redeemed") == told("growth.coupon_issued") == 1
    a_cart({"POT": 1}, walk=walk)
    assert taken(walk) == []


def test_a_coupon_comes_back_for_a_week_at_least() -> None:
    walk, coupon = a_holder(a_batch(days=1))
    placed = ordered(a_cart({"POT": 1}, walk=walk))
    assert actions.undo(order_number=placed.order_number, trail=walk, by=by(walk)) is True
    row = models.Coupon.objects.get(pk=coupon)
    assert (row.state, row.order_number) == ("held", "")
    assert row.ends_at is not None and row.ends_at >= clock.now() + timedelta(days=6, hours=23)
    assert actions.undo(order_number=placed.order_number, trail=walk, by=by(walk)) is False
    assert told("growth.coupon_returned") == 1


def test_nobody_uses_somebody_elses_coupon() -> None:
    _, coupon = a_holder(a_batch())
    other, _ = a_member(phone="+8613900139000")
    a_cart({"POT": 1}, walk=other)
    actions.choose(coupons=[coupon], trail=other)
    assert taken(other) == []


def test_a_coupon_that_ran_out_between_page_and_order_is_refused(wait: Callable[[timedelta], datetime]) -> None:
    walk, coupon = a_holder(a_batch())
    a_cart({"POT": 1}, walk=walk)
    quote = quoted(walk)
    models.Coupon.objects.filter(pk=coupon).update(ends_at=clock.now())
    with pytest.raises(CouponGone):
        actions.redeem(
            quote=quote,
            order_number="261122-00000-00000",
            customer_id=models.Coupon.objects.get(pk=coupon).id,
            trail=walk,
            by=by(walk),
        )
    assert taken(walk) == []


def test_one_person_has_as_many_as_one_may_have_and_no_more_are_given_out_than_there_are() -> None:
    batch = a_batch(stock_units=1)
    walk, _ = a_holder(batch)
    with pytest.raises(ClaimedBefore):
        actions.claim(batch_id=batch, trail=walk, by=by(walk))
    other, _ = a_member(phone="+8613900139000")
    with pytest.raises(AllClaimed):
        actions.claim(batch_id=batch, trail=other, by=by(other))
    assert models.Batch.objects.get(pk=batch).claimed_units == models.Coupon.objects.count() == 1


def test_a_guest_claims_nothing_and_is_told_whom_it_is_for() -> None:
    guest = a_walk()
    batch = a_batch()
    with pytest.raises(NotForYou):
        actions.claim(batch_id=batch, trail=guest, by=by(guest))
    (offered,) = queries.centre(SHOP, guest.person, at=clock.now())
    assert (offered.batch, offered.can_be_claimed, offered.left_units) == (batch, False, None)


@pytest.mark.parametrize("batch", ["nonsense", "01a2018d-6b0b-7ceb-ae55-9d8c51859202", ""])
def test_a_batch_that_is_not_there_is_refused(batch: str) -> None:
    walk, _ = a_member()
    with pytest.raises(NoSuchCoupon):
        actions.claim(batch_id=batch, trail=walk, by=by(walk))


def test_a_code_is_typed_as_it_is_read_and_serves_once() -> None:
    a_batch(Way.CODE, stock_units=3)
    code = models.Coupon.objects.order_by("id").values_list("code", flat=True)[0]
    walk, _ = a_member()
    coupon = actions.type_in(code=f" {shown(code or '').lower()} ", trail=walk, by=by(walk))
    assert models.Coupon.objects.get(pk=coupon).person == walk.person
    assert actions.type_in(code=code or "", trail=walk, by=by(walk)) == coupon
    other, _ = a_member(phone="+8613900139000")
    with pytest.raises(NoSuchCoupon):
        actions.type_in(code=code or "", trail=other, by=by(other))
    assert told("growth.coupon_issued") == 1


@pytest.mark.parametrize("is_over", [False, True])
def test_a_code_of_a_paused_or_ended_promotion_is_refused_and_stays_as_it_was(is_over: bool) -> None:
    a_batch(Way.CODE, stock_units=2)
    first, second = models.Coupon.objects.order_by("id").values_list("code", flat=True)
    promotion = models.Promotion.objects.get()
    walk, _ = a_member()
    other, _ = a_member(phone="+8613900139000")
    mine = actions.type_in(code=first or "", trail=walk, by=by(walk))
    actions.stop(id=str(promotion.pk), for_good=is_over, trail=DESK, by=STAFF)

    for code, who in ((first, walk), (second, walk), (second, other)):
        with pytest.raises(CouponRests) as refused:
            actions.type_in(code=code or "", trail=who, by=by(who))
        assert refused.value.data == {"promotion": str(promotion.pk), "is_over": is_over}
    with pytest.raises(NoSuchCoupon):
        actions.type_in(code=first or "", trail=other, by=by(other))
    assert list(models.Coupon.objects.order_by("id").values_list("state", flat=True)) == [Hold.HELD, Hold.WAITING]
    assert told("growth.coupon_issued") == 1

    if not is_over:
        if actions.start(id=str(promotion.pk), foreseen=None, trail=DESK, by=STAFF) is State.ASKED:
            actions.approve(id=str(promotion.pk), trail=DESK, by=BOSS)
        assert actions.type_in(code=first or "", trail=walk, by=by(walk)) == mine
        actions.type_in(code=second or "", trail=other, by=by(other))


def test_a_code_of_a_promotion_whose_days_are_over_is_refused(wait: Callable[[timedelta], datetime]) -> None:
    promotion = live("coupon_amount", TEN_OFF, is_coupon=True, ends_at=wait(timedelta(0)) + timedelta(days=3))
    a_batch(Way.CODE, stock_units=1, promotion=promotion)
    (code,) = models.Coupon.objects.values_list("code", flat=True)
    walk, _ = a_member()
    wait(timedelta(days=3))
    with pytest.raises(CouponRests) as refused:
        actions.type_in(code=code or "", trail=walk, by=by(walk))
    assert refused.value.is_over


def test_a_code_whose_coupon_would_be_over_is_refused(wait: Callable[[timedelta], datetime]) -> None:
    a_batch(Way.CODE, stock_units=2, ends_at=wait(timedelta(0)) + timedelta(days=3))
    first, second = models.Coupon.objects.order_by("id").values_list("code", flat=True)
    walk, _ = a_member()
    other, _ = a_member(phone="+8613900139000")
    wait(timedelta(days=3) - timedelta(seconds=1))
    actions.type_in(code=first or "", trail=walk, by=by(walk))
    wait(timedelta(seconds=1))
    with pytest.raises(NoSuchCoupon):
        actions.type_in(code=second or "", trail=other, by=by(other))


def test_codes_of_one_batch_are_all_different_and_the_second_of_one_person_is_refused() -> None:
    a_batch(Way.CODE, stock_units=40)
    codes = list(models.Coupon.objects.values_list("code", flat=True))
    assert len(set(codes)) == 40 and all(code and len(code) == 12 for code in codes)
    walk, _ = a_member()
    actions.type_in(code=codes[0] or "", trail=walk, by=by(walk))
    with pytest.raises(ClaimedBefore):
        actions.type_in(code=codes[1] or "", trail=walk, by=by(walk))


def test_given_coupons_reach_everybody_once() -> None:
    batch = a_batch(Way.TARGETED)
    people = [a_member(phone=f"+86139001390{n:02}")[0].person for n in range(3)]
    assert actions.give(batch_id=batch, persons=people, trail=DESK, by=STAFF) == 3
    assert actions.give(batch_id=batch, persons=people, trail=DESK, by=STAFF) == 0
    held = [queries.held(SHOP, person, at=clock.now()) for person in people]
    assert [[one.state for one in each] for each in held] == [[Hold.HELD]] * 3


def test_the_best_coupon_is_taken_until_the_shopper_chooses() -> None:
    walk, small = a_holder(a_batch())
    twenty = {"currency": "CNY", "steps": [{"from": 0, "off": 2000}]}
    large = actions.claim(batch_id=a_batch(terms=twenty), trail=walk, by=by(walk))
    a_cart({"POT": 1}, walk=walk)
    assert taken(walk) == [("coupon_amount", -2000)]
    actions.choose(coupons=[small], trail=walk)
    assert taken(walk) == [("coupon_amount", -1000)]
    rejected = {one.coupon: one.reason for one in queries.explain(quoted(walk).basket, at=clock.now()).rejected}
    assert rejected == {large: Reason.NOT_CHOSEN}
    actions.choose(coupons=[], trail=walk)
    assert taken(walk) == []
    actions.choose(coupons=None, trail=walk)
    assert taken(walk) == [("coupon_amount", -2000)]


def test_what_a_guest_chose_stays_after_signing_in() -> None:
    guest, (walk, _) = a_walk(), a_member()
    actions.choose(coupons=[], trail=guest)
    actions.merge(shop=SHOP, from_person=guest.person, to_person=walk.person)
    assert models.Choice.objects.get().person == walk.person


def test_a_batch_that_is_taken_back_is_no_longer_used() -> None:
    batch = a_batch()
    walk, _ = a_holder(batch)
    assert actions.take_back(batch_id=batch, trail=DESK, by=STAFF) == 1
    a_cart({"POT": 1}, walk=walk)
    assert taken(walk) == []
    assert queries.centre(SHOP, walk.person, at=clock.now()) == ()


def test_an_hourly_job_shows_what_ran_out(wait: Callable[[timedelta], datetime]) -> None:
    walk, _ = a_holder(a_batch(days=1))
    wait(timedelta(days=1))
    (before,) = queries.held(SHOP, walk.person, at=clock.now())
    actions.expire()
    (after,) = queries.held(SHOP, walk.person, at=clock.now())
    assert before.state is after.state is Hold.EXPIRED


def test_a_coupon_rests_with_its_promotion_and_comes_back_with_it() -> None:
    batch = a_batch()
    walk, _ = a_holder(batch)
    promotion = models.Promotion.objects.get(batches=batch)

    def rests() -> tuple[Hold, Rest | None]:
        (one,) = queries.held(SHOP, walk.person, at=clock.now())
        return one.state, one.rests

    assert rests() == (Hold.HELD, None)
    actions.stop(id=str(promotion.id), for_good=False, trail=DESK, by=STAFF)
    assert rests() == (Hold.HELD, Rest.PAUSED)
    actions.start(id=str(promotion.id), foreseen=cny(0), trail=DESK, by=STAFF)
    assert rests() == (Hold.HELD, None)
    actions.stop(id=str(promotion.id), for_good=True, trail=DESK, by=STAFF)
    assert rests() == (Hold.HELD, Rest.ENDED)


def test_what_can_be_used_stands_before_what_rests() -> None:
    walk, soon = a_holder(a_batch(days=1))
    later = actions.claim(batch_id=a_batch(days=9), trail=walk, by=by(walk))
    actions.stop(id=str(models.Coupon.objects.get(pk=soon).promotion_id), for_good=False, trail=DESK, by=STAFF)
    assert [one.id for one in queries.held(SHOP, walk.person, at=clock.now())] == [later, soon]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"days": None}, "days"), ({"per_person": 0}, "per_person"), ({"way": Way.CODE}, "stock_units")],
)
def test_an_offering_that_cannot_be_right_is_refused(said: dict[str, object], field: str) -> None:
    with pytest.raises(TermsNotAllowed) as refused:
        a_batch(**said)  # type: ignore[arg-type]
    assert refused.value.data["field"] == field


def test_a_promotion_that_applies_by_itself_has_no_coupons() -> None:
    offering = Offering(way=Way.PUBLIC, claim_from=clock.now(), days=1)
    with pytest.raises(NoSuchPromotion):
        actions.offer(promotion_id=live(), offering=offering, trail=DESK, by=STAFF)


def test_a_coupon_and_a_threshold_add_up() -> None:
    live()
    walk, _ = a_holder(a_batch(terms=TEN_OFF))
    a_cart({"POT": 2}, walk=walk)
    assert taken(walk) == [("threshold", -4000), ("coupon_amount", -1000)]
    assert quoted(walk).goods == cny(33600 - 5000)


def test_codes_survive_thumbs() -> None:
    assert new_code(0) == "0" * 12
    assert (code_of("ab1l-o2"), shown("000011112222")) == ("AB1102", "0000-1111-2222")
