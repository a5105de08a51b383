"""Whatever was on: what an order paid goes back to the fen, and coupons, points and budgets with it.

A story is drawn by hypothesis: goods, promotions of every kind, coupons, points and places; the order is paid and then
given back in random parts until nothing is left, or it is called off. Every story is undone before the next one. The
daily suite tells a few, `make prove` 1,000.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from tests.growth.membership.made import a_member, has, owed
from tests.growth.promotions.made import DESK, STAFF, live
from tests.prove.gateway import Gateway
from tests.shop.made import ADDRESS, CLERK, CONTACT, SHOP, a_cart, a_product, a_shop, by, cny, facts_of
from zhanggui.base import clock, ids, kept
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.money import Money
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership import queries as members
from zhanggui.growth.promotions import actions, handlers, models, queries
from zhanggui.growth.promotions.rules import Layer, Offering, Target, Way
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.queries import Place
from zhanggui.shop.checkout.rules import Drop
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order, portion
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.models import Refund
from zhanggui.shop.returns import actions as returns
from zhanggui.spine.log.rules import Trail

STORIES = int(os.environ.get("ZHANGGUI_PROVE_STORIES", "24"))
# Told in parts, so that all cores tell some, and no database grows old.
PARTS = max(2, STORIES // 100)
# What everything is sold at, in fen: what is split and shared must not come out even.
PRICES = {"BEAN": 1, "CARD": 33, "SPOON": 999, "CUP": 5990, "POT": 16800, "CASE": 70003}
SKUS = tuple(PRICES)
PLACES = (
    ADDRESS,
    replace(ADDRESS, recipient="陈", city="宁波市", district="海曙区", street="药行街 2 号"),
    replace(ADDRESS, recipient="周", city="温州市", district="鹿城区", street="五马街 3 号"),
)
AMOUNTS = st.sampled_from([1, 100, 999, 5000, 12000, 30000])
OFFS = st.sampled_from([1, 333, 1000, 3999])
RATES = st.sampled_from(["0.05", "0.1", "0.33", "0.5"])


def _amount_ladder(asked: int, off: int) -> dict[str, Any]:
    return {"currency": "CNY", "steps": [{"from": max(asked, off + 1), "off": off}]}


def _rate_ladder(asked: int, rate: str) -> dict[str, Any]:
    return {"currency": "CNY", "steps": [{"from": asked, "off": rate}]}


def _of(kind: str, terms: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(kind), terms)


OFFERS = st.one_of(
    _of("threshold", st.builds(_amount_ladder, AMOUNTS, OFFS)),
    _of("threshold", st.builds(lambda a, o: _amount_ladder(a, o) | {"is_every": True}, AMOUNTS, OFFS)),
    _of("threshold_rate", st.builds(_rate_ladder, AMOUNTS, RATES)),
    _of("cross_threshold", st.builds(_amount_ladder, AMOUNTS, OFFS)),
    _of("pieces", st.builds(lambda n, r: {"steps": [{"units": n, "off": r}]}, st.integers(2, 4), RATES)),
    _of("pieces", st.builds(lambda r: {"steps": [{"units": 2, "off": r}], "which": "nth"}, RATES | st.just("1"))),
    _of("buy_get", st.builds(lambda n: {"buy_units": n, "get_units": 1}, st.integers(1, 3))),
    _of("buy_get", st.builds(lambda n, g: {"buy_units": n, "gift": g}, st.integers(1, 2), st.sampled_from(SKUS))),
    _of("bundle", st.builds(lambda p, n: {"currency": "CNY", "price": p, "units": n}, AMOUNTS, st.integers(2, 3))),
    _of("price", st.builds(lambda r: {"off": r}, RATES)),
    _of("member_price", st.builds(lambda r: {"off": r}, RATES)),
    _of("free_shipping", st.builds(lambda a: {"currency": "CNY", "from": a}, AMOUNTS)),
)
COUPONS = st.one_of(
    _of("coupon_amount", st.builds(_amount_ladder, AMOUNTS, OFFS)),
    _of("coupon_rate", st.builds(_rate_ladder, st.just(0) | AMOUNTS, RATES)),
)


@dataclass(slots=True, kw_only=True)
class Story:
    """What was drawn, and what is there before anything is bought.

    had      points before the order
    budgets  what each promotion had given before, by id
    """

    walk: Trail
    coupons: list[str] = field(default_factory=list)
    had: int
    budgets: dict[Any, int] = field(default_factory=dict)


@pytest.fixture
def open_shop(transactional_db: None) -> None:
    """A shop with six articles, points, and postage that depends on the sum."""
    a_shop()
    membership.open_membership(shop=SHOP)
    for sku, price in PRICES.items():
        a_product(sku, price=price, units=100_000, category="tea" if sku == "POT" else "cups")


@pytest.mark.usefixtures("open_shop")
@pytest.mark.parametrize("part", range(PARTS))
def test_what_was_paid_goes_back_to_the_fen_and_so_does_all_it_was_paid_with(gateway: Gateway, part: int) -> None:
    @settings(
        max_examples=len(range(part, STORIES, PARTS)),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def story(data: DataObject) -> None:
        _told(data, gateway)

    story()


def _told(data: DataObject, gateway: Gateway) -> None:
    """One story, from the offers to the last piece; as if it had never been."""
    with transaction.atomic():
        story = _prepared(data)
        number = _bought(data, story)
        _ends(data, number, gateway)
        _all_is_back(story, number, gateway)
        transaction.set_rollback(True)
    gateway.charges.clear()
    kept.forget_all()


def _prepared(data: DataObject) -> Story:
    """Promotions that are on, and a member with coupons and points who has laid goods aside."""
    for kind, terms in data.draw(st.lists(OFFERS, min_size=1, max_size=5), label="offers"):
        live(kind, terms, **_options(data, kind))
    walk, _ = a_member(points=data.draw(st.sampled_from([0, 7, 1234, 100_000]), label="points"))
    story = Story(walk=walk, had=has(walk))
    for kind, terms in data.draw(st.lists(COUPONS, max_size=3), label="coupons"):
        story.coupons.append(_a_coupon(walk, live(kind, terms, is_coupon=True, **_options(data, kind))))
    membership.choose_points(shop=SHOP, person=walk.person, units=data.draw(st.sampled_from([0, 5, 900, None])))
    wanted = data.draw(st.dictionaries(st.sampled_from(SKUS), st.integers(1, 4), min_size=1, max_size=4), label="cart")
    a_cart(wanted, walk=walk)
    return story


def _options(data: DataObject, kind: str) -> dict[str, Any]:
    """What limits a promotion; mostly nothing."""
    skus = data.draw(st.none() | st.sets(st.sampled_from(SKUS), min_size=1, max_size=3))
    layers = {"coupon_amount": [Layer.SHOP_COUPON, Layer.PLATFORM_COUPON], "coupon_rate": [Layer.SHOP_COUPON]}
    return {
        "target": Target(skus=frozenset(skus or ())),
        "budget": data.draw(st.none() | st.sampled_from([1, 777, 100_000]).map(cny)),
        "cap": data.draw(st.none() | st.sampled_from([50, 2000]).map(cny)),
        "per_person": data.draw(st.none() | st.just(1)),
        "layer": data.draw(st.sampled_from(layers[kind])) if kind in layers else None,
    }


def _a_coupon(walk: Trail, promotion: str) -> str:
    offering = Offering(way=Way.PUBLIC, claim_from=clock.now() - timedelta(minutes=1), days=7)
    batch = actions.offer(promotion_id=promotion, offering=offering, trail=DESK, by=STAFF)
    return actions.claim(batch_id=batch, trail=walk, by=by(walk))


def _bought(data: DataObject, story: Story) -> str:
    """The order, at the sum that the page shows, going to one place or to several."""
    walk = story.walk
    story.budgets = dict(models.Promotion.objects.values_list("id", "given_minor"))
    cart = counters.counter(SHOP, walk.person, at=clock.now()).cart
    others = [
        {line.sku: data.draw(st.integers(0, line.quantity // 2), label="goes elsewhere") for line in cart.lines}
        for _ in range(data.draw(st.integers(0, 2), label="other places"))
    ]
    others = [given for given in others if any(given.values())]
    first = {line.sku: line.quantity - sum(given[line.sku] for given in others) for line in cart.lines}
    given = [{sku: units for sku, units in one.items() if units} for one in (first, *others)]
    parts = [one for one in given if one]
    drops = tuple(Drop(address=PLACES[n], units=part) for n, part in enumerate(parts))
    places = [Place(country="CN", region=drop.address.region) for drop in drops]
    seen = counters.counter_at(
        SHOP, walk.person, at=clock.now(), places=places, given=[dict(part) for part in parts[1:]], currency="CNY"
    )
    assert seen.quote is not None
    placed = checkout.place_order(
        cart_version=seen.cart.version,
        total_seen=seen.quote.total,
        contact=CONTACT,
        drops=drops,
        provider="sandbox",
        idempotency_key=str(ids.uuid7()),
        trail=walk,
        by=by(walk),
    )
    for step in {adjustment.reason for adjustment in seen.quote.adjustments}:
        event(f"took: {step}")
    _spent_as_quoted(story, placed.order_number)
    return placed.order_number


def _spent_as_quoted(story: Story, number: str) -> None:
    """What the order's lines say was taken off is what coupons, budgets and points were used for."""
    order = orders.order_by_number(number)
    shares = [share for line in order.lines for share in line.shares]
    taken = -sum(share.amount.minor for share in shares if share.step == "promotion" and ":" in share.source)
    uses = models.Redemption.objects.filter(order_number=number, state="holds")
    assert sum(uses.values_list("amount_minor", flat=True)) == taken
    used = set(models.Coupon.objects.filter(order_number=number, state="used").values_list("id", flat=True))
    assert used == {use.coupon_id for use in uses if use.coupon_id}
    by_points = -sum(share.amount.minor for share in shares if share.step == "points")
    assert story.had - has(story.walk) == by_points  # a point is worth a fen
    assert queries.audit() == ()


