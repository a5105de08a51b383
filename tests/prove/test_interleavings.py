"""Random shoppers, clerks and providers doing random things, two at a time; after each story all adds up.

Promotions are on: one with a budget, one that each may use once; and a member has a coupon and points for all of it.
So is a flash sale with a small quota, and friends buy together in teams of two.

A story is drawn by hypothesis, so that one that goes wrong is told again as shortly as it can be. `make prove` tells
1,000 of them, the daily suite a few.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.prove.gateway import Gateway
from tests.prove.offers import heard, nothing_was_given_twice, offers_on
from tests.prove.sales import nothing_was_sold_beyond, sales_on
from tests.prove.world import audits_find_nothing, bring_to_rest, nothing_is_wrong
from tests.shop.made import CLERK, SHOP, a_bundle, a_cart, a_product, a_shop, at_once, place
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.teams import queries as team_books
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.returns import actions as returns
from zhanggui.spine.log.rules import Trail

STORIES = int(os.environ.get("ZHANGGUI_PROVE_STORIES", "12"))
# Told in parts, so that all cores tell some, and no database grows old.
PARTS = max(2, STORIES // 100)
STAFF = Trail(shop=SHOP)


class Shop(RuleBasedStateMachine):
    """Two articles of which there are few, a bundle of both, and a provider that fails now and then."""

    gateway: Gateway
    placed = Bundle("placed")

    @initialize(cups=st.integers(1, 6), pots=st.integers(1, 6))
    def opens(self, cups: int, pots: int) -> None:
        """New goods for every story, so that no story meets another's."""
        mark = ids.uuid7().hex[-10:]
        self.cup, self.pot, self.set = f"CUP-{mark}", f"POT-{mark}", f"SET-{mark}"
        self.received = {self.cup: cups, self.pot: pots}
        a_product(self.cup, units=cups)
        a_product(self.pot, units=pots)
        a_bundle(self.set, {self.cup: 2, self.pot: 1})
        self.offers = offers_on([self.cup, self.pot, self.set])
        self.sales = sales_on(flash_sku=self.cup, units=cups, team_sku=self.pot)
        self.slots: list[Placed | None] = []
        self.besides: list[Placed] = []

    @rule(target=placed, wants=st.lists(st.sampled_from(["cup", "pot", "set"]), min_size=1, max_size=4))
    def several_order_at_once(self, wants: list[str]) -> object:
        """As many shoppers as wishes press the button at the same moment."""
        walks = [a_cart({getattr(self, want): 1}) for want in wants]
        outcomes = at_once(lambda n: place(walks[n]), len(wants), threads=len(wants))
        return self._kept(outcomes)

    @rule(target=placed, want=st.sampled_from(["cup", "pot", "set"]), tabs=st.integers(2, 4))
    def a_member_orders_in_many_tabs(self, want: str, tabs: int) -> object:
        """With the same coupon and the same points in each."""
        return self._kept(self.offers.tabs(getattr(self, want), tabs))

    @rule(target=placed, friends=st.integers(1, 4))
    def friends_buy_together(self, friends: int) -> object:
        """A seat each, as far as there are some, and an order from it."""
        return self._kept(self.sales.friends(self.pot, friends))

    @rule()
    def the_time_of_teams_is_over(self) -> None:
        self._tries(self.sales.time_is_over)

    @rule()
    def a_clerk_stops_the_flash_sale(self) -> None:
        self.sales.stop()

    @rule(slot=placed)
    def whoever_listens_hears_of_it(self, slot: int) -> None:
        self._hears(slot)

    @rule(slot=placed, times=st.sampled_from([1, 1, 2]), told=st.integers(0, 2))
    def a_shopper_pays(self, slot: int, times: int, told: int) -> None:
        """Once or twice; the provider tells us never, once or twice."""
        self._pays(slot, times=times, told=told)

    @rule(slot=placed)
    def a_shopper_calls_off(self, slot: int) -> None:
        self._calls_off(slot)

    @rule(slot=placed)
    def the_time_is_over(self, slot: int) -> None:
        self._runs_out(slot)

    @rule(slot=placed)
    def a_clerk_calls_off_what_is_paid(self, slot: int) -> None:
        self._calls_off_paid(slot)

    @rule(slot=placed)
    def the_house_asks_the_provider(self, slot: int) -> None:
        self._tries(lambda: self._asks(slot))

    @rule(slot=consumes(placed), what=st.lists(st.integers(0, 9), min_size=2, max_size=4))
    def all_at_once(self, slot: int, what: list[int]) -> None:
        """Paying, calling off, running out, asking and giving back the same order, and sales that end, all at once."""
        acts: list[Callable[[], object]] = [
            lambda: self._pays(slot, times=1, told=1),
            lambda: self._calls_off(slot),
            lambda: self._runs_out(slot),
            lambda: self._calls_off_paid(slot),
            lambda: self._tries(lambda: self._asks(slot)),
            lambda: self._pays(slot, times=2, told=2),
            lambda: self._hears(slot),
            lambda: self.offers.tabs(self.cup, 1),
            self.sales.stop,
            lambda: self._tries(self.sales.time_is_over),
        ]
        done = at_once(lambda n: acts[what[n]](), len(what), threads=len(what))
        self.besides += [one for each in done if isinstance(each, list) for one in each if isinstance(one, Placed)]

    def teardown(self) -> None:
        """The end of every story: what is open is ended, and everything adds up."""
        if not hasattr(self, "slots"):
            return
        numbers = [one.order_number for one in (*self.slots, *self.besides) if one]
        for order in Order.objects.filter(pk__in=numbers, state="awaiting_payment"):
            self._insists(lambda: self._give_up(order.number))  # noqa: B023
        bring_to_rest(self.gateway, numbers)
        heard(numbers)
        if undone := team_books.undone():
            self._insists(self.sales.see_off)
            bring_to_rest(self.gateway, undone)
            heard(undone)
        nothing_was_sold_beyond(self.sales, orders=numbers)
        nothing_was_given_twice(self.offers, orders=numbers)
        self.sales.end()
        self.offers.end()
        nothing_is_wrong(self.received, self.gateway, orders=numbers)

    def _kept(self, outcomes: Sequence[object]) -> object:
        """A place for each: who was quicker must not decide what hypothesis draws next."""
        first = len(self.slots)
        self.slots += [outcome if isinstance(outcome, Placed) else None for outcome in outcomes]
        return multiple(*range(first, len(self.slots)))

    def _hears(self, slot: int) -> None:
        if one := self.slots[slot]:
            heard([one.order_number])

    def _asks(self, slot: int) -> None:
        if one := self.slots[slot]:
            paying.ask(payment_id=one.payment_id)

    def _pays(self, slot: int, *, times: int, told: int) -> None:
        one = self.slots[slot]
        if one is None:
            return
        total = orders.order_by_number(one.order_number).total
        for message in self.gateway.shopper_pays(one.payment_id, one.order_number, total, times=times):
            for _ in range(told):
                paying.settle(shop=SHOP, provider="sandbox", message=message)

    def _calls_off(self, slot: int) -> None:
        if one := self.slots[slot]:
            self._tries(lambda: self._give_up(one.order_number))

    def _give_up(self, number: str) -> None:
        paying.give_up(order_number=number, reason="changed_mind", trail=STAFF, by=CLERK)

    def _runs_out(self, slot: int) -> None:
        one = self.slots[slot]
        if one is None:
            return
        Order.objects.filter(pk=one.order_number).update(expires_at=clock.now() - timedelta(seconds=1))
        self._tries(lambda: paying.expire(order_number=one.order_number))

    def _calls_off_paid(self, slot: int) -> None:
        if one := self.slots[slot]:
            number = one.order_number
            self._tries(lambda: returns.call_off_paid(order_number=number, reason="shop", trail=STAFF, by=CLERK))

    def _insists(self, act: Callable[[], object]) -> None:
        """Until the world answers."""
        assert any(self._tries(act) for _ in range(60))

    @staticmethod
    def _tries(act: Callable[[], object]) -> bool:
        """Whether the world answered; a refusal is an answer."""
        try:
            act()
        except Refused:
            return True
        except Unreachable:
            return False
        return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_story_loses_a_piece_or_a_cent(gateway: Gateway, part: int) -> None:
    stories = len(range(part, STORIES, PARTS))
    a_shop()
    membership.open_membership(shop=SHOP)
    gateway.failing = 0.15
    Shop.gateway = gateway
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=stories,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Order.objects.count() > stories // 3, "these stories bought next to nothing, so they prove nothing"
    audits_find_nothing()
