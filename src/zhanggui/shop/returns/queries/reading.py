"""Reading returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.core import signing
from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, When

from zhanggui.base import clock, pictures
from zhanggui.base.home import shelf
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Law
from zhanggui.shop.fulfilment import queries as fulfilment
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Line, Order
from zhanggui.shop.returns import models, rules
from zhanggui.shop.returns.errors import NoSuchReturn
from zhanggui.shop.returns.queries.exchanging import exchange_of, worth_now
from zhanggui.shop.returns.rules import Judgement, Piece, Reason, Return, Slot, State
from zhanggui.supply.stock import queries as stock

_signer: Final = signing.Signer(salt="shop.returns.drop_off")
_PICTURES: Final = "returns"
_PART: Final = 500


class View(StrEnum):
    """What the queue shows: where our hand is needed, what is late, what waits for the shopper, what is over."""

    OURS = "ours"
    DECIDE = "decide"
    INSPECT = "inspect"
    SEND = "send"
    LATE = "late"
    COMING = "coming"
    OVER = "over"
    ALL = "all"


_VIEWS: Final = {
    View.OURS: Q(state__in=sorted(rules.WAITS_FOR_US)),
    View.DECIDE: Q(state=State.REQUESTED),
    View.INSPECT: Q(state=State.RECEIVED),
    View.SEND: Q(state=State.INSPECTED),
    View.LATE: Q(state__in=[State.IN_TRANSIT, State.RECEIVED, State.INSPECTED], escalated_at__isnull=False),
    View.COMING: Q(state__in=sorted(rules.OPEN - rules.WAITS_FOR_US)),
    View.OVER: Q(state__in=sorted(rules.ENDED)),
    View.ALL: Q(),
}


# Returns that gave more back than the frozen shares of their pieces.
_READD: Final = """
select r.number from shop_returns_return r where r.refunded_minor > coalesce((
    select sum(p.goods_minor + p.tax_minor + p.shipping_minor) from shop_returns_piece p
    where p.return_of_id = r.number and p.is_refunded), 0)
order by r.number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A return that contradicts itself or the stock.

    fault  more_than_its_shares or held_without_return
    """

    return_number: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A line of an order, and what of it may come back.

    left_units  pieces that are neither back nor on their way back
    arrived_on  the day it was signed for, in the shop's zone
    no_reason, fault  what is said to somebody who changed their mind, and to somebody with a fault
    """

    line: Line
    left_units: int
    arrived_on: date | None
    no_reason: Judgement
    fault: Judgement

    @property
    def is_open(self) -> bool:
        """Whether there is any reason for which it may come back."""
        return any(said.answer is not rules.Answer.NO for said in (self.no_reason, self.fault))

    def judged(self, reason: Reason) -> Judgement:
        """What is said to that reason."""
        return self.fault if rules.is_fault(reason) else self.no_reason


def return_of(shop: str, number: str, *, person: str) -> Return:
    """A return, for the shopper whose order it is of. Primary key.

    refuses  NoSuchReturn, for another person's return too
    """
    found = return_for_staff(shop, number)
    try:
        orders.order(shop, found.order_number, person=person)
    except NoSuchOrder as missing:
        raise NoSuchReturn(return_number=number) from missing
    return found


def return_for_staff(shop: str, number: str) -> Return:
    """A return, for somebody who works in the shop. Three statements. Primary key.

    refuses  NoSuchReturn
    """
    return _only(number, models.Return.objects.filter(pk=number, shop=shop))


def return_by_number(number: str) -> Return:
    """A return of any shop, for our own jobs and for whoever holds its QR code. Three statements. Primary key.

    refuses  NoSuchReturn
    """
    return _only(number, models.Return.objects.filter(pk=number))


def returns_of(shop: str, person: str, *, limit: int = 50) -> tuple[Return, ...]:
    """The returns of a shopper's last orders, newest first. Index shop_returns_return_order."""
    mine = [order.number for order in orders.orders_of(shop, person)]
    rows = models.Return.objects.filter(shop=shop, order_number__in=mine)
    return _values(rows.order_by("-requested_at", "-pk")[:limit])


def returns_of_order(order_number: str) -> tuple[Return, ...]:
    """The returns of an order, oldest first. Three statements. Index shop_returns_return_order."""
    return _values(models.Return.objects.filter(order_number=order_number).order_by("requested_at", "pk"))


