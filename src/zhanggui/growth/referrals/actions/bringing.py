"""Inviting, coming by a link, and the first order of who came."""

from __future__ import annotations

import secrets
from typing import Any, Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.growth.referrals import models, queries, rules
from zhanggui.growth.referrals.errors import NoScheme, NoSuchLink
from zhanggui.growth.referrals.rules import CODE_BITS, REMEMBERED, Came, Somebody, State, Why
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.spine.facts.groups import ReferralMade, ReferralRefused
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_BY: Final = job_actor("referrals.follow_order")

# Index growth_referrals_came_once. The first link counts for 30 days, so only an older one gives way.
_COME: Final = """
insert into growth_referrals_came as c (shop, browser, link_id, at)
values (%s::varchar, %s::varchar, %s::varchar, %s::timestamptz)
on conflict on constraint growth_referrals_came_once do update set link_id = excluded.link_id, at = excluded.at
where c.at <= %s::timestamptz
"""


@operation
def invite(*, customer_id: UUID, trail: Trail, by: Actor) -> str:
    """A member's link; the same one every time. Taking part costs nothing.

    refuses  NoScheme where referrals are not rewarded
    """
    scheme = queries.scheme(trail.shop)
    if scheme is None or not scheme.is_on:
        raise NoScheme(shop=trail.shop)
    fresh = models.Link(
        code=rules.link_code(secrets.randbits(CODE_BITS)),
        shop=trail.shop,
        person=trail.person,
        customer_id=customer_id,
        made_at=clock.now(),
    )
    mine = models.Link.objects.filter(shop=trail.shop, person=trail.person).values_list("code", flat=True)
    code = mine.first()
    if code is None:
        models.Link.objects.bulk_create([fresh], ignore_conflicts=True)
        code = mine.get()
    return str(code)


@operation
def come(*, code: str, browser: str, trail: Trail) -> None:
    """Note that a browser came by a link: the first one wins for 30 days, one's own changes nothing.

    refuses  NoSuchLink
    tells    nothing: it is a sighting until somebody buys
    """
    link = models.Link.objects.filter(pk=code, shop=trail.shop).first()
    if link is None:
        raise NoSuchLink(code=code)
    if link.person == trail.person:
        return
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_COME, [trail.shop, browser, code, now, now - REMEMBERED])


@operation
def note_device(*, shop: str, person: str, browser: str) -> None:
    """Know that somebody signed in in a browser; the second time nothing happens. Kept only to refuse loops."""
    row = models.Device(shop=shop, person=person, browser=browser)
    models.Device.objects.bulk_create([row], ignore_conflicts=True)


@operation
def follow_order(*, order_number: str) -> None:
    """See whether a paid order is the first one of somebody who came by a link. A second time nothing happens.

    tells  growth.referral_made, or growth.referral_refused with the reason; nothing if nobody brought the shopper, or
           if somebody was rewarded or refused for bringing them before
    """
    order = orders.order_by_number(order_number)
    scheme = queries.scheme(order.shop)
    if scheme is None or not scheme.is_on or not order.is_paid:
        return
    referred, person = queries.buyer_of(order)
    came = _came_by(order, referred)
    if came is None or _is_settled(order, referred):
        return
    has_bought = queries.has_bought(order, referred)
    is_kept = _keep(order, came.referrer, person, referred, has_bought=has_bought, level=1)
    if is_kept and scheme.depth > 1 and (further := queries.brought_by(order.shop, came.referrer)):
        _keep(order, further, person, referred, has_bought=has_bought, level=2)


def _came_by(order: Order, referred: Somebody) -> Came | None:
    rows = models.Came.objects.filter(shop=order.shop, browser__in=referred.devices).select_related("link")
    came = (Came(referrer=row.link.person, browser=row.browser, at=row.at) for row in rows)
    return rules.first_of(came, at=order.placed_at)


def _is_settled(order: Order, referred: Somebody) -> bool:
    """Whether this order, or an earlier one of the same shopper, was looked at before."""
    rows = models.Referral.objects.filter(shop=order.shop, level=1)
    before = rows.filter(referred__in=referred.persons).exclude(why=Why.CALLED_OFF)
    return before.exists() or rows.filter(order_number=order.number).exists()


def _keep(order: Order, referrer: str, person: str, referred: Somebody, *, has_bought: bool, level: int) -> bool:
    """Write a referral down, waiting or refused; whether it waits."""
    why = rules.judged(
        referrer=queries.somebody(order.shop, referrer),
        referred=referred,
        ancestors=queries.ancestors(order.shop, referrer),
        has_bought=has_bought,
    )
    now = clock.now()
    row = models.Referral(
        id=ids.uuid7(),
        shop=order.shop,
        referrer=referrer,
        referred=person,
        customer_id=order.customer_id,
        order_number=order.number,
        level=level,
        state=State.REFUSED if why else State.WAITING,
        why=why or "",
        made_at=now,
        decided_at=now if why else None,
    )
    models.Referral.objects.bulk_create([row], ignore_conflicts=True)
    if not models.Referral.objects.filter(pk=row.id).exists():
        return False
    said: dict[str, Any] = {
        "referral_id": str(row.id),
        "order_number": order.number,
        "referrer": referrer,
        "level": level,
    }
    fact = ReferralRefused(reason=why, **said) if why else ReferralMade(**said)
    record(fact, by=_BY, trail=order.trail, subject=f"referral:{row.id}")
    return why is None
