"""A play with all that happened to it, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.steer.plays.rules.effects import Incremental
from zhanggui.steer.plays.rules.plans import Plan
from zhanggui.steer.plays.rules.states import Ending, State


class Done(StrEnum):
    """What somebody did with a play."""

    PROPOSED = "proposed"
    CHANGED = "changed"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    STARTED = "started"
    STOPPED = "stopped"
    ENDED = "ended"
    MEASURED = "measured"
    KEPT = "kept"  # the second version of a page is shown to everybody
    LET_GO = "let_go"  # it is shown to nobody any more


class StepKind(StrEnum):
    """What a start did, so that an end can undo it."""

    MESSAGES = "messages"
    COUPONS = "coupons"
    PROMOTION = "promotion"
    PRICE = "price"
    DELISTED = "delisted"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a start did.

    reference   the step of the messages, the promotion, the SKU or the second version of a page
    was, put    the price before and during; None of what is no price
    undone_at   None while it holds
    """

    kind: StepKind
    reference: str
    was: Money | None
    put: Money | None
    done_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what with a play."""

    what: Done
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a running play stood at the end of a day; its interval is honest however often somebody looks.

    gmv, margin  None while nothing can be said, or where everybody is treated
    """

    day: date
    treated: int
    held_out: int
    gmv: Incremental | None
    margin: Incremental | None
    cost: Money
    uneven_p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A play: its plan and how far it has come.

    signal_id      what it is an answer to; None without a signal
    proposed_by    who planned it or changed it last; whoever it is does not approve it, unless they own the shop
    ended_on       the first day on which it no longer went on
    ending         why it is over
    campaign       by which its messages and orders are known
    treated, held_out  people who were drawn so far; of visitors, as they were counted at the last look
    fact           the last fact told of it: the cause of what follows
    """

    id: UUID
    shop: str
    plan: Plan
    state: State
    signal_id: UUID | None
    signal_kind: str
    proposed_by: str
    approved_by: str
    proposed_at: datetime
    started_at: datetime | None
    started_on: date | None
    ended_on: date | None
    ending: Ending | None
    trial_id: UUID | None
    campaign: str
    treated: int
    held_out: int
    fact: UUID
    version: int

    @property
    def step(self) -> str:
        """The name of its messages: nobody gets them twice."""
        return f"play:{self.id}:1"

    @property
    def counts_until(self) -> date | None:
        """The first day whose orders no longer count; None while it goes on or never began."""
        if self.ended_on is None or self.started_on is None:
            return None
        return self.ended_on + timedelta(days=self.plan.after_days)