def queue(shop: str, *, view: View, limit: int = 50, offset: int = 0) -> tuple[Return, ...]:
    """The returns that a view shows: those whose clock runs first, by the time that is left, then the longest waiting.

    Three statements. Indexes shop_returns_return_open, shop_returns_return_shop.
    """
    rows = models.Return.objects.filter(_VIEWS[view], shop=shop)
    if view in (View.OVER, View.ALL):
        return _values(rows.order_by("-requested_at", "-pk")[offset : offset + limit])
    runs = When(state__in=[State.RECEIVED, State.INSPECTED], then=F("received_at"))
    in_order = rows.annotate(since=Case(runs, default=None))
    return _values(in_order.order_by(F("since").asc(nulls_last=True), "requested_at", "pk")[offset : offset + limit])


def counts(shop: str) -> dict[View, int]:
    """How many returns each view shows. One statement."""
    numbers = {view.value: Count("pk", filter=condition) for view, condition in _VIEWS.items() if view is not View.ALL}
    found = models.Return.objects.filter(shop=shop).aggregate(**numbers, all=Count("pk"))
    return {view: found[view.value] for view in View}


def refund_waits(shop: str, start: datetime, end: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """When money went back for goods in a span, and how long after they came. Index shop_returns_return_shop."""
    rows = models.Return.objects.filter(shop=shop, requested_at__lt=end, state=State.REFUNDED, ended_at__gte=start)
    rows = rows.filter(ended_at__lt=end, received_at__isnull=False).order_by("ended_at", "pk")
    return tuple((ended, ended - came) for ended, came in rows.values_list("ended_at", "received_at"))


def numbered(shop: str, begun: str, *, limit: int = 8) -> tuple[tuple[str, str, State], ...]:
    """Returns whose number begins so, each with its order and how it stands. One statement. Primary key."""
    rows = models.Return.objects.filter(shop=shop, number__startswith=begun).order_by("number")
    found = rows.values_list("number", "order_number", "state")[:limit]
    return tuple((number, order_number, State(state)) for number, order_number, state in found)


def offers(order: Order, *, at: datetime) -> tuple[Offer, ...]:
    """Every line of an order with what of it may come back, and until when. Five statements."""
    shop = shops.shop(order.shop)
    is_difference = bool(exchange_of(order))
    delivered = fulfilment.delivered_at(order.number)
    arrived = {position: clock.day_of(moment, shop.zone) for position, moment in delivered.items()}
    claimed = Counter(slot.position for slot in claimed_slots(order.number))
    return tuple(
        _offer(
            order,
            line,
            law=shop.law,
            arrived=arrived,
            today=clock.day_of(at, shop.zone),
            left_units=line.quantity - claimed[line.position],
            is_difference=is_difference,
        )
        for line in order.lines
    )


def claimed_slots(order_number: str) -> frozenset[Slot]:
    """The pieces of an order that are back or on their way back. One statement. Index shop_returns_piece_once."""
    rows = models.Piece.objects.filter(order_number=order_number, is_claimed=True)
    return frozenset(Slot(position=position, unit=unit) for position, unit in rows.values_list("position", "unit"))


def given_back(order: Order) -> dict[Slot, Money]:
    """The pieces whose money went back, each with the shipping that went with it. One statement."""
    rows = models.Piece.objects.filter(order_number=order.number, is_refunded=True)
    return {
        Slot(position=position, unit=unit): Money(minor, order.total.currency)
        for position, unit, minor in rows.values_list("position", "unit", "shipping_minor")
    }


def preview(order: Order, *, units: dict[int, int], reason: Reason) -> rules.Back:
    """What would go back for so many pieces of each line, to the cent, as things stand. Three statements."""
    claimed = claimed_slots(order.number)
    slots = [
        slot
        for line in order.lines
        if line.position in units
        for slot in rules.free_slots(line, claimed=claimed, units=units[line.position])
    ]
    return back_for(order, slots, reason=reason)


def back_for(order: Order, slots: Sequence[Slot], *, reason: Reason) -> rules.Back:
    """What goes back for pieces of an order, as things stand. Two statements."""
    return rules.money_back(
        order,
        slots=slots,
        has_fault=rules.is_fault(reason),
        before=given_back(order),
        worth=worth_now(order.number),
    )


def refund_preview(found: Return, order: Order) -> rules.Back:
    """What would go back for a return now, for the pieces that were not rejected. Two statements."""
    return back_for(order, [piece.slot for piece in found.accepted], reason=found.reason)


def goodwill_of(order_number: str) -> tuple[rules.Goodwill, ...]:
    """What an order was given without goods, oldest first. One statement. Index shop_returns_goodwill_order."""
    rows = models.Goodwill.objects.filter(order_number=order_number).order_by("given_at", "pk")
    return tuple(
        rules.Goodwill(
            id=str(row.pk),
            order_number=row.order_number,
            amount=Money(row.amount_minor, row.currency),
            words=row.words,
            by=row.given_by,
            at=row.given_at,
        )
        for row in rows
    )


def audit() -> tuple[Disagreement, ...]:
    """Hold all returns against their pieces, and what is promised to them against how they stand."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        found = [Disagreement(return_number=row[0], fault="more_than_its_shares") for row in cursor.fetchall()]
    after = "R"
    while held := [number for number in stock.open_holds(after=after, limit=_PART) if number[:1] == "R"]:
        mine = models.Return.objects.filter(pk__in=held, wish=rules.Wish.EXCHANGE, state__in=sorted(rules.OPEN))
        known = set(mine.values_list("pk", flat=True))
        found += [Disagreement(return_number=one, fault="held_without_return") for one in held if one not in known]
        after = held[-1]
    return tuple(found)


def token_of(number: str) -> str:
    """What the QR code of a return carries: its number, signed, so that knowing a number opens nothing."""
    return _signer.sign(number)


def number_of(said: str, *, is_staff: bool = False) -> str:
    """The return that a scanned text names: a token, or the address that ends in one.

    is_staff  a bare number will do too
    refuses   NoSuchReturn if the signature is not ours
    """
    text = said.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    try:
        return _signer.unsign(text)
    except signing.BadSignature as forged:
        if is_staff and ":" not in text and len(text) <= 24:
            return text.upper()
        raise NoSuchReturn(return_number=text[:40]) from forged


def picture_folder() -> Path:
    """Where the pictures of returns lie."""
    return shelf(_PICTURES)


def picture_file(kept: rules.Kept) -> Path:
    """Where a picture lies."""
    return pictures.place(kept.digest, folder=picture_folder())


def _offer(
    order: Order,
    line: Line,
    *,
    law: Law,
    arrived: Mapping[int, date],
    today: date,
    left_units: int,
    is_difference: bool,
) -> Offer:
    def said(reason: Reason) -> Judgement:
        if is_difference:
            return Judgement(answer=rules.Answer.NO, whys=(rules.Why.DIFFERENCE,))
        return rules.judge(
            line,
            state=order.state,
            reason=reason,
            law=law,
            arrived_on=arrived.get(line.position),
            counted_from=rules.begins_on(line, of=order.lines, arrived=arrived, law=law),
            today=today,
            left_units=left_units,
        )

    return Offer(
        line=line,
        left_units=left_units,
        arrived_on=arrived.get(line.position),
        no_reason=said(Reason.CHANGED_MIND),
        fault=said(Reason.FAULTY),
    )


def _only(number: str, rows: QuerySet[models.Return]) -> Return:
    found = _values(rows)
    if not found:
        raise NoSuchReturn(return_number=number)
    return found[0]


def _values(rows: QuerySet[models.Return]) -> tuple[Return, ...]:
    return tuple(_value(row) for row in rows.prefetch_related("pieces", "pictures"))


def _value(row: models.Return) -> Return:
    pieces = sorted(row.pieces.all(), key=lambda piece: piece.number)
    pictures = sorted(row.pictures.all(), key=lambda picture: (picture.is_ours, picture.position))
    same = (
        *("number", "shop", "order_number", "words", "is_kept", "pickup_on", "pickup_slot"),
        *("pickup_address_id", "carrier", "tracking", "warehouse", "refused_why", "replacement_carrier"),
        *("replacement_tracking", "sent_back_carrier", "sent_back_tracking", "requested_at", "approved_at", "sent_at"),
        *("received_at", "inspected_at", "ended_at", "escalated_at", "requested_fact", "pay_by", "paid_with"),
    )
    return Return(
        **{name: getattr(row, name) for name in same},
        state=State(row.state),
        reason=Reason(row.reason),
        wish=rules.Wish(row.wish),
        way=rules.Way(row.way),
        expected=Money(row.expected_minor, row.currency),
        refunded=Money(row.refunded_minor, row.currency),
        pieces=tuple(piece_value(piece, row.currency) for piece in pieces),
        pictures=tuple(
            rules.Shown(kept=rules.Kept(digest=one.digest, kind=one.kind), is_ours=one.is_ours) for one in pictures
        ),
    )


def piece_value(row: models.Piece, currency: str) -> Piece:
    """A row as a frozen value. No statement."""
    return Piece(
        number=row.number,
        slot=Slot(position=row.position, unit=row.unit),
        sku=row.sku,
        category=row.category,
        wanted_sku=row.wanted_sku,
        goods=Money(row.goods_minor, currency),
        tax=Money(row.tax_minor, currency),
        shipping=Money(row.shipping_minor, currency),
        verdict=rules.Verdict(row.verdict),
        found=row.found,
        new_goods=None if row.new_goods_minor is None else Money(row.new_goods_minor, currency),
        new_tax=None if row.new_tax_minor is None else Money(row.new_tax_minor, currency),
    )
