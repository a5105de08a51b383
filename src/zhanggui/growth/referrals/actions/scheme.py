"""Saying how a shop rewards those who bring somebody."""

from __future__ import annotations

from dataclasses import asdict

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.rules import Way
from zhanggui.growth.referrals import models, queries
from zhanggui.growth.referrals.errors import SchemeNotAllowed
from zhanggui.growth.referrals.rules import Scheme
from zhanggui.spine.log.rules import Trail


@operation
def set_scheme(*, scheme: Scheme, trail: Trail, by: Actor) -> None:
    """Reward referrals like this from now on; those that wait are rewarded by what holds when they are due.

    refuses  SchemeNotAllowed with the field: also for points in a shop that has none, and for coupons that are not
             given out or have codes
    """
    scheme.checked()
    if ((scheme.points and not scheme.coupon_batch) or scheme.second_points) and membership.scheme(trail.shop) is None:
        raise SchemeNotAllowed(field="points")
    for field in ("coupon_batch", "welcome_batch"):
        batch = getattr(scheme, field)
        if not batch:
            continue
        offered = promotions.offered(trail.shop, batch, person="", at=clock.now())
        if offered is None or offered.way is Way.CODE:
            raise SchemeNotAllowed(field=field)
    models.Scheme.objects.update_or_create(pk=trail.shop, defaults=asdict(scheme))
    queries.scheme.forget()
