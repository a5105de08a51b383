"""Rewarding what was kept, refusing what was not, and a person's second look."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership import queries as members
from zhanggui.growth.promotions import actions as promotions
from zhanggui.growth.promotions import queries as coupons
from zhanggui.growth.referrals import models, queries, rules
from zhanggui.growth.referrals.errors import NoSuchReferral
from zhanggui.growth.referrals.rules import SUSPICIOUS, Scheme, State, Why
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.facts.groups import ReferralMade, ReferralRefused, ReferralRewarded
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_BY: Final = job_actor("referrals.pay_due")
_PART: Final = 500


@job(name="referrals.pay_due", every="40 18 * * *")
def pay_due() -> None:
    """Every night: reward who brought somebody whose first order was kept, and refuse what came to nothing."""
    after: UUID | None = None
    while ids := queries.waiting(after=after, limit=_PART):
        for id in ids:
            reward(referral_id=id)
        after = ids[-1]


@operation
def reward(*, referral_id: UUID, by: Actor = _BY) -> State | None:
    """Decide a referral that waits, if it can be decided; how it stands then, None if there is none.

    A second time nothing happens: the row is locked, and what is decided stays so.

    tells  growth.referral_rewarded with what the points or the coupon tell, or growth.referral_refused
    """
    row = models.Referral.objects.select_for_update().filter(pk=referral_id).first()
    if row is None or row.state != State.WAITING:
        return State(row.state) if row else None
    verdict = rules.due(orders.order_by_number(row.order_number))
    scheme = queries.scheme(row.shop)
    if isinstance(verdict, Why):
        _refuse(row, verdict, by=by)
    elif verdict and scheme is not None:
        _pay(row, scheme, by=by)
    return State(row.state)


@operation
def refuse(*, referral_id: UUID, trail: Trail, by: Actor) -> bool:
    """A colleague says no to a referral that waits; False if it does not wait any longer.

    refuses  NoSuchReferral
    tells    growth.referral_refused
    """
    row = _locked(referral_id, shop=trail.shop)
    if row.state != State.WAITING:
        return False
    _refuse(row, Why.BY_HAND, by=by)
    return True


@operation
def allow(*, referral_id: UUID, trail: Trail, by: Actor) -> bool:
    """A colleague lets a referral count that looked suspicious; False if it is none of those.

    A decision of a machine that matters to somebody can be looked at again by a person (rules.md § 7, PIPL art. 24).

    refuses  NoSuchReferral
    tells    growth.referral_made
    """
    row = _locked(referral_id, shop=trail.shop)
    if row.state != State.REFUSED or row.why not in SUSPICIOUS - {Why.SELF}:
        return False
    row.state, row.why, row.decided_at = State.WAITING, "", None
    row.save(update_fields=["state", "why", "decided_at"])
    record(ReferralMade(**_about(row)), by=by, trail=_trail(row), subject=f"referral:{row.pk}")
    return True


def _pay(row: models.Referral, scheme: Scheme, *, by: Actor) -> None:
    """Give what was promised, within what one referrer can have in a month."""
    now = clock.now()
    month = rules.month_of(clock.day_of(now, shops.shop(row.shop).zone))
    # One referrer's rewards stand in a queue, so that two do not take the same number.
    models.Link.objects.select_for_update().filter(shop=row.shop, person=row.referrer).first()
    used = models.Referral.objects.filter(shop=row.shop, referrer=row.referrer, month=month, nth__isnull=False)
    nth = rules.first_free([n for n in used.values_list("nth", flat=True) if n], most=scheme.per_month)
    if nth is None:
        _refuse(row, Why.CAP, by=by)
        return
    points = scheme.points_at(row.level)
    batch = "" if points else scheme.coupon_batch
    if not _give(row, points=points, batch=batch, by=by):
        _refuse(row, Why.NOTHING_LEFT, by=by)
        return
    row.welcome_batch = scheme.welcome_batch if row.level == 1 and _welcome(row, scheme, by=by) else ""
    row.state, row.points, row.coupon_batch = State.REWARDED, points, batch
    row.month, row.nth, row.decided_at = month, nth, now
    row.save()
    fact = ReferralRewarded(**_about(row), points=points, coupon_batch=batch, welcome_batch=row.welcome_batch)
    record(fact, by=by, trail=_trail(row), subject=f"referral:{row.pk}")


def _give(row: models.Referral, *, points: int, batch: str, by: Actor) -> bool:
    """Whether the referrer got it."""
    if batch:
        return _coupon(row.shop, batch, row.referrer, by=by)
    if not points or members.scheme(row.shop) is None:
        return False
    membership.give_for_friend(person=row.referrer, points=points, referral_id=str(row.pk), trail=_trail(row), by=by)
    return True


def _welcome(row: models.Referral, scheme: Scheme, *, by: Actor) -> bool:
    """Whether the new shopper got a coupon, under whom they walk today."""
    person = customers.walks_as(row.customer_id) or row.referred
    return bool(scheme.welcome_batch) and _coupon(row.shop, scheme.welcome_batch, person, by=by)


def _coupon(shop: str, batch: str, person: str, *, by: Actor) -> bool:
    if coupons.offered(shop, batch, person="", at=clock.now()) is None:
        return False
    trail = Trail(shop=shop, person=person)
    return promotions.give(batch_id=batch, persons=[person], trail=trail, by=by) > 0


def _refuse(row: models.Referral, why: Why, *, by: Actor) -> None:
    row.state, row.why, row.decided_at = State.REFUSED, why, clock.now()
    row.save(update_fields=["state", "why", "decided_at"])
    record(ReferralRefused(**_about(row), reason=why), by=by, trail=_trail(row), subject=f"referral:{row.pk}")


def _locked(id: UUID, *, shop: str) -> models.Referral:
    row = models.Referral.objects.select_for_update().filter(pk=id, shop=shop).first()
    if row is None:
        raise NoSuchReferral(id=str(id))
    return row


def _about(row: models.Referral) -> dict[str, Any]:
    return {
        "referral_id": str(row.pk),
        "order_number": row.order_number,
        "referrer": row.referrer,
        "level": row.level,
    }


def _trail(row: models.Referral) -> Trail:
    return Trail(shop=row.shop, person=row.referrer)
