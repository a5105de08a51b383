"""Random shoppers, clerks and providers doing random things, two at a time; after each story all adds up.

A story is drawn by hypothesis, so that one that goes wrong is told again as shortly as it can be. `make prove` tells
1,000 of them, the daily suite a few.
"""

from __future__ import annotations

import os
from collections.abc import Callable
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
from tests.prove.world import audits_find_nothing, nothing_is_wrong
from tests.shop.made import CLERK, SHOP, a_bundle, a_cart, a_product, a_shop, at_once, place
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.returns import actions as returns
from zhanggui.spine.log.rules import Trail

STORIES = int(os.environ.get("ZHANGGUI_PROVE_STORIES", "25"))
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
        self.numbers: list[str] = []

    @rule(target=placed, wants=st.lists(st.sampled_from(["cup", "pot", "set"]), min_size=1, max_size=4))
    def several_order_at_once(self, wants: list[str]) -> object:
        """As many shoppers as wishes press the button at the same moment."""
        walks = [a_cart({getattr(self, want): 1}) for want in wants]
        outcomes = at_once(lambda n: place(walks[n]), len(wants), threads=len(wants))
        done = [outcome for outcome in outcomes if isinstance(outcome, Placed)]
        self.numbers += [one.order_number for one in done]
        return multiple(*done)

    @rule(one=placed, times=st.sampled_from([1, 1, 2]), told=st.integers(0, 2))
    def a_shopper_pays(self, one: Placed, times: int, told: int) -> None:
        """Once or twice; the provider tells us never, once or twice."""
        self._pays(one, times=times, told=told)

    @rule(one=placed)
    def a_shopper_calls_off(self, one: Placed) -> None:
        self._calls_off(one)

    @rule(one=placed)
    def the_time_is_over(self, one: Placed) -> None:
        self._runs_out(one)

    @rule(one=placed)
    def a_clerk_calls_off_what_is_paid(self, one: Placed) -> None:
        self._calls_off_paid(one)

    @rule(one=placed)
    def the_house_asks_the_provider(self, one: Placed) -> None:
        self._tries(lambda: paying.ask(payment_id=one.payment_id))

    @rule(one=consumes(placed), what=st.lists(st.integers(0, 5), min_size=2, max_size=4))
    def all_at_once(self, one: Placed, what: list[int]) -> None:
        """Paying, calling off, running out, asking and giving back the same order at the same moment."""
        acts: list[Callable[[], object]] = [
            lambda: self._pays(one, times=1, told=1),
            lambda: self._calls_off(one),
            lambda: self._runs_out(one),
            lambda: self._calls_off_paid(one),
            lambda: self._tries(lambda: paying.ask(payment_id=one.payment_id)),
            lambda: self._pays(one, times=2, told=2),
        ]
        at_once(lambda n: acts[what[n]](), len(what), threads=len(what))

    def teardown(self) -> None:
        """The end of every story: what is open is ended, and everything adds up."""
        if not hasattr(self, "numbers"):
            return
        for order in Order.objects.filter(pk__in=self.numbers, state="awaiting_payment"):
            for _ in range(60):
                if self._tries(lambda: self._give_up(order.number)):  # noqa: B023
                    break
        nothing_is_wrong(self.received, self.gateway, orders=self.numbers)

    def _pays(self, one: Placed, *, times: int, told: int) -> None:
        total = orders.order_by_number(one.order_number).total
        for message in self.gateway.shopper_pays(one.payment_id, one.order_number, total, times=times):
            for _ in range(told):
                paying.settle(shop=SHOP, provider="sandbox", message=message)

    def _calls_off(self, one: Placed) -> None:
        self._tries(lambda: self._give_up(one.order_number))

    def _give_up(self, number: str) -> None:
        paying.give_up(order_number=number, reason="changed_mind", trail=STAFF, by=CLERK)

    def _runs_out(self, one: Placed) -> None:
        Order.objects.filter(pk=one.order_number).update(expires_at=clock.now() - timedelta(seconds=1))
        self._tries(lambda: paying.expire(order_number=one.order_number))

    def _calls_off_paid(self, one: Placed) -> None:
        self._tries(lambda: returns.call_off_paid(order_number=one.order_number, reason="shop", trail=STAFF, by=CLERK))

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
def test_no_story_loses_a_piece_or_a_cent(gateway: Gateway) -> None:
    a_shop()
    gateway.failing = 0.15
    Shop.gateway = gateway
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Order.objects.count() > STORIES
    audits_find_nothing()
