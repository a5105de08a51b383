"""How a step stands, and why a message is refused, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.base.outbox.rules import Channel


class State(StrEnum):
    """How far a message to one person is; SENT is in the outbox."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why somebody gets no message.

    TOO_MANY  they got enough lately, and there is no time before the step is over at which one more may leave
    TOO_LATE  the step was over before the message could leave
    NOT_MEANT  what it is about no longer holds for them: they have bought what it reminds them of
    """

    NO_ACCOUNT = "no_account"
    NO_ADDRESS = "no_address"
    NO_CONSENT = "no_consent"
    TOO_MANY = "too_many"
    NO_COUPON = "no_coupon"
    HAS_COUPON = "has_coupon"
    STOPPED = "stopped"
    TOO_LATE = "too_late"
    NOT_MEANT = "not_meant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What came of planning.

    waiting  who gets the message when it is due
    refused  who does not, by reason
    known    who was planned for this step before; nothing changed for them
    """

    waiting: int
    refused: Mapping[Reason, int]
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a step stands now.

    clicked  of those it was sent to
    refused  by reason, those who were stopped among them
    cost     of what was sent, in the shop's currency
    """

    waiting: int
    sent: int
    clicked: int
    refused: Mapping[Reason, int]
    cost: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step as it was planned.

    coupon      promotion that gives each a coupon when it is sent
    until       from when on nothing of it leaves; None if it has no end
    goods       SKUs that a mail shows
    next_due_at when the next of those who wait is due; None if nobody waits
    """

    id: UUID
    shop: str
    step: str
    channel: Channel
    campaign: str
    coupon: UUID | None
    planned_at: datetime
    stopped_at: datetime | None
    by: str
    cause: UUID | None
    until: datetime | None
    goods: tuple[str, ...]
    next_due_at: datetime | None
    standing: Standing
