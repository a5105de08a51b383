"""The goals of a year's plan as one tree: accepted quarters are parts of the accepted year."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from zhanggui.base.operation.rules import Actor
from zhanggui.insight.metrics.rules import EVERYTHING, Period
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.briefings import models
from zhanggui.steer.briefings.actions.numbers import in_units
from zhanggui.steer.briefings.rules import QUARTER_KEY, YEAR_KEY, Decision, Document, Verdict
from zhanggui.steer.goals import actions as goals
from zhanggui.steer.goals import queries as standing
from zhanggui.steer.goals import rules as goal_rules
from zhanggui.steer.goals.errors import NoSuchGoal
from zhanggui.steer.goals.rules import Goal, Part


def year_target(document: Document, decided: models.Decision, proposed: int) -> int:
    """What the year is to come to: what somebody said; else what was proposed, or the sum of its quarters where
    somebody gave every one of them a target.
    """
    if decided.target is not None:
        return decided.target
    said = _said(document, _verdicts(decided))
    return sum(one for one in said if one is not None) if said and None not in said else proposed


def plant(document: Document, decided: models.Decision, year: UUID, *, trail: Trail, by: Actor) -> None:
    """Split the goal of a year that was just set by its proposed quarters, if any of them is accepted by now.

    What was accepted with another target keeps it, and the others share the rest as they were proposed. A quarter that
    stood alone until now goes on as a part. Where the quarters do not cover the year, each goal stands for itself.

    tells    steer.goal_set for each part
    refuses  NothingToBalance if the targets that were given leave the others nothing, or do not come to the year's
    """
    verdicts = _verdicts(decided)
    proposals = _quarters(document)
    accepted = {one.key: verdicts[one.key] for one in proposals if one.key in verdicts}
    goal = standing.goal_of(year)
    if not accepted or [_days(one) for one in proposals] != list(goal_rules.quarters(goal.period)):
        return
    for row in accepted.values():
        _give_up(row, year, by=by)
    weights = [_aim(one) for one in proposals]
    targets = goal_rules.fill(goal.target, _said(document, verdicts), weights)
    parts = [
        Part(period=_days(one), where=EVERYTHING, baseline=_baseline(one), target=target)
        for one, target in zip(proposals, targets, strict=True)
    ]
    made = goals.split(id=year, parts=parts, trail=trail, by=by)
    for one, part in zip(proposals, made, strict=True):
        if one.key in accepted:
            models.Decision.objects.filter(pk=accepted[one.key].pk).update(made=str(part))


def part_of_year(
    document: Document, decided: models.Decision, *, target: int | None, trail: Trail, by: Actor
) -> UUID | None:
    """The part of the year's goal that an accepted quarter is; None if it has to stand alone.

    Another target is balanced among its siblings, as any part's.

    tells    steer.goal_set
    refuses  NothingToBalance
    """
    year = _verdicts(decided).get(YEAR_KEY)
    proposal = document.decision(decided.key)
    if year is None or not year.made or proposal is None:
        return None
    try:
        goal = standing.goal_of(UUID(year.made))
    except NoSuchGoal:  # it was dropped since
        return None
    if not goal.is_split:
        plant(document, year, goal.id, trail=trail, by=by)
    part = _part(goal, _days(proposal))
    if part is not None and target is not None and part.target != target:
        goals.change_target(id=part.id, target=target, trail=trail, by=by)
    return part.id if part else None


def _verdicts(decided: models.Decision) -> dict[str, models.Decision]:
    """What was accepted of the same briefing, by key."""
    rows = models.Decision.objects.filter(briefing=decided.briefing_id).exclude(verdict=Verdict.DROP)
    return {row.key: row for row in rows}


def _quarters(document: Document) -> list[Decision]:
    return sorted((one for one in document.decisions if one.key.startswith(QUARTER_KEY)), key=lambda one: one.first)


def _said(document: Document, verdicts: Mapping[str, models.Decision]) -> list[int | None]:
    """The targets that somebody gave the quarters, in order; None where a proposal stands as it is, or was dropped."""
    rows = [verdicts.get(one.key) for one in _quarters(document)]
    return [row.target if row is not None else None for row in rows]


def _give_up(decided: models.Decision, year: UUID, *, by: Actor) -> None:
    """Drop a quarter's own goal, which goes on as a part of the year's; a door has words for such a reason."""
    if decided.made:
        try:
            goals.drop(id=UUID(decided.made), words=f"goal:{year}", by=by)
        except NoSuchGoal:
            return


def _part(goal: Goal, days: Period) -> Goal | None:
    return next((one for one in standing.tree(goal).values() if one.parent == goal.id and one.period == days), None)


def _days(one: Decision) -> Period:
    return Period(one.first, one.end)


def _aim(one: Decision) -> int:
    aim = one.number("target")
    return in_units(aim) if aim else 0


def _baseline(one: Decision) -> int | None:
    was = one.number("baseline")
    return in_units(was) if was else None
