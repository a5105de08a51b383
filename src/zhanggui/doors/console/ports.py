"""What the console needs of another door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from django.utils.functional import Promise

from zhanggui.base.errors import Refused
from zhanggui.shop.catalogue.rules.exchange import Form, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something besides promotions that stands in the calendar of campaigns, such as a flash sale.

    kind     what it is, in a word
    route    the console's page about it, by its id
    ends_at  None: until somebody ends it
    is_on    whether nobody has ended it
    skus     goods it is about, for the overlaps
    """

    id: str
    name_zh: str
    name_en: str
    kind: Promise
    route: str
    starts_at: datetime
    ends_at: datetime | None
    is_on: bool
    skus: frozenset[str] = frozenset()

    def period(self, at: datetime) -> str:
        """Where it stands at a moment: to_come, on or over."""
        if not self.is_on or (self.ends_at is not None and self.ends_at <= at):
            return "over"
        return "to_come" if at < self.starts_at else "on"

    def name(self, language: str) -> str:
        """What it is called."""
        return (self.name_en or self.name_zh) if language.startswith("en") else (self.name_zh or self.name_en)


class Sender(Protocol):
    """Somebody who may send events for a shop; of the key only its last letters are known."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def name(self) -> str:
        """What the operator calls it."""

    @property
    def key_ending(self) -> str:
        """The last letters of its key."""

    @property
    def is_active(self) -> bool:
        """Whether its events are taken."""

    @property
    def made_at(self) -> datetime:
        """Since when the key holds."""


class RefusedEvents(Protocol):
    """Events of one name that were not kept on a day, for one reason; the last of them is a sample."""

    @property
    def day(self) -> date:
        """The business day."""

    @property
    def reason(self) -> str:
        """A code of `spine.sightings.rules.reasons`."""

    @property
    def name(self) -> str:
        """What the events were called."""

    @property
    def count(self) -> int:
        """How many there were."""

    @property
    def sample(self) -> str:
        """JSON, cut, without what would name a person."""

    @property
    def last_at(self) -> datetime:
        """When the last one came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """The door through which events come in: who may send, and what was not kept."""

    senders: Callable[..., Sequence[Sender]]
    refused: Callable[..., Sequence[RefusedEvents]]
    open_sender: Callable[..., str]
    close_sender: Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFiles:
    """The door through which files of another shop come in.

    bring_in   takes a file or a folder in, or says what would come of it, as `rules.Arrived` has it
    complaint  why it was refused, in words: what happened, then lines of what to do
    name_of    what became of a line, or what part of the file it stands in, in words
    """

    bring_in: Callable[..., object]
    complaint: Callable[[Refused], str]
    name_of: Callable[[str], str]


# Who takes events. Plugged in by config.wiring.
tracking: list[Tracking] = []
# Who has what happens in a shop in a time, half open. Plugged in by config.wiring.
calendars: list[Callable[[str, datetime, datetime], Sequence[Happening]]] = []
# Opens a product file, whatever its form and encoding; refuses one that it cannot read. Plugged in by config.wiring.
file_openers: list[Callable[[Path], AbstractContextManager[tuple[Form, Iterator[Row]]]]] = []
# Who takes in what another shop sold. Plugged in by config.wiring.
order_files: list[OrderFiles] = []
