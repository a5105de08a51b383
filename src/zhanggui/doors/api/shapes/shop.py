"""What the storefront says and is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from zhanggui.doors.api.shapes.common import (
    Address,
    AddressAsked,
    Amount,
    AmountAsked,
    Asked,
    ContactAsked,
    Country,
    Currency,
    Line,
    Name,
    Note,
    PictureWord,
    Said,
    Shortage,
    Sku,
    Units,
    UnitsOf,
    Words,
    among,
    words_of,
)
from zhanggui.doors.api.shapes.prices import Adjustment, AppliedOffer, GiftOffered, QuoteLine, RejectedOffer
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments.rules import RefundState, TenderKind
from zhanggui.shop.payments.rules import State as PaymentState
from zhanggui.shop.returns.rules import MOST_PICTURES, PICKUP_SLOTS, SHOPPER_REASONS, Reason, Way, Wish
from zhanggui.shop.returns.rules import State as ReturnState

OrderState = Annotated[State, words_of(State)]
PaymentWord = Annotated[PaymentState, words_of(PaymentState)]
RefundWord = Annotated[RefundState, words_of(RefundState)]
ReturnWord = Annotated[ReturnState, words_of(ReturnState)]
ReasonWord = Annotated[Reason, words_of(Reason)]
WishWord = Annotated[Wish, words_of(Wish)]
TenderWord = Annotated[TenderKind, words_of(TenderKind)]
SayableReason = Annotated[Reason, among(SHOPPER_REASONS), words_of(SHOPPER_REASONS)]
Slot = Annotated[str, among(PICKUP_SLOTS), words_of(PICKUP_SLOTS)]
ReturnWay = Annotated[Way, words_of(Way)]


class LineAdded(Asked):
    """Pieces to lay aside on top of those that are."""

    sku: Sku = Field(examples=["CUP"])
    quantity: int = Field(1, ge=1, le=99)


class Quantity(Asked):
    """Exactly so many pieces."""

    quantity: int = Field(ge=1, le=99)


class Quote(Said):
    """What it costs together: total = goods + shipping + tax."""

    lines: list[QuoteLine]
    adjustments: list[Adjustment]
    applied: list[AppliedOffer]
    rejected: list[RejectedOffer]
    gifts: list[GiftOffered]
    goods: Amount
    discount: Amount
    shipping: Amount
    tax: Amount
    tax_included: Amount
    total: Amount


class Delivery(Said):
    """A way to be delivered to, and the last day that is promised."""

    key: str
    name: Words
    rate: Amount
    free_from: Amount | None
    promised_on: date


class CartLine(Said):
    """Pieces that were laid aside."""

    sku: str
    quantity: int


class Cart(Said):
    """The cart, what it costs, and what stands in the way of ordering it.

    version  goes with the order: an order is placed of the cart as it was seen
    """

    version: int
    lines: list[CartLine]
    pieces: int
    quote: Quote | None
    gone: list[str]
    shortages: list[Shortage]
    options: list[Delivery]
    providers: list[str]
    can_be_ordered: bool


class PlaceAsked(Asked):
    """Where something is to go, as far as it is known; units by SKU, all for the first place if left out."""

    country: Country = Field("", examples=["CN"])
    region: Line = Field("", examples=["浙江省"])
    option: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_-]*$")] = ""
    units: dict[Sku, Units] = {}


class QuoteAsked(Asked):
    """What the cart would cost, sent there."""

    places: list[PlaceAsked] = Field(default_factory=list, max_length=5)
    currency: Currency = ""


class DropAsked(Asked):
    """A place that the order, or a part of it, goes to; units by SKU, all of it if left out."""

    address: AddressAsked
    option: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_-]*$")] = ""
    units: dict[Sku, Units] | None = None


class TenderAsked(Asked):
    """What the wallet or a gift card pays; code: the card's, as it is written on it."""

    kind: TenderWord = Field(examples=["wallet"])
    code: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    amount: AmountAsked


class OrderAsked(Asked):
    """The cart as it was seen, and where it goes.

    total      as the quote said it: if it is another by now, nothing is ordered
    tenders    what the wallet and gift cards pay of it, to the cent; the provider takes the rest
    confirmed  SKUs that the shopper knows not to be taken back without a reason
    """

    cart_version: int = Field(ge=0, le=2**31)
    total: AmountAsked
    contact: ContactAsked
    drops: list[DropAsked] = Field(min_length=1, max_length=5)
    provider: Name = Field(examples=["sandbox"])
    tenders: list[TenderAsked] = Field(default_factory=list, max_length=10)
    confirmed: list[Sku] = Field(default_factory=list, max_length=100)
    note: Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")] = ""


