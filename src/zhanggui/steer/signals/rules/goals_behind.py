"""What it is worth that a goal falls behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from zhanggui.steer.goals.rules import Goal, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """Money that a goal at risk puts at stake.

    is_priced  whether its number has a price; if not, the money only says how urgent a look is
    """

    low_minor: int
    expected_minor: int
    high_minor: int
    is_priced: bool


def heads(goals: Sequence[Goal], behind: set[UUID]) -> tuple[Goal, ...]:
    """The goals at risk that are no part of another one at risk: a tree that falls behind is told once, at its top."""
    return tuple(goal for goal in goals if goal.id in behind and goal.parent not in behind)


def stake(goal: Goal, stands: Progress, *, ordinary_day_minor: int) -> Stake | None:
    """What a goal falls short by, in money; None where nothing can be expected of it yet.

    Between what the two ends of the forecast fall short by. A number without a price is worth as large a part of an
    ordinary day's money as it falls short of its target, at most all of it.

    source  our own; a target of 1,000.00, expected 800.00 between 700.00 and 950.00 -> 200.00, between 50.00 and 300.00
    """
    if stands.forecast is None:
        return None
    ends = [stands.forecast if end is None else end for end in (stands.low, stands.high)]
    short = goal.shortfall(stands.forecast)
    least, most = sorted(goal.shortfall(end) for end in ends)
    is_priced = stands.money_at_stake_minor is not None
    money = stands.money_at_stake_minor
    if money is None:
        money = round(ordinary_day_minor * min(1.0, short / abs(goal.target or 1)))
    each = money / short if short else 0.0
    return Stake(
        low_minor=min(money, round(least * each)),
        expected_minor=money,
        high_minor=max(money, round(most * each)),
        is_priced=is_priced,
    )
