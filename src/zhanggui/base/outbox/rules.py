"""A message, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class State(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    LEAVING = "leaving"
    SENT = "sent"
    TURNED_DOWN = "turned_down"


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
    parts     what stands in the template's gaps, as name and value
    page      the words of a mail once more as HTML, for those who can see it; empty if there is none
    headers   of a mail besides the usual ones, as name and value
    files     that go along with a mail
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in the outbox.

    words  empty once it was sent from a real shop
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
