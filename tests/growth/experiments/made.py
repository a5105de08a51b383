"""Small factories: trials, and what their members bought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.operation.rules import operator
from zhanggui.growth.experiments import actions, models
from zhanggui.growth.experiments.rules import Arm
from zhanggui.spine.log.rules import Trail

SHOP = "acme"
BY = operator("7")
START, END = date(2026, 5, 1), date(2026, 5, 31)


def a_trial(
    *,
    shop: str = SHOP,
    name: str = "Sleepers wake",
    metric: str = "gmv_net",
    held_out_bp: int = 5000,
    starts_on: date = START,
    ends_on: date = END,
    cause: UUID | None = None,
) -> UUID:
    trail = Trail(shop=shop, cause=cause)
    return actions.open_trial(
        shop=shop,
        name=name,
        metric=metric,
        held_out_bp=held_out_bp,
        starts_on=starts_on,
        ends_on=ends_on,
        trail=trail,
        by=BY,
    )


def people(count: int, *, first: int = 0) -> list[str]:
    return [f"p{number:05}" for number in range(first, first + count)]


def put(trial_id: UUID, arm: Arm, persons: Sequence[str], *, at: datetime = datetime(2026, 5, 1, tzinfo=UTC)) -> None:
    """Put people on a side by hand, so that a test knows where they are."""
    trial = models.Trial.objects.get(pk=trial_id)
    for person in persons:
        models.Member.objects.create(
            trial=trial, shop=trial.shop, metric=trial.metric, person=person, arm=arm, is_held=False, joined_at=at
        )


def at_least_open(*, shop: str = SHOP, bp: int = 5000) -> UUID:
    """A trial of today and two weeks more, which visitors may join."""
    today = clock.day_of(clock.now(), "Asia/Shanghai")
    days = {"starts_on": today, "ends_on": today + timedelta(days=14)}
    return a_trial(shop=shop, metric="gmv_paid", held_out_bp=bp, **days)
