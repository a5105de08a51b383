"""What is on in a story of the proof, a member who uses it in many tabs, and what must be true of it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from tests.growth.membership.made import a_member, has
from tests.growth.promotions.made import DESK, STAFF, a_batch, live
from tests.shop.made import ADDRESS, CONTACT, SHOP, at_once, by, cny, facts_of
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.growth.flash import handlers as flash
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership import queries as members
from zhanggui.growth.promotions import actions, handlers, models, queries
from zhanggui.growth.promotions.rules import Target, Way
from zhanggui.growth.teams import handlers as teams
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.queries import Place
from zhanggui.shop.checkout.rules import Drop, Placed, Wanted
from zhanggui.shop.orders import queries as books
from zhanggui.shop.orders.rules import STANDS, State
from zhanggui.shop.orders.rules import Order as BookedOrder
from zhanggui.spine.log.rules import Trail

POINTS = 900
# Three orders have all of it, a fourth has the rest.
BUDGET = cny(2550)
_OFF = {"currency": "CNY", "steps": [{"from": 1000, "off": 700}]}
_LIVE = (State.AWAITING_PAYMENT, *STANDS)
_OTHER_PRICES = ("flash", "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Two promotions on the goods of a story, and a member with one coupon and some points for them.

    budgeted  takes 7.00 off as long as there is a budget
    once      takes 7.00 off, once per person
    """

    walk: Trail
    budgeted: str
    once: str
    coupon: str

    def tabs(self, sku: str, number: int) -> list[Placed | Refused]:
        """The member orders the same in so many tabs at the same moment, each at the price that all of them showed."""
        seen = counters.offer(
            SHOP, self.walk.person, [Wanted(sku=sku, quantity=1)], at=clock.now(), places=[Place(country="CN")]
        )
        assert seen.quote is not None
        total = seen.quote.total
        membership.choose_points(shop=SHOP, person=self.walk.person, units=None)

        def order(_: int) -> Placed:
            return checkout.order_now(
                sku=sku,
                quantity=1,
                total_seen=total,
                contact=CONTACT,
                drop=Drop(address=ADDRESS),
                provider="sandbox",
                idempotency_key=str(ids.uuid7()),
                trail=self.walk,
                by=by(self.walk),
            )

        return at_once(order, number, threads=number)

    def end(self) -> None:
        """Over with the story: nothing of it meets the next one."""
        for promotion in (self.budgeted, self.once):
            actions.stop(id=promotion, for_good=True, trail=DESK, by=STAFF)
        actions.take_back(batch_id=str(models.Coupon.objects.get(pk=self.coupon).batch_id), trail=DESK, by=STAFF)


def offers_on(skus: Iterable[str]) -> Offers:
    """Put them up, for these goods only."""
    here = Target(skus=frozenset(skus))
    budgeted = live(terms=_OFF, target=here, budget=BUDGET)
    once = live(terms=_OFF, target=here, per_person=1, priority=5)
    ten_off = {"currency": "CNY", "steps": [{"from": 0, "off": 1000}]}
    coupons = live("coupon_amount", ten_off, is_coupon=True, target=here)
    batch = a_batch(Way.PUBLIC, promotion=coupons, stock_units=1)
    walk, _ = a_member(points=POINTS, phone=f"+8615{ids.uuid7().int % 10**9:09}")
    coupon = actions.claim(batch_id=batch, trail=walk, by=by(walk))
    membership.choose_points(shop=SHOP, person=walk.person, units=None)
    return Offers(walk=walk, budgeted=budgeted, once=once, coupon=coupon)


def heard(numbers: Iterable[str]) -> None:
    """What happens by and by: whoever listens hears what became of these orders."""
    for number in numbers:
        facts = facts_of(number)
        handlers.give_back([fact for fact in facts if fact.name in handlers.reader.names])
        membership.follow_order(order_number=number)
        for fact in facts:  # one at a time, as their reader takes them
            if fact.name in flash.reader.names:
                flash.follow([fact])
        teams.follow([fact for fact in facts if fact.name in teams.reader.names])


def nothing_was_given_twice(offers: Offers, *, orders: Sequence[str]) -> None:
    """Coupons, budgets, uses and points: what standing orders have used is gone, all else is there."""
    holds = models.Redemption.objects.filter(state="holds")
    _only_standing_orders_hold(holds.filter(order_number__in=orders), orders)
    assert not holds.exclude(coupon_id=None).values("coupon_id").annotate(n=Count("id")).filter(n__gt=1).exists()
    used = holds.filter(coupon_id=offers.coupon).exists()
    assert models.Coupon.objects.get(pk=offers.coupon).state == ("used" if used else "held")
    given = holds.filter(promotion_id=offers.budgeted).aggregate(minor=Sum("amount_minor"))["minor"] or 0
    assert models.Promotion.objects.get(pk=offers.budgeted).given_minor == given <= BUDGET.minor
    often = holds.filter(promotion_id=offers.once).values("person").annotate(n=Count("id"))
    assert not often.filter(n__gt=1).exists()
    _points_add_up(offers, orders)
    assert (queries.audit(), members.audit()) == ((), ())


def _only_standing_orders_hold(holds: Iterable[models.Redemption], numbers: Iterable[str]) -> None:
    """What an order's lines say that promotions took off is what they gave, as long as it stands; else nothing is."""
    given: Counter[str] = Counter()
    for hold in holds:
        given[hold.order_number] += hold.amount_minor
    for number in numbers:
        order = books.order_by_number(number)
        is_standing = order.state in _LIVE and not (order.refunded and order.refunded == order.total)
        assert given[number] == (_taken_off(order, step="promotion") if is_standing else 0), number


def _points_add_up(offers: Offers, numbers: Iterable[str]) -> None:
    """Points are with the member, or in an order that stands; a point is worth a fen."""
    found = [books.order_by_number(number) for number in numbers]
    mine = [order for order in found if order.person == offers.walk.person and order.state in _LIVE]
    assert has(offers.walk) == POINTS - sum(_taken_off(order, step="points") for order in mine)


def _taken_off(order: BookedOrder, *, step: str) -> int:
    """By promotions, coupons or points; the price of a flash sale or a team is none of these."""
    shares = [share for line in order.lines for share in line.shares if share.step == step]
    return -sum(share.amount.minor for share in shares if share.source.partition(":")[0] not in _OTHER_PRICES)
