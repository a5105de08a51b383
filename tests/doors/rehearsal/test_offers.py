"""The offers of the demonstration shop: in every state, used by its orders, the same however often they are put up."""

from __future__ import annotations

from collections import Counter

import pytest

from zhanggui.base import clock
from zhanggui.doors.rehearsal import actions, offers
from zhanggui.growth.flash.models import Sale
from zhanggui.growth.membership import queries as members
from zhanggui.growth.membership.models import Item, Member, Redemption
from zhanggui.growth.presale.models import Presale
from zhanggui.growth.promotions import models
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.rules import Hold, State, Way
from zhanggui.growth.teams.models import Team
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_filled_shop")]

SIZES = {"days": 3, "sightings": 300, "orders": 10}


@pytest.fixture(scope="module")
def a_filled_shop(standing_world: None) -> None:
    """One for all tests."""
    actions.fill(shop="demo", **SIZES)


def test_promotions_stand_in_the_states_that_an_operator_meets_and_one_waits_for_a_second_person() -> None:
    states = Counter(models.Promotion.objects.values_list("state", flat=True))
    assert states == {State.LIVE: 12, State.ENDED: 1, State.DRAFT: 1, State.ASKED: 1}
    assert all(row.name_zh and row.name_en for row in models.Promotion.objects.all())
    ways = Counter(models.Batch.objects.values_list("way", flat=True))
    assert ways == {Way.PUBLIC: 2, Way.NEW: 1, Way.BIRTHDAY: 1, Way.TARGETED: 1, Way.CODE: 1}


def test_orders_used_the_promotions_that_are_named_at_their_lines() -> None:
    used = Counter(models.Redemption.objects.values_list("promotion__kind", flat=True))
    assert {"threshold", "pieces", "coupon_amount"} <= set(used)
    for use in models.Redemption.objects.all():
        shares = [share for line in orders.order_by_number(use.order_number).lines for share in line.shares]
        sources = {f"promotion:{use.promotion_id}", f"coupon:{use.coupon_id}"}
        assert -sum(share.amount.minor for share in shares if share.source in sources) == use.amount_minor


def test_members_hold_coupons_and_points_with_their_history() -> None:
    assert Member.objects.count() == 5
    coupons = Counter(models.Coupon.objects.exclude(person="").values_list("state", flat=True))
    assert coupons[Hold.USED] >= 2
    assert coupons[Hold.HELD] >= 5
    assert Redemption.objects.count() == 2
    assert Item.objects.count() == 1


def test_one_member_is_silver_by_growth_and_one_gold_by_paying_and_both_hold_the_coupon_that_is_for_them() -> None:
    persons = Order.objects.values_list("person", flat=True)
    tiers = members.tiers_of("demo", set(persons), at=clock.now())
    high = {person for person, tier in tiers.items() if tier != "ordinary"}
    assert sorted(tiers[person] for person in high) == ["gold", "silver"]
    targeted = models.Coupon.objects.filter(batch__way=Way.TARGETED)
    assert set(targeted.values_list("person", flat=True)) == high


def test_a_flash_sale_runs_and_one_is_to_come_beside_a_presale_and_an_open_team() -> None:
    first, second = Sale.objects.order_by("starts_at")
    assert (first.value.is_on(clock.now()), second.value.is_on(clock.now())) == (True, False)
    assert first.value.taken_units == 2
    assert Presale.objects.count() == Team.objects.count() == 1


def test_offers_are_put_up_once() -> None:
    before = set(models.Promotion.objects.values_list("pk", flat=True))
    offers.put_up(shop="demo", idempotency_key="rehearsal/demo/offers")
    assert set(models.Promotion.objects.values_list("pk", flat=True)) == before
    assert len(promotions.centre("demo", "nobody", at=clock.now())) == 2
