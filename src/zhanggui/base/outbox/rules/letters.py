"""A message, as a value; how far it is, and what its carrier says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class State(StrEnum):
    """How far a message is.

    LEAVING    in somebody's hands: whoever carries it was asked and has not answered
    SENT       taken by the carrier
    DELIVERED  the carrier says that it has arrived; FAILED: that it never will
    """

    WAITING = "waiting"
    LEAVING = "leaving"
    SENT = "sent"
    TURNED_DOWN = "turned_down"
    DELIVERED = "delivered"
    FAILED = "failed"


# From where a receipt leads on. A phone that was off may answer after the carrier gave up, and nothing takes that back:
# in whatever order receipts come, and however often, the message ends in the same state.
BEFORE: Final = {
    State.DELIVERED: frozenset((State.LEAVING, State.SENT, State.FAILED)),
    State.FAILED: frozenset((State.LEAVING, State.SENT)),
}


# What goes to many carries: a template of its own, or the header by which a mail can be unsubscribed.
_CAMPAIGN: Final = "campaign"
_WAY_OUT: Final = "List-Unsubscribe"
# What a shop tells whoever has ordered, or holds something, by itself.
_TOLD: Final = ("order_", "coupons_", "member_", "presale_", "team_")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that goes along with a mail.

    kind  its media type, such as text/csv
    """

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Words for one person.

    to        a mail address, or a phone number as +8613800138000
    subject   of a mail; empty for a text message
    template  the name under which a carrier knows the words, for those that send no others, such as `sign_in_code`
    parts     what stands in the template's gaps, in their order, as name and value
    page      the words of a mail once more as HTML, for those who can see it; empty if there is none
    headers   of a mail besides the usual ones, as name and value
    files     that go along with a mail
    shop      whose message it is; empty for our own shop's
    language  zh or en, of the words; empty for what the words show
    id        of the letter in the outbox; empty before it lies there
    """

    channel: Channel
    to: str
    subject: str = ""
    words: str
    template: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    page: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()
    shop: str = ""
    language: str = ""
    id: str = field(default="", compare=False)

    @property
    def is_bulk(self) -> bool:
        """Whether it goes to many, who may want no more of it."""
        return self.template.startswith(_CAMPAIGN) or any(name == _WAY_OUT for name, _ in self.headers)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody sits there and waits for it, as for a code: not what goes to many, nor what a shop tells."""
        return not self.is_bulk and not self.template.startswith(_TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in the outbox.

    words     empty once it was sent from a real shop
    segments  as how many messages the carrier counts it; None where it does not say
    """

    id: UUID
    channel: Channel
    to: str
    subject: str
    words: str
    state: State
    queued_at: datetime
    sent_at: datetime | None
    fault: str
    segments: int | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a carrier says when it takes a message.

    number    its own for the message, by which receipts name it
    segments  as how many messages it is counted and paid
    """

    number: str
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a carrier says became of a message that it took.

    number  the carrier's own
    letter  ours, where the carrier says it too; empty if it does not
    fault   why it did not arrive, in the carrier's words
    """

    number: str
    letter: str = ""
    is_delivered: bool
    fault: str = ""
    at: datetime

    @property
    def state(self) -> State:
        """Where it leads."""
        return State.DELIVERED if self.is_delivered else State.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Words that a carrier has approved, by our name for them.

    name       such as sign_in_code
    language   zh or en
    is_abroad  whether it is for numbers outside mainland China, which need templates of their own
    number     the carrier's own for the words
    sign       the approved name that stands before them, such as 掌柜小铺
    """

    name: str
    language: str
    is_abroad: bool
    number: str
    sign: str
