"""What stands on the page of today: how the goals stand, what waits for a decision, what goes on, what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import playing, signalling
from zhanggui.doors.console.steering import goals as goal_rows
from zhanggui.steer.goals import queries as goals
from zhanggui.steer.plays import queries as plays
from zhanggui.steer.plays.rules import Play, State
from zhanggui.steer.signals import queries as signals

_MOST_GOALS: Final = 4
_MOST_SIGNALS: Final = 6
_MOST_EFFECTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A day of a shop for whoever sees its numbers.

    headline  how the first goal stands, in a sentence; empty if there is none
    goals     the goals of their own whose period has the day, money first
    cards     the signals that wait, by money times confidence;  waiting how many there are
    running   plays that go on, the one that ends first in front
    brought   the latest measurements of plays
    """

    headline: str
    goals: tuple[goal_rows.Row, ...]
    cards: tuple[signalling.Card, ...]
    waiting: int
    running: tuple[Play, ...]
    brought: tuple[playing.Row, ...]


def today_of(shop: Shop, *, at: datetime) -> Today:
    """How the day stands. Four statements, and those of up to four goals."""
    code = shop.code
    tops = [goal for goal in goals.goals(code, on=clock.day_of(at, shop.zone)) if goal.parent is None]
    shown = sorted(tops, key=lambda goal: goal.metric != "gmv_paid")[:_MOST_GOALS]
    seen = goals.progresses(shown, at=at)
    waiting = signals.inbox(code, at=at)
    running = plays.at_work(code, State.RUNNING)
    return Today(
        headline=goal_rows.headline(shown[0], seen[shown[0].id]) if shown else "",
        goals=tuple(goal_rows.rows(shown, seen)) if shown else (),
        cards=tuple(signalling.card(one) for one in waiting[:_MOST_SIGNALS]),
        waiting=len(waiting),
        running=tuple(sorted(running, key=lambda play: play.plan.last_on)),
        brought=tuple(playing.rows(plays.ledger(code, limit=_MOST_EFFECTS))),
    )
