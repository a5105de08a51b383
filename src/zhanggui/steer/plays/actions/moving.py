"""Moving a play from one state to another, by one statement, so that of two at once only one does it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.rules import Actor
from zhanggui.steer.plays import models, queries, rules
from zhanggui.steer.plays.errors import MoveNotAllowed
from zhanggui.steer.plays.rules import Done, Guard, Play, State


def moved(play: Play, wanted: State, *, failing: Collection[Guard] = (), **said: object) -> None:
    """Have a play in another state, with what else is said of it from then on.

    failing  the guards that do not hold now
    refuses  MoveNotAllowed also if somebody else moved it meanwhile
    """
    rules.check(play.state, wanted, failing=failing)
    rows = models.Play.objects.filter(pk=play.id, state=play.state, version=play.version)
    if not rows.update(state=wanted, **said):
        now = queries.play(play.shop, play.id)
        raise MoveNotAllowed(state=now.state, wanted=wanted, guard=Guard.NO_SUCH_STEP)


def note(id: UUID, what: Done, *, by: Actor) -> None:
    """Keep who did what with a play, for its page."""
    models.Deed.objects.create(id=ids.uuid7(), play_id=id, what=what, by=str(by), at=clock.now())
