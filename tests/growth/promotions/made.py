"""Small factories: a promotion that is live, coupons in somebody's hands, an order that used them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.growth.membership.made import a_member
from tests.shop.made import SHOP, a_walk, by, place
from zhanggui.base import clock
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.growth.promotions import actions
from zhanggui.growth.promotions.rules import Offering, Plan, State, Way
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.rules import Placed, Quote
from zhanggui.spine.log.rules import Trail

STAFF = operator("xiaozhou")
BOSS = operator("chen")
DESK = Trail(shop=SHOP)
FORTY_OFF = {"currency": "CNY", "steps": [{"from": 30000, "off": 4000}]}
TEN_OFF = {"currency": "CNY", "steps": [{"from": 0, "off": 1000}]}


def a_plan(kind: str = "threshold", terms: dict[str, Any] | None = None, **said: Any) -> Plan:
    """满 300 减 40 from now on, unless it says otherwise."""
    words = {"name_zh": "满 300 减 40", "name_en": "40 off 300", "starts_at": clock.now() - timedelta(minutes=1)}
    return Plan(kind=kind, terms=FORTY_OFF if terms is None else terms, **(words | said))


def live(kind: str = "threshold", terms: dict[str, Any] | None = None, **said: Any) -> str:
    """A promotion that holds now; its id. A second person lets it go live."""
    id = actions.write(plan=a_plan(kind, terms, **said), trail=DESK, by=STAFF)
    if actions.start(id=id, foreseen=None, trail=DESK, by=STAFF) is State.ASKED:
        actions.approve(id=id, trail=DESK, by=BOSS)
    return id


def a_batch(way: Way = Way.PUBLIC, *, terms: dict[str, Any] | None = None, promotion: str = "", **said: Any) -> str:
    """Coupons of 10.00 off whatever is bought, for a week each."""
    id = promotion or live("coupon_amount", terms or TEN_OFF, is_coupon=True, name_zh="立减 10 元", name_en="10 off")
    offering = Offering(way=way, **({"claim_from": clock.now() - timedelta(minutes=1), "days": 7} | said))
    return actions.offer(promotion_id=id, offering=offering, trail=DESK, by=STAFF)


def a_holder(batch: str, *, phone: str = "+8613800138000") -> tuple[Trail, str]:
    """A signed-in shopper with a coupon of a batch."""
    walk, _ = a_member(phone=phone)
    return walk, actions.claim(batch_id=batch, trail=walk, by=by(walk))


def quoted(walk: Trail) -> Quote:
    """What the cart costs now."""
    quote = counters.counter(SHOP, walk.person, at=clock.now()).quote
    assert quote is not None
    return quote


def ordered(walk: Trail) -> Placed:
    return place(walk)


def taken(walk: Trail) -> list[tuple[str, int]]:
    """What promotions take off the cart, by reason, in fen."""
    return [(a.reason, a.amount.minor) for a in quoted(walk).adjustments if a.step == "promotion"]


def acts(person: str) -> Actor:
    return by(a_walk(person))
