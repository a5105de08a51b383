"""Carrying decisions out: a goal is set, a play is proposed, a budget is made, each caused by the publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.segments.rules import Source, terms_of
from zhanggui.insight.value import queries as value
from zhanggui.insight.value.rules import BuyersAsked
from zhanggui.insight.value.rules import Kind as BuyerKind
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.briefings import models
from zhanggui.steer.briefings.actions import planting
from zhanggui.steer.briefings.actions.numbers import in_units
from zhanggui.steer.briefings.errors import TargetUnfit
from zhanggui.steer.briefings.rules import QUARTER_KEY, YEAR_KEY, Decision, Document, Outcome, Sort
from zhanggui.steer.budgets import actions as budgets
from zhanggui.steer.goals import actions as goals
from zhanggui.steer.plays import actions as plays
from zhanggui.steer.plays import queries as plays_drafts
from zhanggui.steer.plays.rules import Audience, Plan
from zhanggui.steer.plays.rules.plans import LONGEST_NAME, LONGEST_TEXT
from zhanggui.steer.signals.rules import Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """What a play is called, what is believed of it, and what somebody has to do."""

    name: str
    hypothesis: str
    task: str


def plans_of(document: Document, keys: Iterable[str], *, worded: Mapping[str, Worded], by: Actor) -> dict[str, Plan]:
    """The plays of a document's proposals with every field filled, by key; the lake is asked for their people, so this
    comes before any transaction.

    refuses  what plays refuse
    """
    found = {}
    for key in keys:
        proposal = document.decision(key)
        if proposal is not None and proposal.outcome is Outcome.PLAY:
            found[key] = _plan(proposal, document, worded[key], by=by)
    return found


def carry_out(
    decided: models.Decision, *, document: Document, plans: Mapping[str, Plan], trail: Trail, by: Actor
) -> None:
    """Let an accepted proposal become what it is for; what it became is kept with it.

    plans    as `plans_of` made them
    tells    what the goal, play or budget tells
    refuses  what they refuse
    """
    proposal = document.decision(decided.key)
    if proposal is None or decided.made:
        return
    match proposal.outcome:
        case Outcome.GOAL:
            made = _goal(proposal, document, decided, trail=trail, by=by)
        case Outcome.BUDGET:
            made = _budget(proposal, document, target=decided.target, trail=trail, by=by)
        case _:
            plan = plans[proposal.key]
            made = str(plays.propose(shop=document.shop, signal_id=None, plan=plan, trail=trail, by=by))
    models.Decision.objects.filter(pk=decided.pk).update(made=made)
    if proposal.key == YEAR_KEY:
        planting.plant(document, decided, UUID(made), trail=trail, by=by)


def _plan(proposal: Decision, document: Document, worded: Worded, *, by: Actor) -> Plan:
    """The usual play of that kind, in the words of the review; people are treated only where they are known."""
    audience = _audience(proposal)
    move = Move(proposal.move) if audience.is_somebody else Move.CHECK
    plan = plays_drafts.blank(document.shop, move, audience=audience, sku="", at=clock.now(), owner=by.id)
    return replace(
        plan,
        name=worded.name[:LONGEST_NAME],
        hypothesis=worded.hypothesis[:LONGEST_TEXT],
        metric=proposal.metric,
        action=replace(plan.action, task=worded.task[:LONGEST_TEXT] if move is Move.CHECK else ""),
    )


def _audience(proposal: Decision) -> Audience:
    """The buyers of the kind that a proposal names; nobody if it names none."""
    kind = next((one.code for one in proposal.things if one.sort is Sort.BUYER_KIND), "")
    if not kind:
        return Audience()
    return Audience(source=Source(kind=value.RFM_CELL, terms=terms_of(BuyersAsked(kind=BuyerKind(kind)))))


def _goal(proposal: Decision, document: Document, decided: models.Decision, *, trail: Trail, by: Actor) -> str:
    """A goal of its own, or the part of the year's goal that a quarter is."""
    baseline, aim = proposal.number("baseline"), proposal.number("target")
    if baseline is None or aim is None:
        raise TargetUnfit(key=proposal.key)
    target = in_units(aim) if decided.target is None else decided.target
    if proposal.key == YEAR_KEY:
        target = planting.year_target(document, decided, target)
    if proposal.key.startswith(QUARTER_KEY):
        part = planting.part_of_year(document, decided, target=decided.target, trail=trail, by=by)
        if part is not None:
            return str(part)
    made = goals.set_goal(
        shop=document.shop,
        metric=proposal.metric,
        baseline=in_units(baseline),
        target=target,
        period=Period(proposal.first, proposal.end),
        owner=int(by.id) if by.kind is ActorKind.OPERATOR else None,
        trail=trail,
        by=by,
    )
    return str(made)


def _budget(proposal: Decision, document: Document, *, target: int | None, trail: Trail, by: Actor) -> str:
    aim = proposal.number("target")
    if aim is None:
        raise TargetUnfit(key=proposal.key)
    made = budgets.set_budget(
        shop=document.shop,
        period=Period(proposal.first, proposal.end),
        total=Money(in_units(aim) if target is None else target, document.currency),
        trail=trail,
        by=by,
    )
    return str(made)
