"""Facts and sightings one after the other, as a person reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from zhanggui.base.money import Money
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import fact_words, words
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.facts import registry
from zhanggui.spine.log import queries as log

# The words of events stand in the order in which an order goes.
_COURSE = {name: place for place, name in enumerate(fact_words.EVENTS)}
# Lifted into the envelope; a body that does not repeat them still shows them.
_LIFTED = ("page", "sku", "quantity", "channel", "campaign", "device", "region")
# Told elsewhere on the page.
_HIDDEN = frozenset({"lines", "currency", "amount_minor", "properties"})
# Long numbers of persons and things, of which the end is enough to tell two apart.
_NUMBERED = frozenset({"customer_id", "cart_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A line of a body in words; an amount where it is money."""

    name: str
    said: str
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A line of an order."""

    sku: str
    name: str
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A fact or sighting.

    gap     how much later than the step before; empty for the first
    caused  whether the step before is what led to it
    raw     the whole body, for whoever wants to see it
    """

    id: UUID
    name: str
    wire_name: str
    is_fact: bool
    at: datetime
    gap: str
    actor: str
    order_number: str
    amount: Money | None
    fields: tuple[Field, ...]
    goods: tuple[Goods, ...]
    raw: str


def of_order(shop: str, order_number: str) -> tuple[Envelope, ...]:
    """All facts and sightings of an order by time: those of the log, which has the newest, and those of the lake."""
    by_id = {event.id: event for event in log.of_order(shop=shop, order_number=order_number)}
    first = _first_day(shop, order_number)
    if first is not None:
        by_id |= {event.id: event for event in lake.of_order(order_number, shop, start_day=first)}
    return tuple(sorted(by_id.values(), key=_in_time))


def steps(events: Sequence[Envelope], shop: Shop) -> tuple[Step, ...]:
    """Events in order, each with how much later it came than the one before."""
    skus = {line.sku for event in events for line in event.lines}
    names = {one.sku: one.name(words.language()) for one in metrics.listings(shop.code, sorted(skus)).values()}
    befores = [None, *(event.at for event in events)]
    return tuple(_step(event, shop.currency, before, names) for event, before in zip(events, befores, strict=False))


def _in_time(event: Envelope) -> tuple[datetime, int, UUID]:
    """By time; what was told at the same moment in the order in which an order goes."""
    return event.at, _COURSE.get(event.name, len(_COURSE)), event.id


def _step(event: Envelope, usual: str, before: datetime | None, names: dict[str, str]) -> Step:
    currency = event.currency or usual
    body = _body(event)
    return Step(
        id=event.id,
        name=words.event(event.name),
        wire_name=event.name,
        is_fact=registry.is_fact(event.name),
        at=event.at,
        gap="" if before is None else words.gap(event.at - before),
        actor=words.actor(event.actor),
        order_number=event.order_number,
        amount=None if event.amount_minor is None else Money(event.amount_minor, currency),
        fields=tuple(_fields(event, body, currency)),
        goods=tuple(
            Goods(sku=one.sku, name=names[one.sku], quantity=one.quantity, amount=Money(one.amount_minor, currency))
            for one in event.lines
        ),
        raw=json.dumps(body, ensure_ascii=False, indent=2),
    )


def _body(event: Envelope) -> dict[str, Any]:
    """The body as it was told; a body that is no object is shown under one name."""
    try:
        body = msgspec.json.decode(event.body)
    except msgspec.DecodeError:
        return {"body": event.body.decode(errors="replace")}
    return body if isinstance(body, dict) else {"body": body}


def _fields(event: Envelope, body: dict[str, Any], currency: str) -> Iterator[Field]:
    """What can be said in one line each, in the order in which fields have words: the envelope's, then the body's."""
    properties = body.get("properties")
    said = {name: getattr(event, name) for name in _LIFTED}
    said |= {**body, **(properties if isinstance(properties, dict) else {})}
    known = list(fact_words.FIELDS)
    for name in sorted(said, key=lambda name: known.index(name) if name in known else len(known)):
        value = said[name]
        if name in _HIDDEN or isinstance(value, dict | list) or not (value or value is False):
            continue
        if name.endswith("_minor") and isinstance(value, int):
            yield Field(name=words.field(name), said="", amount=Money(value, currency))
        else:
            yield Field(name=words.field(name), said=_said(name, value))


def _said(name: str, value: object) -> str:
    if isinstance(value, bool):
        return words.truth(value)
    if name in ("channel", "device", "region"):
        return words.cell(Cut(name), str(value))
    return words.tail(str(value)) if name in _NUMBERED else str(value)


def _first_day(shop: str, order_number: str) -> date | None:
    rows = lake.ask(f"select min(day) from {lake.rollup(shop, 'orders')} where order_number = ?", [order_number])
    first: date | None = rows[0][0]
    return first
