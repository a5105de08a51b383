"""What goals tell. Numbers are minor units of an amount, a count as it is, else millionths."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="steer.goal_set")
class GoalSet:
    """A number has a target for a period and somebody who answers for it; or another target than before; or it is
    known by now where it starts from.

    Told of parts too, when a goal is split. Not told of siblings that were balanced because one of them changed.

    goal_id               of the goal
    category, channel     where it is counted; both empty for everything
    better                up if it is to be at least the target, down if at most
    baseline              where it starts from; null while nobody knows
    was_target            what the target was before, the same if only the baseline is new; null when it is set first
    start, end            first day of the period, and the day after its last
    owner                 id of the operator who answers for it
    parent                the goal it is a part of, empty if none
    """

    goal_id: str
    metric: str
    category: str = ""
    channel: str = ""
    better: str
    baseline: int | None
    target: int
    was_target: int | None = None
    currency: str
    start: str
    end: str
    owner: int
    team: str = ""
    parent: str = ""


@fact(name="steer.goal_missed")
class GoalMissed:
    """A goal will not be reached. Told once for each target a goal had.

    Not told of goals that were dropped, nor where nobody tells what the number is counted from.

    why            ended: the period is over and it was not reached; out_of_reach: it still runs, and the upper end of
                   what is to be expected falls short (the lower end, where less is better)
    actual         when this was told
    forecast       of the whole period; null once it is over
    money_minor    what it falls short by in money; null where the number has no price
    """

    goal_id: str
    metric: str
    why: str
    target: int
    actual: int
    forecast: int | None = None
    money_minor: int | None = None
    currency: str
    start: str
    end: str
