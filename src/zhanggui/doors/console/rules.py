"""How far a product file is that was sent to the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.shop.catalogue.rules.exchange import Fault

# A lot of 500 products takes seconds; a file that did not move for so long has nobody who works on it.
STANDS_STILL_AFTER: Final = timedelta(minutes=2)


class IntakeState(StrEnum):
    """Tried without writing; tried and waiting for a yes; being taken in; taken in; stopped by what it says."""

    TRYING = "trying"
    TRIED = "tried"
    TAKING = "taking"
    TAKEN = "taken"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallied:
    """What came of a file so far, or would come; see the catalogue's `Tally`."""

    rows: int = 0
    products: int = 0
    new: int = 0
    changed: int = 0
    repriced: int = 0
    on_sale: int = 0
    gone: int = 0
    refused: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A product file and how far it is.

    total_rows  0 until they are counted
    begun_at    when the run that works on it, or did last, began; None before the first
    reason      why it stopped; the name of a refusal
    """

    id: UUID
    shop: str
    name: str
    size_bytes: int
    sent_at: datetime
    state: IntakeState
    run: int
    form: str
    total_rows: int
    tally: Tallied
    begun_at: datetime | None
    moved_at: datetime
    reason: str
    line: int

    @property
    def is_running(self) -> bool:
        """Whether a job works on it, or waits for a worker."""
        return self.state in (IntakeState.TRYING, IntakeState.TAKING)

    @property
    def version(self) -> str:
        """Another one whenever something about it is another; empty once nothing more will come by itself."""
        return f"{self.run}-{self.state}-{self.moved_at.timestamp()}" if self.is_running else ""

    def rate(self) -> float | None:
        """Rows a second of this run; None until a lot is through."""
        if self.begun_at is None or not self.tally.rows or self.moved_at <= self.begun_at:
            return None
        return self.tally.rows / (self.moved_at - self.begun_at).total_seconds()

    def ready_at(self) -> datetime | None:
        """When this run will be through at its rate; None until that is known, and for the last minute.

        source   400 of 1,000 rows by 8:01:00, begun at 8:00:00 -> 8:02:30
        """
        rate = self.rate()
        left = timedelta(seconds=(self.total_rows - self.tally.rows) / rate) if rate else timedelta(0)
        return self.moved_at + left if left > timedelta(minutes=1) else None

    def stands_still(self, *, at: datetime) -> bool:
        """Whether nobody seems to work on it any longer."""
        return self.is_running and at - self.moved_at > STANDS_STILL_AFTER
