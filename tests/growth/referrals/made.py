"""Small factories: members who invite, shoppers who come by a link, orders that are paid and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from tests.growth.membership.made import has
from tests.shop.made import (
    ADDRESS,
    CLERK,
    CONTACT,
    SHOP,
    a_cart,
    a_message,
    a_walk,
    by,
    cny,
    facts_of,
    place,
)
from zhanggui.base import clock, ids
from zhanggui.growth.promotions import actions as promotions
from zhanggui.growth.promotions.rules import Offering, Plan, Way
from zhanggui.growth.referrals import actions, handlers, models
from zhanggui.growth.referrals.rules import Scheme
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Address, Contact
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

__all__ = ["has"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who is signed in, with a phone, a browser and a street of their own."""

    walk: Trail
    customer_id: UUID
    browser: str
    contact: Contact
    address: Address


def a_scheme(**said: object) -> None:
    actions.set_scheme(scheme=Scheme(**said), trail=Trail(shop=SHOP), by=CLERK)  # type: ignore[arg-type]


def somebody(*, browser: str = "", phone: str = "", address: Address | None = None) -> Member:
    """A member nobody has seen before, but for what is said."""
    noise = ids.uuid7().int % 10**8
    number = phone or f"138{noise:08d}"
    where = browser or f"v-{ids.uuid7()}"
    welcomed = customers.welcome(
        account_id=ids.uuid7().int % 2**62,
        phone=f"+86{number}",
        email="",
        visitor_id=where,
        trail=a_walk(where),
        by=by(a_walk(where)),
    )
    actions.note_device(shop=SHOP, person=welcomed.person, browser=where)
    return Member(
        walk=a_walk(welcomed.person),
        customer_id=welcomed.customer_id,
        browser=where,
        contact=replace(CONTACT, phone=number, email=""),
        address=address or replace(ADDRESS, street=f"龙井路 {noise} 号"),
    )


def invites(member: Member) -> str:
    return actions.invite(customer_id=member.customer_id, trail=member.walk, by=by(member.walk))


def comes(guest: Member, by_link_of: Member) -> None:
    actions.come(code=invites(by_link_of), browser=guest.browser, trail=guest.walk)


def buys(guest: Member, units: Mapping[str, int] | None = None) -> Placed:
    """A paid order, and what referrals make of it."""
    placed = place(a_cart(units, walk=guest.walk), contact=guest.contact, address=guest.address)
    total = orders.order_by_number(placed.order_number).total
    payments.settle(shop=SHOP, provider="sandbox", message=a_message(placed, amount=total.minor))
    heard(placed)
    return placed


def heard(placed: Placed) -> None:
    handlers.follow([fact for fact in facts_of(placed.order_number) if fact.name in handlers.reader.names])


def keeps(placed: Placed) -> None:
    """Delivered, and past the time to return it."""
    order_actions.note_shipped(order_number=placed.order_number, is_all=True)
    order_actions.note_delivered(order_number=placed.order_number, is_all=True)
    order_actions.complete(order_number=placed.order_number)


def standing() -> list[tuple[int, str, str]]:
    """All referrals: level, state, why."""
    return list(models.Referral.objects.order_by("made_at", "level").values_list("level", "state", "why"))


def told(name: str) -> int:
    return Entry.objects.filter(name=name).count()


def coupons(*, per_person: int = 100, units: int | None = None) -> str:
    """A batch of coupons worth ten yuan, given to whom we say."""
    plan = Plan(
        name_zh="好友券",
        name_en="Friends",
        kind="coupon_amount",
        terms={"currency": "CNY", "steps": [{"from": 0, "off": 1000}]},
        starts_at=clock.now() - timedelta(days=1),
        is_coupon=True,
        budget=cny(100_000),
    )
    trail = Trail(shop=SHOP)
    id = promotions.write(plan=plan, trail=trail, by=CLERK)
    promotions.start(id=id, foreseen=cny(0), trail=trail, by=CLERK)
    offering = Offering(
        way=Way.TARGETED, per_person=per_person, stock_units=units, claim_from=clock.now() - timedelta(days=1), days=30
    )
    return promotions.offer(promotion_id=id, offering=offering, trail=trail, by=CLERK)
