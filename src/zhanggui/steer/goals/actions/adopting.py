"""Adopting a goal that comes with the product."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from zhanggui.base.operation.rules import Actor
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import queries
from zhanggui.steer.goals.actions.setting import set_goal
from zhanggui.steer.goals.errors import NotReady


def adopt(*, shop: str, key: str, owner: int, at: datetime, trail: Trail, by: Actor, figure: int | None = None) -> UUID:
    """Set one of the goals that come with the product; its id. A baseline nobody knows is 0.

    figure   of the trade in units, where the goal is a part of one
    tells    steer.goal_set
    refuses  NotReady with what is missing; GoalUnfit for an owner who cannot come in
    """
    offer = queries.offer(shop, key, figure=figure, at=at)
    if offer is None or offer.lack is not None:
        raise NotReady(key=key, lack=offer.lack if offer and offer.lack else "")
    return set_goal(
        shop=shop,
        metric=offer.ready.metric,
        baseline=offer.baseline or 0,
        target=offer.target,
        period=offer.period,
        owner=owner,
        trail=trail,
        by=by,
    )
