"""Which tier a member has: up at once, down only when its year is over, and paid for on top."""

from __future__ import annotations

from datetime import datetime

from zhanggui.base.operation.rules import Actor
from zhanggui.growth.membership import models, queries, rules
from zhanggui.growth.membership.actions import telling
from zhanggui.growth.membership.rules.notices import Notice, Said
from zhanggui.growth.membership.rules.tiers import Reason
from zhanggui.spine.facts.membership import TierChanged
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


def rise(member: models.Member, *, at: datetime, trail: Trail, by: Actor, reason: Reason = Reason.GROWTH) -> None:
    """Give a member the tier that growth reaches now, if it is higher. A part of keeping what was bought.

    tells  growth.tier_changed, if the tier that counts is another
    """
    growth = queries.growth_of(member.shop, member.person, at=at)
    was = member.standing.tier_now(queries.tiers(member.shop), at=at)
    tier, until = rules.tiers.risen(queries.tiers(member.shop), member.standing, growth=growth, at=at)
    member.tier, member.tier_until = tier, until
    settle(member, was=was, reason=reason, growth=growth, at=at, trail=trail, by=by)


def start_next_year(member: models.Member, *, at: datetime, trail: Trail, by: Actor) -> None:
    """Give a member whose year is over the tier that the last twelve months earned.

    tells  growth.tier_changed, if the tier that counts is another
    """
    growth = queries.growth_of(member.shop, member.person, at=at)
    was = member.standing.tier_now(queries.tiers(member.shop), at=at)
    tier, until = rules.tiers.at_period_end(queries.tiers(member.shop), growth=growth, at=at)
    member.tier, member.tier_until = tier, until
    settle(member, was=was, reason=Reason.PERIOD_END, growth=growth, at=at, trail=trail, by=by)


def lay_floor(member: models.Member, *, was: str, at: datetime, trail: Trail, by: Actor) -> None:
    """Let what was paid for be the least that a member has, as long as it runs.

    was    the tier that counted until now
    tells  growth.tier_changed, if the tier that counts is another
    """
    tier, until = rules.terms.floor_of(queries.terms_of(member.shop, member.person, at=at), at=at)
    member.floor, member.floor_until = tier, until
    reason = Reason.PAID if tier else Reason.PAID_ENDED
    growth = queries.growth_of(member.shop, member.person, at=at)
    settle(member, was=was, reason=reason, growth=growth, at=at, trail=trail, by=by)


def settle(
    member: models.Member, *, was: str, reason: Reason, growth: int, at: datetime, trail: Trail, by: Actor
) -> None:
    """Write down how a member stands, and tell it if another tier counts than before."""
    member.save(update_fields=["tier", "tier_until", "floor", "floor_until"])
    offered = queries.tiers(member.shop)
    now = member.standing.tier_now(offered, at=at)
    if now == was:
        return
    fact = TierChanged(was=was, tier=now, reason=reason, growth=growth)
    record(fact, by=by, trail=trail, subject=f"member:{member.pk}")
    said = Said(notice=Notice.TIER_CHANGED, subject=f"{now}/{at.isoformat()}", tier=now)
    telling.queue(member.shop, member.person, said)
