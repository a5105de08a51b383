"""How far a file is that was sent to the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.insight.sources.rules import Bucket
from zhanggui.shop.catalogue.rules.exchange import Fault

# A lot of 500 products takes seconds, sorting some ten million lines takes minutes; a file that did not move for
# longer has nobody who works on it.
_PRODUCTS_STAND_STILL_AFTER: Final = timedelta(minutes=2)
_ORDERS_STAND_STILL_AFTER: Final = timedelta(minutes=10)


class IntakeKind(StrEnum):
    """What a file that was sent is about: products of this shop, or what another shop sold and who looked at it."""

    PRODUCTS = "products"
    ORDERS = "orders"


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
class Asked:
    """How somebody wants a file of another shop to be read; empty where it shall be found out.

    kind      `orders` or `events`, whose columns are said
    columns   what they mean, as `order=Number,at=Date,price=Sum`
    dates     order of year, month and day: ymd, dmy, mdy
    decimals  the decimal sign
    """

    shop: str = ""
    name: str = ""
    zone: str = ""
    currency: str = ""
    kind: str = ""
    columns: str = ""
    dates: str = ""
    decimals: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """A line of a file that waits to be mended; `line` as an editor counts."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What came of a file of another shop, or would come; while a job works on it, how far it is.

    step        reading, sorting, taking in or rolling
    done        lines of that step, of the file's `total_rows`
    shop        that it goes into; stands as soon as the file is understood
    import_id   under which it stands among the imports
    booked      orders less refunds, in major units of `currency`
    differing   orders that were imported before with other contents and stay as they were
    guess       a mapping to try, where the columns are not known
    """

    step: str = ""
    done: int = 0
    import_id: str = ""
    shop: str = ""
    zone: str = ""
    currency: str = ""
    reading: str = ""
    line_count: int = 0
    orders: int = 0
    facts: int = 0
    refused_rows: int = 0
    booked: Decimal = Decimal(0)
    first_day: date | None = None
    last_day: date | None = None
    buckets: tuple[Bucket, ...] = ()
    differing: tuple[str, ...] = ()
    refused_examples: tuple[WaitingLine, ...] = ()
    guess: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A file and how far it is.

    tally       of a product file
    asked       how a file of another shop is to be read, and `arrived` what came of it
    total_rows  0 until they are counted
    begun_at    when the run that works on it, or did last, began; None before the first
    reason      why it stopped; the name of a refusal
    said        why it stopped, in words to who sent it; empty where the reason says it
    """

    id: UUID
    kind: IntakeKind
    shop: str
    name: str
    size_bytes: int
    sent_at: datetime
    state: IntakeState
    run: int
    form: str
    total_rows: int
    tally: Tallied
    asked: Asked
    arrived: Arrived
    begun_at: datetime | None
    moved_at: datetime
    reason: str
    said: str
    line: int

    @property
    def is_running(self) -> bool:
        """Whether a job works on it, or waits for a worker."""
        return self.state in (IntakeState.TRYING, IntakeState.TAKING)

    @property
    def is_over(self) -> bool:
        """Whether it was taken in."""
        return self.state is IntakeState.TAKEN

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
        is_long = self.kind is IntakeKind.ORDERS
        after = _ORDERS_STAND_STILL_AFTER if is_long else _PRODUCTS_STAND_STILL_AFTER
        return self.is_running and at - self.moved_at > after
