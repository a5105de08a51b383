"""Which letters there are, when one is written, by which way it goes, and what stands in it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from zhanggui.base.outbox.rules import Channel

# What was told longer ago is news to nobody; a reader that begins with the whole log writes no letters about it.
FRESH: Final = timedelta(days=1)
# So long after an order its letters still open it: letters are passed on and lie about.
OPENS_FOR: Final = timedelta(days=180)


class Kind(StrEnum):
    """What a letter is about."""

    PAID = "paid"
    EXPIRED = "expired"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURN_ACCEPTED = "return_accepted"
    EXCHANGE_DUE = "exchange_due"
    EXCHANGE_LAPSED = "exchange_lapsed"
    REFUNDED = "refunded"


class State(StrEnum):
    """How far a letter is; WRITTEN lies in the outbox."""

    WAITING = "waiting"
    WRITTEN = "written"
    LEFT_OUT = "left_out"


class Reason(StrEnum):
    """Why nobody is written to.

    SWITCHED_OFF  the shop sends no letters of this kind
    TOO_LATE      nobody could write it within a day
    NO_ADDRESS    neither a mail address nor a phone number that somebody can send to
    NO_TEMPLATE   only a phone number is known, and the carrier has approved no words for it
    """

    SWITCHED_OFF = "switched_off"
    TOO_LATE = "too_late"
    NO_ADDRESS = "no_address"
    NO_TEMPLATE = "no_template"


# The fact that a letter follows; its body names what else it is about.
HEARS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "shop.payment_settled": Kind.PAID,
        "shop.difference_settled": Kind.PAID,
        "shop.order_expired": Kind.EXPIRED,
        "shop.difference_expired": Kind.EXPIRED,
        "shop.parcel_shipped": Kind.SHIPPED,
        "shop.parcel_delivered": Kind.DELIVERED,
        "shop.return_accepted": Kind.RETURN_ACCEPTED,
        "shop.exchange_due": Kind.EXCHANGE_DUE,
        "shop.exchange_lapsed": Kind.EXCHANGE_LAPSED,
        "shop.refund_settled": Kind.REFUNDED,
        "shop.difference_refunded": Kind.REFUNDED,
    }
)
ABOUT: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SHIPPED: "parcel_id",
        Kind.DELIVERED: "parcel_id",
        Kind.RETURN_ACCEPTED: "return_number",
        Kind.EXCHANGE_DUE: "return_number",
        Kind.EXCHANGE_LAPSED: "return_number",
        Kind.REFUNDED: "refund_id",
    }
)
# Whoever signed for a parcel knows that it has come.
USUAL: Final = frozenset(Kind) - {Kind.DELIVERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """By which way somebody is written to.

    to  a mail address, or a phone number as +8613800138000
    """

    channel: Channel
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Goods in a letter, in the reader's language.

    amount  what they cost, in words; empty where that is not told
    """

    sku: str
    title: str
    variant: str
    pieces: int
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Goods that go to one place, or come in one parcel.

    to    who and where; empty where it is not told
    when  the promised day, in a sentence; empty if none is promised
    """

    to: str = ""
    when: str = ""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A label and what stands behind it, such as a sum or a tracking number.

    link  a page about it; empty if there is none
    """

    label: str
    words: str
    link: str = ""
    is_sum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A letter before it is drawn: all of it is words in the reader's language.

    language  zh or en
    lead      what happened, in sentences
    page      of the order; its link is called `act`
    """

    kind: Kind
    shop: str
    language: str
    order_number: str
    subject: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    said: tuple[Said, ...] = ()
    page: str
    act: str


def is_fresh(told_at: datetime, *, at: datetime) -> bool:
    """Whether something is still worth a letter.

    source  told at noon: yes until noon of the next day, no from then on
    """
    return at < told_at + FRESH


def is_open_by_letter(placed_at: datetime, *, at: datetime) -> bool:
    """Whether the link in a letter still opens the order.

    source  180 days from when it was placed, and no longer
    """
    return at < placed_at + OPENS_FOR


def reach(*, email: str, phone: str, can_mail: bool, can_text: bool, has_template: bool) -> Reach | Reason:
    """By which way somebody is written to, or why not: by mail if that can be, else by text message.

    phone         in full, empty if none is known
    has_template  whether the words may be sent by text message
    """
    if email and can_mail:
        return Reach(channel=Channel.EMAIL, to=email)
    if not phone or not can_text:
        return Reason.NO_ADDRESS
    return Reach(channel=Channel.SMS, to=phone) if has_template else Reason.NO_TEMPLATE


def template_of(kind: Kind) -> str:
    """Under which name a carrier of text messages knows the words."""
    return f"order_{kind}"
