"""What was done to goals, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.doors.console import words
from zhanggui.doors.console.steering.goals import name_of, owners, said, target_of
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.goals.rules import Change, Did, Goal

DIDS: Final[Mapping[Did, Promise]] = {
    Did.SET: lazy("set to %(now)s"),
    Did.TARGET: lazy("changed from %(was)s to %(now)s"),
    Did.BALANCED: lazy("balanced from %(was)s to %(now)s"),
    Did.SPLIT: lazy("split into %(now)s parts"),
    Did.JOINED: lazy("made one again"),
    Did.LOCKED: lazy("locked"),
    Did.FREED: lazy("freed to be balanced"),
    Did.OWNER: lazy("handed over from %(was)s to %(now)s"),
    Did.DROPPED: lazy("dropped at %(was)s"),
    Did.STARTED: lazy("it starts from %(now)s"),
    Did.TEAM: lazy("given to the team %(words)s"),
    Did.RESULT: lazy("made a key result of “%(words)s”"),
}
# How a verb says that a goal was dropped for being a part of another one now.
_INTO: Final = "goal:"
_NO_MORE: Final[Mapping[Did, Promise]] = {
    Did.TEAM: lazy("taken from its team"),
    Did.RESULT: lazy("no key result any more"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that was done to a goal, in words."""

    change: Change
    words: str
    who: str


def given_up(found: Sequence[tuple[Goal, Change]]) -> list[tuple[Goal, str, str, Done]]:
    """Goals that were dropped: each with its name, its target and how it was."""
    names = owners()
    return [
        (goal, name_of(goal), target_of(goal), Done(change=how, words=_done(how, goal, names), who=who(how.by, names)))
        for goal, how in found
    ]


def done(changes: Sequence[Change], goals: Mapping[UUID, Goal]) -> list[Done]:
    """What was done to goals, in words."""
    names = owners()
    return [
        Done(change=one, words=_done(one, goals[one.goal], names), who=who(one.by, names))
        for one in changes
        if one.goal in goals
    ]


def who(by: str, names: Mapping[int, str]) -> str:
    """Who did it: an operator's name, or our own job."""
    kind, _colon, id = by.partition(":")
    return names.get(int(id), "—") if kind == "operator" and id.isdigit() else _("by itself")


def _done(one: Change, goal: Goal, names: Mapping[int, str]) -> str:
    if one.did in _NO_MORE and not one.words:
        return str(_NO_MORE[one.did])
    if one.did is Did.OWNER:
        both = {"was": names.get(one.was or 0, "—"), "now": names.get(one.now or 0, "—")}
    elif one.did is Did.SPLIT:
        both = {"was": "", "now": str(one.now)}
    else:
        both = {"was": said(goal, one.was), "now": said(goal, one.now)}
    return str(DIDS[one.did]) % (both | {"words": one.words}) + _why(one)


def _why(one: Change) -> str:
    """Why it was dropped, or in which days it was found what it starts from."""
    if one.did is Did.DROPPED and one.words:
        return ": " + (_("it goes on as a part of another goal") if one.words.startswith(_INTO) else one.words)
    if one.did is Did.STARTED and one.words:
        first, _slash, last = one.words.partition("/")
        found = Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
        return " (" + words.span(found) + ")"
    return ""
