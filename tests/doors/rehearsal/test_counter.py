"""Orders and offers of the demonstration shop: in every state, with books that agree, used by each other, made once.

They stand together because filling a shop is dear.
"""

from __future__ import annotations

from collections import Counter

import pytest

from zhanggui.base import clock
from zhanggui.base.audit import ports as audit
from zhanggui.doors.rehearsal import actions, offers, orders
from zhanggui.growth.flash.models import Sale
from zhanggui.growth.membership import queries as members
from zhanggui.growth.membership.models import Item, Member, Redemption
from zhanggui.growth.presale.models import Presale
from zhanggui.growth.promotions import models as growth
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.rules import Hold, Way
from zhanggui.growth.promotions.rules import State as Stage
from zhanggui.growth.teams.models import Team
from zhanggui.shop.fulfilment import models as parcel_tables
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.fulfilment.rules import State as ParcelState
from zhanggui.shop.orders import models
from zhanggui.shop.orders import queries as books
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns.models import Return
from zhanggui.shop.returns.rules import State as ReturnState
from zhanggui.shop.reviews.models import Review
from zhanggui.shop.reviews.rules import State as Opinion
from zhanggui.spine.relay import ports as relay
from zhanggui.spine.relay.actions import drain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_filled_shop")]

SIZES = {"days": 3, "sightings": 300, "orders": 10}


@pytest.fixture(scope="module")
def a_filled_shop(standing_world: None) -> None:
    """One for all tests."""
    actions.fill(shop="demo", **SIZES)


def test_orders_returns_and_parcels_stand_in_every_state_that_an_operator_meets() -> None:
    states = Counter(models.Order.objects.values_list("state", flat=True))
    assert sum(states.values()) == 46
    assert set(states) == set(State) - {State.EXPIRED}
    coming = set(Return.objects.values_list("state", flat=True))
    assert coming == {
        *(ReturnState.REQUESTED, ReturnState.DROP_OFF_BOOKED, ReturnState.IN_TRANSIT),
        *(ReturnState.RECEIVED, ReturnState.REFUNDED, ReturnState.REJECTED),
    }
    travelling = set(parcel_tables.Parcel.objects.values_list("state", flat=True))
    assert travelling >= set(ParcelState) - {ParcelState.CALLED_OFF, ParcelState.RETURNED_TO_SENDER}
    assert models.Invoice.objects.count() == 3
    assert Review.objects.filter(state=Opinion.PENDING).count() == 1


def test_the_books_of_all_shelves_agree_with_each_other() -> None:
    assert {name: list(ask()) for name, ask in audit.audits.items() if list(ask())} == {}


def test_the_relay_plans_the_parcels_of_what_is_paid_hands_over_what_is_not_sent_and_leaves_a_team_waiting() -> None:
    waiting = [order.pk for order in models.Order.objects.filter(state=State.PAID) if not parcels.parcels(order.pk)]
    for reader in relay.readers:
        drain(reader)
    planned = [number for number in waiting if parcels.parcels(number)]
    others = {books.order_by_number(number) for number in set(waiting) - set(planned)}
    assert len(planned) == 10
    assert {(line.sku, order.state) for order in others for line in order.lines} == {
        ("DIG-SEASONS-PLANNER", State.DELIVERED),
        ("SVC-GOLD-YEAR", State.DELIVERED),
        ("TEA-COLDBREW-12", State.PAID),
    }


def test_what_came_back_was_paid_back_the_way_it_was_paid() -> None:
    back = {refund.reason: refund for order in models.Order.objects.all() for refund in payments.refunds_of(order.pk)}
    assert {"changed_mind", "wrong_address", "wrong_item"} <= set(back)
    for order in models.Order.objects.filter(state=State.CANCELLED):
        assert books.order_by_number(order.pk).refunded == books.order_by_number(order.pk).total


def test_orders_are_placed_once() -> None:
    before = set(models.Order.objects.values_list("pk", flat=True))
    assert orders.place(shop="demo", idempotency_key="rehearsal/demo/orders") == len(before)
    assert set(models.Order.objects.values_list("pk", flat=True)) == before


def test_promotions_stand_in_the_states_that_an_operator_meets_and_one_waits_for_a_second_person() -> None:
    states = Counter(growth.Promotion.objects.values_list("state", flat=True))
    assert states == {Stage.LIVE: 12, Stage.ENDED: 1, Stage.DRAFT: 1, Stage.ASKED: 1}
    assert all(row.name_zh and row.name_en for row in growth.Promotion.objects.all())
    ways = Counter(growth.Batch.objects.values_list("way", flat=True))
    assert ways == {Way.PUBLIC: 2, Way.NEW: 1, Way.BIRTHDAY: 1, Way.TARGETED: 1, Way.CODE: 1}


def test_orders_used_the_promotions_that_are_named_at_their_lines() -> None:
    used = Counter(growth.Redemption.objects.values_list("promotion__kind", flat=True))
    assert {"threshold", "pieces", "coupon_amount"} <= set(used)
    for use in growth.Redemption.objects.all():
        shares = [share for line in books.order_by_number(use.order_number).lines for share in line.shares]
        sources = {f"promotion:{use.promotion_id}", f"coupon:{use.coupon_id}"}
        assert -sum(share.amount.minor for share in shares if share.source in sources) == use.amount_minor


def test_members_hold_coupons_and_points_with_their_history() -> None:
    assert Member.objects.count() == 5
    coupons = Counter(growth.Coupon.objects.exclude(person="").values_list("state", flat=True))
    assert coupons[Hold.USED] >= 2
    assert coupons[Hold.HELD] >= 5
    assert Redemption.objects.count() == 2
    assert Item.objects.count() == 1


def test_one_member_is_silver_by_growth_and_one_gold_by_paying_and_both_hold_the_coupon_that_is_for_them() -> None:
    persons = models.Order.objects.values_list("person", flat=True)
    tiers = members.tiers_of("demo", set(persons), at=clock.now())
    high = {person for person, tier in tiers.items() if tier != "ordinary"}
    assert sorted(tiers[person] for person in high) == ["gold", "silver"]
    targeted = growth.Coupon.objects.filter(batch__way=Way.TARGETED)
    assert set(targeted.values_list("person", flat=True)) == high


def test_a_flash_sale_runs_and_one_is_to_come_beside_a_presale_and_an_open_team() -> None:
    first, second = Sale.objects.order_by("starts_at")
    assert (first.value.is_on(clock.now()), second.value.is_on(clock.now())) == (True, False)
    assert first.value.taken_units == 2
    assert Presale.objects.count() == Team.objects.count() == 1


def test_offers_are_put_up_once() -> None:
    before = set(growth.Promotion.objects.values_list("pk", flat=True))
    offers.put_up(shop="demo", idempotency_key="rehearsal/demo/offers")
    assert set(growth.Promotion.objects.values_list("pk", flat=True)) == before
    assert len(promotions.centre("demo", "nobody", at=clock.now())) == 2