class Placed(Said):
    """An order that stands; left: what the provider is to be paid, nothing if wallet and cards paid it all."""

    order_number: str
    payment_id: str
    left: Amount


class PayAsked(Asked):
    """How to pay, and where the shopper is sent afterwards; the shop's own page if left out."""

    provider: Name = Field(examples=["sandbox"])
    return_to: Annotated[str, StringConstraints(max_length=500, pattern=r"^[\x21-\x7e]*$")] = ""


class Doorway(Said):
    """Where the shopper pays: an address to open, or the text of a code to show."""

    payment_id: str
    address: str
    qr: str


class CancelAsked(Asked):
    """Why, in a word."""

    reason: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] = "changed_mind"


class OrderLine(Said):
    """A line of an order, as it was frozen when it was placed."""

    position: int
    destination: int
    sku: str
    title: Words
    variant: Words
    quantity: int
    list_price: Amount
    discount: Amount
    amount: Amount
    shipping: Amount
    tax: Amount
    returned_units: int


class Destination(Said):
    """A place that a part of an order goes to."""

    position: int
    address: Address | None
    option: str
    shipping: Amount
    promised_on: date | None


class Parcel(Said):
    """A parcel, as the shopper follows it."""

    number: str
    destination: int
    state: str
    carrier: str
    tracking: str
    shipped_at: datetime | None
    delivered_at: datetime | None


class Payment(Said):
    """An attempt to pay."""

    id: str
    provider: str
    amount: Amount
    state: PaymentWord
    started_at: datetime
    ended_at: datetime | None


class Refund(Said):
    """Money on its way back."""

    id: str
    amount: Amount
    state: RefundWord
    reason: str
    started_at: datetime
    ended_at: datetime | None


class OrderBrief(Said):
    """An order in a list."""

    number: str
    state: OrderState
    goods: Amount
    discount: Amount
    shipping: Amount
    tax: Amount
    tax_included: Amount
    total: Amount
    refunded: Amount
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    lines: list[OrderLine]


class Order(OrderBrief):
    """An order with all that belongs to it."""

    destinations: list[Destination]
    parcels: list[Parcel]
    payments: list[Payment]
    refunds: list[Refund]
    note: str


class ReturnLine(UnitsOf):
    """Pieces of a line that come back; wanted: the SKU to have instead in an exchange, the same if left out."""

    wanted: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class ReturnAsked(Asked):
    """What is to come back, and why; pictures as their uploads were answered, five at most."""

    lines: list[ReturnLine] = Field(min_length=1, max_length=100)
    reason: SayableReason
    wish: WishWord = Wish.REFUND
    words: Note = ""
    pictures: list[PictureWord] = Field(default_factory=list, max_length=MOST_PICTURES)


class ReturnPiece(Said):
    """A piece that comes back."""

    number: int
    sku: str
    wanted_sku: str
    verdict: str
    found: str


class ReturnPicture(Said):
    """A picture of a return: ask for it by its digest; is_ours if it was taken at the inspection."""

    digest: str
    kind: str
    is_ours: bool


class Return(Said):
    """A return, as the shopper follows it.

    difference: what an exchange costs more, negative if less; to be paid until pay_by, with the order paid_with.
    """

    number: str
    order_number: str
    state: ReturnWord
    reason: ReasonWord
    wish: WishWord
    way: ReturnWay
    words: str
    refused_why: str
    expected: Amount
    refunded: Amount
    difference: Amount
    pay_by: datetime | None
    paid_with: str
    pieces: list[ReturnPiece]
    pictures: list[ReturnPicture]
    requested_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    ended_at: datetime | None


class PickupAsked(Asked):
    """When a courier fetches the goods, at which of the order's places."""

    destination: int = Field(1, ge=1, le=10_000)
    day: date
    slot: Slot


class SentAsked(Asked):
    """By which parcel the shopper sends the goods; empty if a counter or courier took them."""

    carrier: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    tracking: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class MadeReturn(Said):
    """A return that was asked for."""

    return_number: str


class AskedDifference(Said):
    """Where the difference of an exchange is paid: an order of its own, to be paid like any other."""

    order_number: str
    payment_id: UUID


class PaymentId(Said):
    """An attempt to pay."""

    id: UUID
