"""Orders, their lines and places, as values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.shop.orders.rules.states import STANDS, State
from zhanggui.spine.log.rules import Trail

TIME_TO_PAY = timedelta(minutes=30)
# The job looks a moment later than the deadline, so that no clock is a hair early.
GRACE = timedelta(seconds=1)
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one piece of a bundle is made of: so many units of a SKU that lies in stock."""

    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one step of the price did to a line.

    step, reason, part  as the adjustment says, see `checkout.rules.Adjustment`
    amount              signed, for all pieces of the line
    funded_by           who pays for what is taken off: shop, brand or platform
    source              what the step took it from, such as a promotion's id; empty if the step says enough
    """

    step: str
    reason: str
    part: str
    amount: Money
    funded_by: str = "shop"
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One SKU of an order on its way to one place, with its shares as they were frozen when it was placed.

    position        from 1; what a line is called inside its order, everywhere
    destination     position of the place it goes to
    list_price      of one piece; the other amounts are for all pieces of the line
    discount        0 or negative
    amount          what the goods cost: listed + discount
    tax             on top of the price; tax_included lies in amount and shipping already
    cost            what one piece costs us, in the shop's currency
    parts           what lies in stock for one piece of a bundle; empty: the SKU itself
    no_reason_exception, exception_confirmed_at
                    why it is not taken back without a reason, and when the buyer said to know that
    returned_units  pieces whose money was given back
    """

    position: int = 0
    destination: int = 1
    sku: str
    category: str
    title_zh: str
    title_en: str
    variant_zh: str = ""
    variant_en: str = ""
    quantity: int
    list_price: Money
    listed: Money
    discount: Money
    amount: Money
    shipping: Money
    tax: Money
    tax_rate: Decimal = Decimal(0)
    tax_included: Money
    cost: Money
    shares: tuple[Share, ...] = ()
    parts: tuple[Part, ...] = ()
    needs_shipping: bool = True
    no_reason_exception: str = ""
    exception_confirmed_at: datetime | None = None
    returned_units: int = 0

    def title(self, language: str) -> str:
        """What the product was called when it was ordered."""
        return (self.title_en or self.title_zh) if language.startswith("en") else (self.title_zh or self.title_en)

    def variant(self, language: str) -> str:
        """Which of its variants it is, such as 红 / L; empty if there is only one."""
        return (
            (self.variant_en or self.variant_zh) if language.startswith("en") else (self.variant_zh or self.variant_en)
        )

    @property
    def demand(self) -> dict[str, int]:
        """What must lie in stock for the line, in units by SKU; nothing for what is not shipped."""
        if not self.needs_shipping:
            return {}
        units: Counter[str] = Counter()
        for part in self.parts or (Part(sku=self.sku, units=1),):
            units[part.sku] += part.units * self.quantity
        return dict(units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place that a part of an order goes to.

    position     from 1
    country      ISO 3166-1 alpha-2; region: province or state
    option       key of the way it is delivered
    shipping     what that costs
    promised_on  the day by which it is promised, in the shop's zone; None where nothing is shipped
    """

    position: int = 1
    address_id: UUID
    country: str = ""
    region: str = ""
    city: str = ""
    option: str = "standard"
    shipping: Money
    promised_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """In which currency the books keep an order, and at what rate: book amount = amount x rate."""

    currency: str
    rate: Decimal
    rate_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What it takes to write an order down; whose it is says the trail.

    lines          in the order of their positions, 1 and up
    note           what the shopper wants us to know
    difference_of  the order for whose exchange it asks what is to be paid on top; empty for a purchase
    """

    customer_id: UUID
    destinations: tuple[Destination, ...]
    lines: tuple[Line, ...]
    discount: Money
    goods: Money
    shipping: Money
    tax: Money
    tax_included: Money
    total: Money
    booked: Booked
    note: str = ""
    difference_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An order that was just written down.

    fact_id  of its OrderPlaced, the cause of what follows
    """

    number: str
    fact_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as its shopper and the shop see it.

    number      what a person reads out on the phone, such as 261121-7K3MX-9QDT2
    expires_at  when it is given up if it has not been paid
    ended_at    when it stopped waiting for its money, or was called off afterwards
    total       goods + shipping + tax
    refunded    what of it was given back, or is on its way
    difference_of  see `NewOrder`
    trail       the walk that led to the order, caused by its OrderPlaced: where later facts about it belong
    """

    number: str
    shop: str
    person: str
    trail: Trail
    customer_id: UUID
    destinations: tuple[Destination, ...]
    state: State
    lines: tuple[Line, ...]
    discount: Money
    goods: Money
    shipping: Money
    tax: Money
    tax_included: Money
    total: Money
    refunded: Money
    booked: Booked
    note: str
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    difference_of: str = ""

    @property
    def is_paid(self) -> bool:
        """Whether the money has come in and the order stands."""
        return self.state in STANDS

    @property
    def is_open(self) -> bool:
        """Whether it can still be paid or called off without money going back."""
        return self.state is State.AWAITING_PAYMENT

    @property
    def address_id(self) -> UUID:
        """Where it goes, or its first part."""
        return self.destinations[0].address_id

    def line(self, position: int) -> Line:
        """The line of that position."""
        return next(line for line in self.lines if line.position == position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What some units of a line paid, to the minor unit."""

    goods: Money
    shipping: Money
    tax: Money

    @property
    def total(self) -> Money:
        """All of it."""
        return self.goods + self.shipping + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody who works in the shop wrote about an order."""

    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that has happened to an order.

    name  wire name of the fact, such as shop.order_placed
    """

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A paper for an order.

    number       gapless in a shop's year, such as 2026-000042
    made_out_to  a person or a company; tax_id: its number at the tax office, or empty
    """

    order_number: str
    number: str
    made_out_to: str
    tax_id: str
    issued_at: datetime


def invoice_number(year: int, count: int) -> str:
    """The number of the n-th invoice of a year.

    source  2026 and 42 -> 2026-000042
    """
    return f"{year}-{count:06d}"


def invoice_fault(*, made_out_to: str, tax_id: str) -> str:
    """Which part an invoice cannot have; empty if it can be made.

    source  a name of up to 200 letters; a tax id of none or 5 to 40 letters, digits and dashes
    """
    if not 0 < len(made_out_to) <= 200 or "\0" in made_out_to:
        return "made_out_to"
    return "" if not tax_id or re.fullmatch(r"[A-Za-z0-9-]{5,40}", tax_id) else "tax_id"
