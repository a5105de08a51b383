"""Deciding on a second version of a page once its play is over: everybody sees it, or nobody."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.experiments import actions as experiments
from zhanggui.growth.experiments import queries as pages
from zhanggui.growth.experiments.rules import ShownTo
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.plays import queries
from zhanggui.steer.plays.actions.moving import note
from zhanggui.steer.plays.errors import MoveNotAllowed
from zhanggui.steer.plays.rules import Done, Guard, State


@operation
def keep_version(*, shop: str, id: UUID, trail: Trail, by: Actor) -> None:
    """Show everybody the second version of a page that a play tried out; a second time changes nothing.

    refuses  NoSuchPlay; MoveNotAllowed with still_running, or no_such_step if it tried out no page
    tells    growth.page_shown
    """
    _decide(shop, id, ShownTo.ALL, trail=trail, by=by)


@operation
def let_go(*, shop: str, id: UUID, trail: Trail, by: Actor) -> None:
    """Show nobody the second version of a page any more that everybody saw; a second time changes nothing.

    refuses  as `keep_version`
    tells    growth.page_shown
    """
    _decide(shop, id, ShownTo.NOBODY, trail=trail, by=by)


def _decide(shop: str, id: UUID, wanted: ShownTo, *, trail: Trail, by: Actor) -> None:
    play = queries.play(shop, id)
    page = pages.page_of_trial(play.trial_id) if play.trial_id else None
    if page is None or play.state is State.RUNNING:
        guard = Guard.NO_SUCH_STEP if page is None else Guard.STILL_RUNNING
        raise MoveNotAllowed(state=play.state, wanted=play.state, guard=guard)
    if page.shown_to is wanted:
        return
    verb = experiments.keep_page if wanted is ShownTo.ALL else experiments.withdraw_page
    verb(id=page.id, trail=trail.after(play.fact), by=by)
    note(play.id, Done.KEPT if wanted is ShownTo.ALL else Done.LET_GO, by=by)
