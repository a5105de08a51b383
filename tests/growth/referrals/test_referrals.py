"""From a link to a reward: first link wins, loops are refused, nothing is paid before the goods are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.growth.membership.made import refund
from tests.growth.referrals.made import (
    a_scheme,
    buys,
    comes,
    coupons,
    has,
    heard,
    invites,
    keeps,
    somebody,
    standing,
    told,
)
from tests.shop.made import CLERK, SHOP
from zhanggui.base import clock, ids
from zhanggui.base.ledger import queries as ledger
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.membership.models import Lot
from zhanggui.growth.membership.rules.points import Move
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.referrals import actions, models, queries
from zhanggui.growth.referrals.errors import NoScheme, NoSuchLink, NoSuchReferral, SchemeNotAllowed
from zhanggui.growth.referrals.rules import State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.returns import actions as returns
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.usefixtures("shop")

Wait = Callable[[timedelta], datetime]


def test_a_friend_who_keeps_the_first_order_brings_the_reward_once() -> None:
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    placed = buys(ben)
    assert standing() == [(1, "waiting", "")]
    actions.pay_due()
    assert (standing(), has(anna.walk)) == ([(1, "waiting", "")], 0)
    keeps(placed)
    for _ in range(2):
        actions.pay_due()
        heard(placed)
    assert (standing(), has(anna.walk)) == ([(1, "rewarded", "")], 500)
    assert (told("growth.referral_made"), told("growth.referral_rewarded")) == (1, 1)
    assert (queries.audit(), ledger.audit()) == ((), ())


def test_the_points_say_that_they_are_for_a_friend() -> None:
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    keeps(buys(ben))
    actions.pay_due()
    (move,) = membership.history(SHOP, anna.walk.person)
    assert (move.kind, move.amount.minor) == (Move.REFERRED, 500)
    (lot,) = Lot.objects.filter(person=anna.walk.person)
    (fact,) = Entry.objects.filter(name="growth.points_earned")
    said = fact.body
    assert (lot.source, said["source"], said["reason"]) == ("referral", "referral", "")
    assert said["reference"] == str(models.Referral.objects.get().pk)


def test_nothing_is_paid_for_what_came_back() -> None:
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    placed = buys(ben, {"CUP": 2})
    keeps(placed)
    refund(placed, {1: 1})
    actions.pay_due()
    assert (standing(), has(anna.walk)) == ([(1, "refused", "returned")], 0)
    assert told("growth.referral_refused") == 1


def test_an_order_that_is_called_off_brings_nothing_and_the_next_one_may() -> None:
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    placed = buys(ben)
    order = orders.order_by_number(placed.order_number)
    returns.call_off_paid(order_number=order.number, reason="changed_mind", trail=order.trail, by=CLERK)
    actions.pay_due()
    assert standing() == [(1, "refused", "called_off")]
    buys(ben)
    assert standing() == [(1, "refused", "called_off"), (1, "waiting", "")]


def test_the_first_link_wins_for_thirty_days(wait: Wait) -> None:
    anna, cleo, ben = somebody(), somebody(), somebody()
    comes(ben, anna)
    wait(timedelta(days=29))
    comes(ben, cleo)
    assert models.Came.objects.get().link.person == anna.walk.person
    wait(timedelta(days=2))
    comes(ben, cleo)
    buys(ben)
    assert models.Referral.objects.get().referrer == cleo.walk.person


def test_a_guest_who_came_by_a_link_counts_too() -> None:
    anna, ben = somebody(), somebody()
    guest = replace(ben, walk=replace(ben.walk, person="v-guest"), browser="v-guest")
    actions.come(code=invites(anna), browser="v-guest", trail=guest.walk)
    buys(guest)
    assert standing() == [(1, "waiting", "")]


def test_nobody_brings_themselves_from_the_same_browser() -> None:
    anna = somebody()
    double = somebody(browser=anna.browser)
    comes(double, anna)
    buys(double)
    assert standing() == [(1, "refused", "same_device")]


def test_nobody_brings_themselves_with_the_same_number() -> None:
    anna = somebody(phone="13800138000")
    guest = somebody()
    comes(guest, anna)
    models.Device.objects.all().delete()
    buys(replace(guest, walk=replace(guest.walk, person=guest.browser), contact=anna.contact))
    assert standing() == [(1, "refused", "same_contact")]


def test_nobody_brings_themselves_to_the_same_door() -> None:
    anna = somebody()
    buys(anna)
    neighbour = somebody(address=replace(anna.address, recipient="别人"))
    comes(neighbour, anna)
    buys(neighbour)
    assert standing() == [(1, "refused", "same_address")]


def test_one_s_own_link_changes_nothing() -> None:
    anna = somebody()
    comes(anna, anna)
    assert not models.Came.objects.exists()
    buys(anna)
    assert standing() == []


def test_two_who_bring_each_other_are_a_circle() -> None:
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    buys(ben)
    comes(anna, ben)
    buys(anna)
    assert standing() == [(1, "waiting", ""), (1, "refused", "circle")]


def test_a_circle_of_three_is_one_too() -> None:
    anna, ben, cleo = somebody(), somebody(), somebody()
    comes(ben, anna)
    buys(ben)
    comes(cleo, ben)
    buys(cleo)
    comes(anna, cleo)
    buys(anna)
    assert standing()[-1] == (1, "refused", "circle")


def test_who_bought_before_is_not_new() -> None:
    anna, ben = somebody(), somebody()
    buys(ben)
    comes(ben, anna)
    buys(ben)
    buys(ben)
    assert standing() == [(1, "refused", "not_new")]


def test_at_depth_one_the_referrer_s_referrer_gets_nothing_and_at_two_a_second_reward() -> None:
    anna, ben, cleo, dora = somebody(), somebody(), somebody(), somebody()
    comes(ben, anna)
    keeps(buys(ben))
    comes(cleo, ben)
    keeps(buys(cleo))
    assert standing() == [(1, "waiting", ""), (1, "waiting", "")]
    a_scheme(depth=2, second_points=100)
    comes(dora, cleo)
    keeps(buys(dora))
    actions.pay_due()
    assert (has(anna.walk), has(ben.walk), has(cleo.walk)) == (500, 600, 500)
    assert [level for level, _, _ in standing()] == [1, 1, 1, 2]


def test_no_more_rewards_in_a_month_than_there_are() -> None:
    a_scheme(per_month=1)
    anna = somebody()
    for _ in range(2):
        friend = somebody()
        comes(friend, anna)
        keeps(buys(friend))
    actions.pay_due()
    assert ([why for _, _, why in standing()], has(anna.walk)) == (["", "cap"], 500)


def test_a_reward_may_be_a_coupon_and_the_new_one_is_welcomed_with_another() -> None:
    batch, welcome = coupons(), coupons(per_person=1)
    a_scheme(points=0, coupon_batch=batch, welcome_batch=welcome)
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    placed = buys(ben)
    now = clock.now()
    assert promotions.held(SHOP, ben.walk.person, at=now) == ()
    keeps(placed)
    actions.pay_due()
    assert len(promotions.held(SHOP, anna.walk.person, at=now)) == 1
    assert len(promotions.held(SHOP, ben.walk.person, at=now)) == 1
    row = models.Referral.objects.get()
    assert (row.state, row.points, row.coupon_batch, row.welcome_batch) == (State.REWARDED, 0, batch, welcome)


def test_coupons_that_ran_out_are_said_so() -> None:
    a_scheme(points=0, coupon_batch=coupons(units=1))
    anna = somebody()
    for _ in range(2):
        friend = somebody()
        comes(friend, anna)
        keeps(buys(friend))
    actions.pay_due()
    assert [why for _, _, why in standing()] == ["", "nothing_left"]


def test_a_person_may_look_again_at_what_seemed_a_loop_and_say_no_to_what_did_not() -> None:
    anna = somebody()
    buys(anna)
    flatmate = somebody(address=anna.address)
    comes(flatmate, anna)
    placed = buys(flatmate)
    row = models.Referral.objects.get()
    trail = Trail(shop=SHOP)
    assert actions.allow(referral_id=row.id, trail=trail, by=CLERK)
    assert not actions.allow(referral_id=row.id, trail=trail, by=CLERK)
    keeps(placed)
    assert actions.refuse(referral_id=row.id, trail=trail, by=CLERK)
    assert not actions.refuse(referral_id=row.id, trail=trail, by=CLERK)
    actions.pay_due()
    assert (standing(), has(anna.walk)) == ([(1, "refused", "by_hand")], 0)
    with pytest.raises(NoSuchReferral):
        actions.refuse(referral_id=row.id, trail=Trail(shop="other"), by=CLERK)


def test_a_shop_that_rewards_nobody_invites_nobody() -> None:
    a_scheme(is_on=False)
    anna = somebody()
    with pytest.raises(NoScheme):
        invites(anna)
    with pytest.raises(NoSuchLink):
        actions.come(code="NOTHING", browser="b", trail=anna.walk)


@pytest.mark.parametrize("field", ["coupon_batch", "welcome_batch"])
def test_a_scheme_names_no_coupons_that_are_not_given_out(field: str) -> None:
    with pytest.raises(SchemeNotAllowed) as refused:
        a_scheme(**{field: str(ids.uuid7())})
    assert refused.value.field == field


def test_the_database_itself_keeps_two_levels_and_one_reward_for_each_number() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Scheme.objects.update(depth=3)
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    buys(ben)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Referral.objects.update(level=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Referral.objects.update(state=State.REWARDED)


def test_whom_somebody_brought_and_how_they_stand() -> None:
    anna, ben = somebody(), somebody()
    comes(ben, anna)
    buys(ben)
    (one,) = queries.brought(SHOP, anna.walk.person)
    assert (one.referrer, one.customer_id) == (anna.walk.person, ben.customer_id)
    sums = queries.sums(SHOP)
    assert (sums.waiting, sums.rewarded, sums.refused, sums.suspicious, sums.links) == (1, 0, 0, 0, 1)