def _ends(data: DataObject, number: str, gateway: Gateway) -> None:
    """Called off before or after it was paid, or given back piece by piece."""
    total = orders.order_by_number(number).total
    way = data.draw(st.sampled_from(["pieces", "pieces", "pieces", "called off", "not paid"]), label="ends")
    event(f"ends: {way}")
    if way == "not paid" or not total:
        order_actions.cancel(order_number=number, reason="changed_mind", trail=DESK, by=CLERK)
    else:
        _pay(number, total, gateway)
        if way == "called off":
            returns.call_off_paid(order_number=number, reason="shop", trail=DESK, by=CLERK)
        else:
            _give_back_in_parts(data, number)
    _heard(number)


def _pay(number: str, total: Money, gateway: Gateway) -> None:
    payment = _payment_of(number)
    for message in gateway.shopper_pays(payment, number, total):
        paying.settle(shop=SHOP, provider="sandbox", message=message)
    _heard(number)


def _payment_of(number: str) -> str:
    (payment,) = payments.payments_of(number)
    return payment.id


def _give_back_in_parts(data: DataObject, number: str) -> None:
    """A few pieces at a time, until nothing is left that cost anything; a gift may stay."""
    back = Money.zero("CNY")
    while (order := orders.order_by_number(number)).refunded < order.total:
        open_units = _open(order)
        assert order.refunded == back
        assert not models.Coupon.objects.filter(shop=SHOP, state="held", order_number=number).exists()
        position = data.draw(st.sampled_from(sorted(open_units)), label="line")
        units = {position: data.draw(st.integers(1, open_units[position]), label="pieces")}
        if data.draw(st.booleans(), label="and all of the others"):
            units = open_units
        amount = Money.total((portion(order.line(at), units=n).total for at, n in units.items()), "CNY")
        if not amount:  # a gift: nothing was paid, so nothing goes back but with something else
            units = open_units
            amount = Money.total((portion(order.line(at), units=n).total for at, n in units.items()), "CNY")
        paying.refund(
            order_number=number,
            amount=amount,
            units=units,
            reason="changed_mind",
            reference=str(ids.uuid7()),
            trail=DESK,
            by=CLERK,
        )
        back += amount
        _heard(number)


