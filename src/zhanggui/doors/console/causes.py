"""The chain of causes as links: what led to a goal, a signal or a play, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from zhanggui.doors.console import signal_words, words
from zhanggui.doors.console.briefings.sentences import KINDS
from zhanggui.doors.console.scope import Scope
from zhanggui.doors.console.steering import goals as goal_words
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.briefings import queries as briefings
from zhanggui.steer.briefings.queries import Line
from zhanggui.steer.goals import queries as goals
from zhanggui.steer.goals.errors import NoSuchGoal
from zhanggui.steer.goals.rules import Goal
from zhanggui.steer.plays import queries as plays
from zhanggui.steer.plays.rules import Play
from zhanggui.steer.signals import queries as signals
from zhanggui.steer.signals.rules import Signal

_GOAL: Final = "goal"
_MOST_SIGNALS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the chain.

    role  what it is to what the page is about, such as: the signal that led to it
    """

    role: str
    name: str
    address: str


def of_goal(goal: Goal, scope: Scope) -> list[Link]:
    """The review that decided on a goal, the signals that say it falls behind, and the plays that answer them.

    Three statements, two where there is no signal.
    """
    found = list(_reviews(_("The review that decided it"), briefings.that_made(goal.shop, str(goal.id)), scope))
    told = signals.about(goal.shop, f"{_GOAL}:{goal.id}", limit=_MOST_SIGNALS)
    found += [_signal(_("A signal about it"), one, scope) for one in told]
    names = plays.names(goal.shop, [one.play_id for one in told if one.play_id]) if told else {}
    return found + [
        Link(role=_("A play that answers it"), name=name, address=_to("play", id, scope)) for id, name in names.items()
    ]


def of_signal(signal: Signal, scope: Scope) -> list[Link]:
    """The goal that a signal is about. At most one statement."""
    return list(_goal(signal, scope))


def of_play(play: Play, signal: Signal | None, scope: Scope) -> list[Link]:
    """What led to a play: its signal, the goal behind that, or the review that decided on it; and the reviews that name
    what it brought. Three statements at most.
    """
    found: list[Link] = []
    if signal is not None:
        found += [*_goal(signal, scope), _signal(_("The signal that led to it"), signal, scope)]
    found += _reviews(_("The review that decided it"), briefings.that_made(play.shop, str(play.id)), scope)
    return [*found, *_reviews(_("A review that quotes it"), briefings.that_quote(play.shop, str(play.id)), scope)]


def _goal(signal: Signal, scope: Scope) -> Iterator[Link]:
    what, _mark, id = signal.subject.partition(":")
    if what != _GOAL:
        return
    try:
        goal = goals.goal(signal.shop, UUID(id))
    except (NoSuchGoal, ValueError):
        return
    name = f"{goal_words.name_of(goal)} {goal_words.target_of(goal)}"
    yield Link(role=_("The goal it is about"), name=name, address=_to("goal", goal.id, scope))


def _signal(role: str, signal: Signal, scope: Scope) -> Link:
    return Link(role=role, name=signal_words.kind(signal), address=_to("signal", signal.id, scope))


def _reviews(role: str, lines: Iterable[Line], scope: Scope) -> Iterator[Link]:
    for line in lines:
        days = words.span(Period(line.first, line.end))
        yield Link(role=role, name=f"{KINDS[line.kind]} · {days}", address=_to("briefing", line.id, scope))


def _to(route: str, id: UUID, scope: Scope) -> str:
    return f"{reverse(f'console:{route}', args=[id])}?{scope.query()}"
