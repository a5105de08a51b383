"""The shop's own orders between pages and values: a list as an address says it, a price explained, a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import order_words as words
from zhanggui.doors.console import words as console_words
from zhanggui.doors.console.listing import FileWords
from zhanggui.doors.console.scope import Query
from zhanggui.insight.metrics import rules as metrics
from zhanggui.insight.metrics.rules import Preset
from zhanggui.shop.customers.rules import Contact
from zhanggui.shop.orders import rules
from zhanggui.shop.orders.queries import Asked, Sort, Standing
from zhanggui.shop.orders.rules import Line, Order, State

PLACED: Final = (Preset.TODAY, Preset.YESTERDAY, Preset.DAYS_7, Preset.DAYS_30, Preset.DAYS_90)
_NUMBER: Final = re.compile(r"[0-9]{1,6}|[0-9]{6}(-[0-9A-Z]{0,5}){1,2}")
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A list of orders as its address says it.

    state    empty: any; late: only those of which a parcel should have left
    number   how the number begins
    buyer    a customer's id, never a phone number or a mail address: those do not belong in an address
    placed   a named period, empty: any time
    """

    state: str = ""
    is_late: bool = False
    is_refunded: bool = False
    has_note: bool = False
    placed: str = ""
    channel: str = ""
    country: str = ""
    number: str = ""
    sku: str = ""
    buyer: str = ""
    sort: Sort = Sort.PLACED
    is_descending: bool = True

    def said(self, **more: str) -> str:
        """The same list as the query part of an address, with some names said otherwise; an empty value drops one."""
        pairs = {
            "state": self.state,
            "late": "1" if self.is_late else "",
            "refund": "1" if self.is_refunded else "",
            "note": "1" if self.has_note else "",
            "placed": self.placed,
            "channel": self.channel,
            "country": self.country,
            "q": self.number,
            "sku": self.sku,
            "buyer": self.buyer,
            "sort": "" if self.sort is Sort.PLACED else self.sort,
            "dir": "" if self.is_descending else "asc",
            **more,
        }
        return urlencode({name: value for name, value in pairs.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter as a sentence, and the address that drops it."""

    sentence: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An order in the table, its buyer masked."""

    order: Standing
    contact: Contact

    @property
    def state(self) -> str:
        """How it stands."""
        return str(words.STATES[self.order.state])

    @property
    def tone(self) -> str:
        """The colour of that."""
        return words.TONES.get(self.order.state, "")

    @property
    def title(self) -> str:
        """What its first line is called."""
        return self.order.title(console_words.language())

    @property
    def place(self) -> str:
        """Where it goes, down to the city."""
        return " ".join(part for part in (self.order.region, self.order.city) if part) or self.order.country

    @property
    def others(self) -> int:
        """Further places."""
        return self.order.places - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """So many units that each paid the same."""

    units: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One share of a line's price in words.

    amount  for all its units; pieces: what each of them got of it
    """

    reason: str
    part: str
    amount: Money
    pieces: tuple[Piece, ...]
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line of an order with its price explained."""

    line: Line
    title: str
    variant: str
    shares: tuple[Explained, ...]
    paid: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the file."""

    name: Promise
    of: Callable[[Row, FileWords], str]


COLUMNS: Final = (
    Column(name=lazy("Order"), of=lambda row, _words: row.order.number),
    Column(name=lazy("Placed"), of=lambda row, words: words.moment(row.order.placed_at)),
    Column(name=lazy("State"), of=lambda row, _words: row.state),
    Column(name=lazy("Buyer"), of=lambda row, _words: row.contact.name),
    Column(name=lazy("Phone"), of=lambda row, _words: row.contact.phone),
    Column(name=lazy("First item"), of=lambda row, _words: row.title),
    Column(name=lazy("Pieces"), of=lambda row, _words: str(row.order.units)),
    Column(name=lazy("Country"), of=lambda row, _words: row.order.country),
    Column(name=lazy("To"), of=lambda row, _words: row.place),
    Column(name=lazy("Channel"), of=lambda row, _words: row.order.channel),
    Column(name=lazy("Currency"), of=lambda row, _words: row.order.total.currency),
    Column(name=lazy("Total"), of=lambda row, _words: str(row.order.total.major)),
    Column(name=lazy("Refunded"), of=lambda row, _words: str(row.order.refunded.major)),
)


def wanted_of(query: Query) -> Wanted:
    """The list that an address asks for; words that it has wrong narrow nothing."""
    state, placed, sort = (query.get(name, "") for name in ("state", "placed", "sort"))
    return Wanted(
        state=state if state in tuple(State) else "",
        is_late=query.get("late", "") == "1",
        is_refunded=query.get("refund", "") == "1",
        has_note=query.get("note", "") == "1",
        placed=placed if placed in PLACED else "",
        channel=_clean(query.get("channel", "")),
        country=_clean(query.get("country", ""))[:2].upper(),
        number=_clean(query.get("q", "")).upper(),
        sku=_clean(query.get("sku", "")),
        buyer=_id(query.get("buyer", "")),
        sort=Sort(sort) if sort in tuple(Sort) else Sort.PLACED,
        is_descending=query.get("dir", "") != "asc",
    )


def asked_of(
    wanted: Wanted,
    *,
    shop: Shop,
    today: date,
    late: tuple[str, ...] | None,
    persons: tuple[str, ...],
    customers: tuple[UUID, ...],
) -> Asked:
    """The same as orders are asked for.

    late                the orders of late parcels, None if they are not asked for
    persons, customers  of the buyer
    """
    start = end = None
    if wanted.placed:
        period = metrics.preset(Preset(wanted.placed), today=today, first=None)
        start, end = clock.span_of(period.start, shop.zone)[0], clock.span_of(period.last, shop.zone)[1]
    nobody = bool(wanted.buyer) and not persons
    return Asked(
        shop=shop.code,
        states=(State(wanted.state),) if wanted.state else (),
        number=wanted.number,
        numbers=() if nobody else late,
        persons=persons,
        customers=customers,
        sku=wanted.sku,
        is_refunded=wanted.is_refunded,
        has_note=wanted.has_note,
        start=start,
        end=end,
        channel=wanted.channel,
        country=wanted.country,
        sort=wanted.sort,
        is_descending=wanted.is_descending,
    )


def filters_of(wanted: Wanted, *, buyer: str) -> list[Filter]:
    """What narrows the list, as sentences.

    buyer  the masked name of the buyer
    """
    state = words.STATES[State(wanted.state)] if wanted.state else ""
    placed = console_words.PRESETS[Preset(wanted.placed)] if wanted.placed else ""
    channel = console_words.CHANNELS.get(wanted.channel, wanted.channel)
    said = {
        "state": state and _("State is: %(state)s") % {"state": state},
        "late": wanted.is_late and _("A parcel is late"),
        "refund": wanted.is_refunded and _("Money went back"),
        "note": wanted.has_note and _("Has a note"),
        "placed": placed and _("Placed: %(period)s") % {"period": placed},
        "channel": wanted.channel and _("Channel is: %(channel)s") % {"channel": channel},
        "country": wanted.country and _("Goes to: %(country)s") % {"country": wanted.country},
        "q": wanted.number and _("Number begins with: %(number)s") % {"number": wanted.number},
        "sku": wanted.sku and _("Has the SKU: %(sku)s") % {"sku": wanted.sku},
        "buyer": wanted.buyer and _("Buyer is: %(buyer)s") % {"buyer": buyer},
    }
    return [Filter(sentence=str(says), without=wanted.said(**{name: ""})) for name, says in said.items() if says]


def is_number(said: str) -> bool:
    """Whether somebody typed an order's number, or how one begins."""
    return _NUMBER.fullmatch(said.upper()) is not None


def is_reachable(said: str) -> bool:
    """Whether somebody typed a whole mail address or phone number: what must not stand in an address."""
    digits = sum(sign.isdigit() for sign in said)
    return "@" in said or (digits >= 7 and not any(sign.isalpha() for sign in said) and not is_number(said))


def rows_of(found: Iterable[Standing], *, contacts: Mapping[UUID, Contact]) -> list[Row]:
    """Orders as rows of the table, with these masked contacts."""
    return [Row(order=one, contact=contacts.get(one.customer_id, Contact(name=""))) for one in found]


def lines_of(order: Order) -> list[LineRow]:
    """The lines of an order, each with its price explained step by step and piece by piece."""
    language = console_words.language()
    return [
        LineRow(
            line=line,
            title=line.title(language),
            variant=line.variant(language),
            shares=tuple(
                Explained(
                    reason=words.reason(share.reason),
                    part=words.part(share.part),
                    amount=share.amount,
                    pieces=_pieces(share.amount.split([1] * line.quantity)),
                    payer=words.payer(share.funded_by) if share.amount.minor < 0 else "",
                )
                for share in line.shares
            ),
            paid=_pieces(rules.unit_amounts(line)),
        )
        for line in order.lines
    ]


def _pieces(amounts: Sequence[Money]) -> tuple[Piece, ...]:
    return tuple(Piece(units=units, amount=amount) for amount, units in Counter(amounts).items())


def _clean(said: str) -> str:
    said = said.strip()[:_LONGEST]
    return said if said.isprintable() else ""


def _id(said: str) -> str:
    try:
        return str(UUID(said)) if said else ""
    except ValueError:
        return ""