def _open(order: Order) -> dict[int, int]:
    left = {line.position: line.quantity - line.returned_units for line in order.lines}
    return {position: units for position, units in left.items() if units}


def _heard(number: str) -> None:
    """What happens by and by: the provider is told of refunds, and who listens hears of all facts, some twice."""
    for id in Refund.objects.filter(order_number=number, state="due").values_list("pk", flat=True):
        paying.pay_back(refund_id=str(id))
    for _ in range(2):
        handlers.give_back([fact for fact in facts_of(number) if fact.name in handlers.reader.names])
        membership.follow_order(order_number=number)


def _all_is_back(story: Story, number: str, gateway: Gateway) -> None:
    order = orders.order_by_number(number)
    assert order.refunded == (order.total if order.paid_at else cny(0))
    assert Money.total(
        (charge.kept for charge in gateway.charges.values() if charge.order_number == number), "CNY"
    ) == (cny(0))
    states = set(models.Coupon.objects.filter(pk__in=story.coupons).values_list("state", flat=True))
    assert states <= {"held"}
    assert not models.Redemption.objects.filter(state="holds").exists()
    assert dict(models.Promotion.objects.values_list("id", "given_minor")) == story.budgets
    returned = [fact for fact in facts_of(number) if fact.name == "growth.coupon_returned"]
    used = [fact for fact in facts_of(number) if fact.name == "growth.coupon_redeemed"]
    assert len(returned) == len(used)
    assert (has(story.walk), owed(story.walk)) == (story.had, 0)
    assert (queries.audit(), members.audit(), ledger.audit()) == ((), (), ())
