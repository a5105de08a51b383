"""What the back office says and is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from zhanggui.doors.api.shapes import shop
from zhanggui.doors.api.shapes.common import (
    Amount,
    AmountAsked,
    Asked,
    Contact,
    Line,
    Name,
    Note,
    Said,
    Sku,
    Units,
    UnitsOf,
    Words,
    WordsAsked,
    words_of,
)
from zhanggui.doors.api.shapes.goods import KindWord
from zhanggui.shop.catalogue.rules import Kind
from zhanggui.shop.fulfilment.rules import State as ParcelState
from zhanggui.shop.returns.rules import Verdict

ParcelWord = Annotated[ParcelState, words_of(ParcelState)]
VerdictWord = Annotated[Verdict, words_of(Verdict)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Warehouse = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
Some = Annotated[dict[Sku, Units], Field(min_length=1, max_length=500)]


class Noted(Said):
    """What a colleague wrote."""

    words: str
    by: str
    at: datetime


class OrderForStaff(shop.Order):
    """An order with notes, and whose it is."""

    customer_id: UUID
    notes: list[Noted]


class NoteAsked(Asked):
    """What colleagues should know."""

    words: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class RefundAsked(Asked):
    """Money back without goods, and why."""

    amount: AmountAsked
    words: Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class LostAsked(Asked):
    """Pieces that never arrived."""

    lines: list[UnitsOf] = Field(min_length=1, max_length=100)
    words: Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class ParcelLine(Said):
    """Pieces in a parcel."""

    position: int
    sku: str
    units: int
    picked_units: int


class ParcelForStaff(Said):
    """A parcel on its way out."""

    id: UUID
    number: str
    order_number: str
    destination: int
    warehouse: str
    state: ParcelWord
    carrier: str
    tracking: str
    weight_g: int | None
    ship_by: datetime
    promised_on: date | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    lines: list[ParcelLine]


class PackAsked(Asked):
    """The weight of the closed parcel; counted: pieces by SKU, as they were counted into it."""

    weight_g: int = Field(ge=1, le=1_000_000)
    counted: dict[Sku, Units] | None = None


class HandOverAsked(Asked):
    """A label that came on paper."""

    carrier: Name
    tracking: Name


class Shipped(Said):
    """The number by which the parcel is followed."""

    tracking: str


class ApproveAsked(Asked):
    """is_kept: the goods stay with the shopper, the money goes back at once."""

    is_kept: bool = False


class WordsOnly(Asked):
    """A sentence for the shopper."""

    words: Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class ReceiveAsked(Asked):
    """Where the goods arrived."""

    warehouse: Warehouse = "main"


class FindingAsked(Asked):
    """What a piece is."""

    piece: int = Field(ge=1, le=10_000)
    verdict: VerdictWord
    found: Note = ""


class InspectAsked(Asked):
    """One finding for each piece."""

    findings: list[FindingAsked] = Field(min_length=1, max_length=500)


class VariantWhole(Said):
    """One SKU of a product, as it is written."""

    sku: str
    values: list[Words]
    price: Amount
    cost: Amount
    weight_g: int
    barcode: str
    is_listed: bool


class ProductWhole(Said):
    """A product, as it is written; edition goes along with a change."""

    handle: str
    edition: int
    title: Words
    summary: Words
    brand: Words
    proof: Words
    category: str
    kind: KindWord
    tags: list[str]
    options: list[Words]
    variants: list[VariantWhole]
    tax_class: str
    no_reason_exception: str
    listed_at: datetime


class VariantAsked(Asked):
    """One SKU; values: one per option of the product."""

    sku: Sku
    values: list[WordsAsked] = Field(default_factory=list, max_length=3)
    price: AmountAsked
    cost: AmountAsked
    weight_g: int = Field(0, ge=0, le=10_000_000)
    barcode: Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9-]*$")] = ""
    is_listed: bool = True


class ProductAsked(Asked):
    """A product as it is to be; its SKUs that are not named are no longer sold, what is not named here stays.

    edition  as it was seen: if somebody changed it meanwhile, nothing is written. 0 for one that is new
    """

    edition: int = Field(0, ge=0, le=2**31)
    title: WordsAsked
    summary: WordsAsked
    brand: WordsAsked
    proof: WordsAsked | None = None
    category: Name
    kind: KindWord = Kind.PHYSICAL
    tags: list[Name] = Field(default_factory=list, max_length=50)
    options: list[WordsAsked] = Field(default_factory=list, max_length=3)
    variants: list[VariantAsked] = Field(min_length=1, max_length=100)


class PricesAsked(Asked):
    """List prices from now on, by SKU."""

    prices: dict[Sku, AmountAsked] = Field(min_length=1, max_length=500)


class ListingAsked(Asked):
    """Whether it is sold."""

    is_listed: bool


class Changed(Said):
    """Of how many it is another now."""

    changed: int


class Level(Said):
    """What lies of a SKU in a warehouse, in whole pieces."""

    sku: str
    warehouse: str
    on_hand_units: int
    held_units: int
    free_units: int
    defective_units: int
    in_transit_units: int
    backorder_units: int


class WarehouseSaid(Said):
    """A warehouse."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    country: str
    region: str
    sells: bool
    priority: int


class StockReceived(Asked):
    """Pieces that came; reference: what they came with, taken in once."""

    reference: Reference = Field(examples=["DN-4711"])
    warehouse: Warehouse = "main"
    units: Some


class StockCounted(Asked):
    """What was counted on the shelf, promised pieces included."""

    reference: Reference
    warehouse: Warehouse = "main"
    counted: dict[Sku, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(min_length=1, max_length=500)
    reason: Line = ""


class CountDone(Said):
    """By SKU how many more (+) or fewer (-) there are than the books said."""

    differences: dict[str, int]


class StockMoved(Asked):
    """Pieces that leave one warehouse for another."""

    reference: Reference
    from_warehouse: Warehouse
    to_warehouse: Warehouse
    units: Some


class StockArrived(Asked):
    """What of a transfer arrived, and what got lost."""

    units: dict[Sku, Units] = Field(default_factory=dict, max_length=500)
    lost: dict[Sku, Units] = Field(default_factory=dict, max_length=500)


class Customer(Said):
    """A customer; name, phone and mail address are masked."""

    id: UUID
    contact: Contact
    registered_at: datetime
    has_account: bool


class Wallet(Said):
    """What a customer's wallet holds."""

    balance: Amount


class PaymentForStaff(shop.Payment):
    """An attempt to pay, with the order it is for."""

    order_number: str
    transaction_id: str


class RefundForStaff(shop.Refund):
    """Money on its way back, with the order it is for."""

    order_number: str
    provider: str
    reference: str


class Odd(Said):
    """A message of a provider that does not fit."""

    id: int
    provider: str
    transaction_id: str
    order_number: str
    payment_id: str
    amount: Amount
    reason: str
    received_at: datetime


class Gap(Said):
    """Where a provider's bill and our books differ."""

    id: int
    provider: str
    day: date
    gap: str
    is_refund: bool
    transaction_id: str
    order_number: str
    ours: Amount | None
    theirs: Amount | None


class Disagreements(Said):
    """All that waits for a person to decide."""

    messages: list[Odd]
    bills: list[Gap]


class ReturnForStaff(shop.Return):
    """A return, with what the desk needs."""

    is_kept: bool
    warehouse: str
    escalated_at: datetime | None
