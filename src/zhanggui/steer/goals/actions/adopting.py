"""Adopting a goal that comes with the product."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from zhanggui.base.operation.rules import Actor
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import queries
from zhanggui.steer.goals.actions.setting import set_goal
from zhanggui.steer.goals.errors import NotReady


def adopt(
    *,
    shop: str,
    key: str,
    owner: int,
    at: datetime,
    trail: Trail,
    by: Actor,
    figure: int | None = None,
    was: int | None = None,
) -> UUID:
    """Set one of the goals that come with the product; its id.

    Where the target does not come from it, a baseline that nobody knows is filled in once it is known.

    figure   of the trade in units, where the goal is a part of one
    was      what the number was, in units, where the days it is held against are not known
    tells    steer.goal_set
    refuses  NotReady with what is missing; GoalUnfit for an owner who cannot come in
    """
    offer = queries.offer(shop, key, figure=figure, was=was, at=at)
    if offer is None or offer.lack is not None:
        raise NotReady(key=key, lack=offer.lack if offer and offer.lack else "")
    return set_goal(
        shop=shop,
        metric=offer.ready.metric,
        baseline=offer.baseline,
        target=offer.target,
        period=offer.period,
        owner=owner,
        awaits_baseline=True,
        trail=trail,
        by=by,
    )
