"""Saying yes, no or otherwise to what a briefing proposes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.briefings import models, queries
from zhanggui.steer.briefings.actions.carrying import Worded, carry_out, plans_of
from zhanggui.steer.briefings.errors import AlreadyCarriedOut, NoSuchBriefing, NoSuchDecision, TargetUnfit
from zhanggui.steer.briefings.rules import Outcome, State, Verdict
from zhanggui.steer.plays.rules import Plan


def decide(
    *,
    id: UUID | str,
    key: str,
    verdict: Verdict,
    target: int | None = None,
    worded: Mapping[str, Worded],
    trail: Trail,
    by: Actor,
) -> None:
    """Accept a proposal, accept it with another target, or drop it.

    Of a draft it is carried out when the draft is published; of a published briefing at once.

    target   only with CHANGE, in the units of goals: minor units, a count, else millionths
    tells    of a published briefing what the goal, play or budget tells, caused by the publication
    refuses  NoSuchBriefing, NoSuchDecision, TargetUnfit, AlreadyCarriedOut; what goals, plays and budgets refuse
    """
    found = queries.briefing(id)
    is_carried_out = found.line.state is State.PUBLISHED and verdict is not Verdict.DROP
    plans = plans_of(found.document, [key] if is_carried_out else (), worded=worded, by=by)
    _decide(id=str(id), key=key, verdict=verdict, target=target, plans=plans, trail=trail, by=by)


@operation
def _decide(
    *, id: str, key: str, verdict: Verdict, target: int | None, plans: Mapping[str, Plan], trail: Trail, by: Actor
) -> None:
    row = models.Briefing.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NoSuchBriefing(id=id)
    document = row.value
    proposal = document.decision(key)
    if proposal is None:
        raise NoSuchDecision(key=key)
    is_changed = verdict is Verdict.CHANGE
    if is_changed and (target is None or target <= 0 or proposal.outcome is Outcome.PLAY):
        raise TargetUnfit(key=key)
    if models.Decision.objects.filter(briefing=row, key=key).exclude(made="").exists():
        raise AlreadyCarriedOut(key=key)
    said = {
        "outcome": proposal.outcome,
        "verdict": verdict,
        "target": target if is_changed else None,
        "decided_by": str(by),
        "decided_at": clock.now(),
    }
    decided, _is_new = models.Decision.objects.update_or_create(briefing=row, key=key, defaults=said)
    if row.state == State.PUBLISHED and row.fact and verdict is not Verdict.DROP:
        carry_out(decided, document=document, plans=plans, trail=trail.after(row.fact), by=by)
