"""Orders that used offers and come back: piece by piece, whole, or only a part for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.growth.membership.made import a_member, refund
from tests.growth.promotions.made import a_batch, a_holder, live, ordered, quoted
from tests.prove.gateway import Gateway
from tests.shop.made import ADDRESS, CLERK, SHOP, a_cart, by, cny, facts_of, names
from tests.shop.returns.arrived import ask, finish, inspect, receive, sent
from zhanggui.base import clock
from zhanggui.growth.promotions import actions, handlers, models
from zhanggui.growth.promotions.rules import Hold, Kept
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.queries import Place
from zhanggui.shop.checkout.rules import Drop, Placed, spread
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import ports
from zhanggui.shop.payments.models import Refund
from zhanggui.shop.returns.rules import Reason
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.usefixtures("shop")
BANK = Gateway()


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that takes money and gives it back at once."""
    monkeypatch.setitem(ports.providers, "sandbox", BANK)


def paid(units: dict[str, int], *, walk: Trail) -> Placed:
    """Bought and paid."""
    placed = ordered(a_cart(units, walk=walk))
    total = orders.order_by_number(placed.order_number).total
    for message in BANK.shopper_pays(placed.payment_id, placed.order_number, total):
        payments.settle(shop=SHOP, provider="sandbox", message=message)
    return placed


def an_order_with_offers(walk: Trail) -> Order:
    """Two pots and a cup: 336.00 + 59.90, 40.00 off by a promotion with a budget, 10.00 by a coupon; paid."""
    live(budget=cny(100_000), per_person=1)
    placed = paid({"POT": 2, "CUP": 1}, walk=walk)
    order = orders.order_by_number(placed.order_number)
    assert order.discount == cny(-5000)
    return order


def heard(number: str, *, times: int = 2) -> None:
    """The refunds are done, and who listens hears all of it, twice."""
    for id in Refund.objects.filter(order_number=number, state="due").values_list("pk", flat=True):
        payments.pay_back(refund_id=str(id))
    for _ in range(times):
        handlers.give_back([fact for fact in facts_of(number) if fact.name in handlers.reader.names])


def arrived(order: Order) -> Order:
    """Shipped and signed for."""
    sent(order)
    for parcel in parcels.parcels(order.number):
        fulfilment.deliver(parcel_id=parcel.id, by=CLERK)
    return orders.order_by_number(order.number)


def paid_as(order: Order) -> Placed:
    """The order as the checkout gave it back."""
    return Placed(order_number=order.number, payment_id="")


def coupon_of(order: Order) -> models.Coupon:
    return models.Coupon.objects.get(person=order.person)


def test_several_partial_refunds_give_the_coupon_back_once_and_only_with_the_last() -> None:
    walk, _ = a_holder(a_batch())
    order = an_order_with_offers(walk)
    placed = paid_as(order)
    steps: list[tuple[str, int]] = []
    for units in ({1: 1}, {2: 1}, {1: 1}):
        refund(placed, units)
        heard(order.number)
        steps.append((coupon_of(order).state, models.Promotion.objects.get(budget_minor__isnull=False).given_minor))
    assert steps == [("used", 4000), ("used", 4000), ("held", 0)]
    assert orders.order_by_number(order.number).refunded == order.total
    assert names(facts_of(order.number)).count("growth.coupon_returned") == 1


def test_a_coupon_that_was_used_again_stays_used_when_the_first_order_is_heard_of_once_more() -> None:
    walk, _ = a_holder(a_batch())
    order = an_order_with_offers(walk)
    refund(paid_as(order), {1: 2, 2: 1})
    heard(order.number)
    again = paid({"POT": 1}, walk=walk)
    heard(order.number)
    coupon = coupon_of(order)
    assert (coupon.state, coupon.order_number) == (Hold.USED, again.order_number)


def test_a_return_that_keeps_some_lines_keeps_the_discount() -> None:
    walk, _ = a_holder(a_batch())
    order = arrived(an_order_with_offers(walk))
    number = ask(order, {1: 2}, reason=Reason.CHANGED_MIND)  # both pots: what stays is far below 300.00
    receive(number)
    inspect(number)
    finish(number)
    heard(order.number)
    line = orders.order_by_number(order.number).line(1)
    assert orders.order_by_number(order.number).refunded == line.amount  # its own share of both discounts is not paid
    assert coupon_of(order).state == Hold.USED
    assert set(models.Redemption.objects.values_list("state", flat=True)) == {Kept.HOLDS}
    assert models.Promotion.objects.get(budget_minor__isnull=False).given_minor == 4000
    # And what is kept goes back at its own share too, not at a new price.
    number = ask(orders.order_by_number(order.number), {2: 1}, reason=Reason.CHANGED_MIND)
    receive(number)
    inspect(number)
    finish(number)
    heard(order.number)
    assert orders.order_by_number(order.number).refunded == order.total
    assert coupon_of(order).state == Hold.HELD


def test_an_order_to_two_places_costs_what_the_page_showed_whichever_piece_is_free() -> None:
    """A second piece for nothing, going to another place, decides over that place's postage."""
    live("pieces", {"steps": [{"units": 2, "off": "1"}], "which": "nth"})
    walk, _ = a_member()
    a_cart({"POT": 4, "CUP": 1}, walk=walk)
    drops = (Drop(address=ADDRESS, units={"POT": 3, "CUP": 1}), Drop(address=ADDRESS, units={"POT": 1}))
    places = [Place(country="CN", region=ADDRESS.region)] * 2
    seen = counters.counter_at(
        SHOP, walk.person, at=clock.now(), places=places, given=[{"POT": 1}], currency="CNY"
    ).quote
    lines = counters.counter(SHOP, walk.person, at=clock.now()).cart.lines
    wanted = spread({line.sku: line.quantity for line in lines}, drops)
    placed = counters.offer(SHOP, walk.person, wanted, at=clock.now(), places=places).quote
    assert seen is not None and placed is not None
    assert [(i.sku, i.quantity, i.destination) for i in seen.basket.items] == [
        (i.sku, i.quantity, i.destination) for i in placed.basket.items
    ]
    assert seen.total == placed.total


def test_an_order_that_ran_out_gives_all_back_in_kind(wait: Callable[[timedelta], datetime]) -> None:
    walk, coupon = a_holder(a_batch(days=1))
    order = orders.order_by_number(ordered(a_cart({"POT": 1}, walk=walk)).order_number)
    wait(timedelta(days=3))
    payments.expire(order_number=order.number)
    heard(order.number)
    row = models.Coupon.objects.get(pk=coupon)
    assert row.state == Hold.HELD
    assert row.ends_at is not None and row.ends_at > clock.now() + timedelta(days=6)
    a_cart({"POT": 1}, walk=walk)
    assert [a.reason for a in quoted(walk).adjustments if a.step == "promotion"] == ["coupon_amount"]
    assert actions.undo(order_number=order.number, trail=walk, by=by(walk)) is False
