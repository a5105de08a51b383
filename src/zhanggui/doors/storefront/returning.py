"""A return as its pages show it: what was asked for, row by row; its steps; its QR code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.doors.storefront import return_words as words
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.returns import queries, rules
from zhanggui.shop.returns.queries import Instead, Offer
from zhanggui.shop.returns.rules import Answer, Reason, Return, Wish


class Said(Protocol):
    """What a form or an address says, by name."""

    def get(self, name: str, default: str, /) -> str:
        """The last value of a name."""
        ...

    def keys(self) -> Collection[str]:
        """All names."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a shopper chose so far.

    units   pieces by line position, > 0
    wanted  SKU by line position, for an exchange
    """

    units: dict[int, int] = field(default_factory=dict)
    reason: Reason | None = None
    wish: Wish = Wish.REFUND
    wanted: dict[int, str] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the order on the form.

    units         how many were chosen
    why           why it cannot come back for the chosen reason, in a sentence; empty if it can
    needs_person  whether somebody looks at it first
    until         until when it may come back, in words
    instead       what it can be exchanged for; wanted: what was chosen of it
    """

    offer: Offer
    card: Card | None
    units: int
    why: str
    needs_person: bool
    until: str
    instead: tuple[Instead, ...]
    wanted: str

    @property
    def title(self) -> str:
        """What the article was called when it was ordered."""
        return self.offer.line.title(get_language() or "en")

    @property
    def choices(self) -> range:
        """How many can be chosen."""
        return range(self.offer.left_units + 1)

    @property
    def is_open(self) -> bool:
        """Whether any reason brings it back."""
        return self.offer.is_open


def asked_of(said: Said) -> Asked:
    """What a form says; what is strange is as if it had not been said."""
    numbered = {name: said.get(name, "") for name in said.keys()}  # noqa: SIM118 -- a QueryDict, not a dict
    reason = said.get("reason", "")
    return Asked(
        units={
            int(name[1:]): int(value)
            for name, value in numbered.items()
            if name[:1] == "u" and _is_small(name[1:]) and _is_small(value) and int(value)
        },
        reason=Reason(reason) if reason in rules.SHOPPER_REASONS else None,
        wish=Wish.EXCHANGE if said.get("wish", "") == Wish.EXCHANGE else Wish.REFUND,
        wanted={
            int(name[1:]): value[:60] for name, value in numbered.items() if name[:1] == "w" and _is_small(name[1:])
        },
        words=said.get("words", "")[: rules.LONGEST_WORDS],
    )


def rows_of(order: Order, asked: Asked) -> tuple[Row, ...]:
    """Every line of the order, with what is to be said about it."""
    cards = catalogue.products([line.sku for line in order.lines])
    return tuple(
        _row(offer, cards.get(offer.line.sku), asked, order=order) for offer in queries.offers(order, at=clock.now())
    )


def steps_of(found: Return) -> list[tuple[str, datetime]]:
    """What has happened to a return, oldest first."""
    every = (
        (_("Asked for"), found.requested_at),
        (_("Approved"), found.approved_at),
        (_("On its way to us"), found.sent_at),
        (_("Arrived"), found.received_at),
        (_("Inspected"), found.inspected_at if not found.is_kept else None),
        (words.state(found.state), found.ended_at),
    )
    return [(said, at) for said, at in every if at is not None]


def drawn(address: str) -> SafeString:
    """A QR code of an address as an inline picture, dark on light whatever the page; a seventh of it may be lost."""
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(border=3, dark="#1c1b19", light="#ffffff", omitsize=True, svgclass="code", lineclass=None)
    return mark_safe(svg)  # noqa: S308 -- drawn by us, squares only


def _row(offer: Offer, card: Card | None, asked: Asked, *, order: Order) -> Row:
    units = min(asked.units.get(offer.line.position, 0), offer.left_units)
    judged = offer.judged(asked.reason) if asked.reason else None
    is_shut = judged is not None and judged.answer is Answer.NO
    whys = judged.whys if judged is not None and is_shut else () if offer.is_open else offer.fault.whys
    return Row(
        offer=offer,
        card=card,
        units=units,
        why=" ".join(words.why(why) for why in whys),
        needs_person=judged is not None and judged.answer is Answer.ASK,
        until=words.until(offer, asked.reason),
        instead=queries.instead_of(offer.line, order=order, at=clock.now()) if units and asked.reason else (),
        wanted=asked.wanted.get(offer.line.position, offer.line.sku),
    )


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5
