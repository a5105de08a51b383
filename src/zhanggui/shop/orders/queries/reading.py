"""Reading orders."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from django.contrib.postgres.aggregates import JSONBAgg
from django.db import connection
from django.db.models import Func, JSONField, Max, Model, OuterRef, QuerySet, Subquery

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.base.money import Money
from zhanggui.shop.orders import models, rules
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import (
    Booked,
    Destination,
    Invoice,
    Line,
    Note,
    Order,
    Part,
    Share,
    State,
    Step,
)
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

A = TypeVar("A")
_PART = 1000
_PLACE_COLUMNS = ("position", "address_id", "country", "region", "city", "option", "shipping_minor", "promised_on")
_LINE_WORDS = (
    *("position", "destination", "sku", "category", "title_zh", "title_en", "variant_zh", "variant_en", "quantity"),
    *("needs_shipping", "no_reason_exception", "returned_units"),
)
_LINE_AMOUNTS = (
    *("list_price_minor", "listed_minor", "discount_minor", "amount_minor", "shipping_minor", "tax_minor"),
    "tax_included_minor",
)
_LINE_COLUMNS = (*_LINE_WORDS, *_LINE_AMOUNTS, "tax_rate", "cost_minor", "shares", "parts", "exception_confirmed_at")
_ORDER_FIELDS = [field.attname for field in models.Order._meta.concrete_fields]
_BELONGING = "select jsonb_agg(jsonb_build_array({}) order by position)::text from {} where order_id = o.number"
# Primary key, then the indexes (order, position).
_ONE = f"""
select {", ".join(f"o.{name}" for name in _ORDER_FIELDS)},
    ({_BELONGING.format(", ".join(_LINE_COLUMNS), "shop_orders_line")}),
    ({_BELONGING.format(", ".join(_PLACE_COLUMNS), "shop_orders_destination")}){{beside}}
from shop_orders_order o where o.number = %s::varchar
"""
_PAYABLE = "select json_build_array(shop, person, state, expires_at)::text from shop_orders_order where number = ({})"
# Orders whose lines do not add up to what they say.
_READD = """
select o.number from shop_orders_order o left join shop_orders_line l on l.order_id = o.number
group by o.number having (o.discount_minor, o.goods_minor, o.shipping_minor, o.tax_minor, o.tax_included_minor)
    is distinct from (sum(l.discount_minor), sum(l.amount_minor), sum(l.shipping_minor), sum(l.tax_minor),
        sum(l.tax_included_minor))
order by o.number
"""
# Index shop_orders_order_state_at, once per state: the newest of each, then the newest of them.
_NEWEST = """
select f.number from unnest(%s::varchar[]) s(state), lateral (
    select o.number, o.placed_at from shop_orders_order o where o.shop = %s::varchar and o.state = s.state
        and (o.placed_at, o.number) < (%s::timestamptz, %s::varchar)
    order by o.placed_at desc, o.number desc limit %s::int) f
order by f.placed_at desc, f.number desc limit %s::int
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An order that contradicts itself or the stock.

    fault  shares_do_not_add_up, time_is_over, held_without_order or order_without_hold
    """

    order_number: str
    fault: str


class Payable(msgspec.Struct, frozen=True, array_like=True):
    """Who may pay an order, and until when."""

    shop: str
    person: str
    state: State
    expires_at: datetime


_payable = msgspec.json.Decoder(Payable)


def order(shop: str, number: str, *, person: str | Collection[str]) -> Order:
    """An order, for the shopper who placed it, under any of the ids the shopper had. One statement. Primary key.

    refuses  NoSuchOrder, for another person's order too
    """
    return _one(number, shop=shop, persons=(person,) if isinstance(person, str) else person)


def order_beside(shop: str, number: str, question: Question[A]) -> tuple[Order, A]:
    """An order, whoever placed it, and what else is asked: the caller looks whose it is. One statement. Primary key.

    refuses  NoSuchOrder
    """
    found, (answer,) = _found(number, question)
    if found.shop != shop:
        raise NoSuchOrder(order_number=number)
    return found, answer


def payable_asked(number: Question[str]) -> Question[Payable | None]:
    """Who may pay an order, None if there is no such order: to be asked with other things. Primary key.

    number  asks for its number
    """
    return Question(_PAYABLE.format(number.sql), number.parameters, _read_payable)


def _read_payable(said: str | None) -> Payable | None:
    return _payable.decode(said) if said else None


def order_for_staff(shop: str, number: str) -> Order:
    """An order, for somebody who works in the shop. One statement. Primary key.

    refuses  NoSuchOrder
    """
    return _one(number, shop=shop)


def order_by_number(number: str) -> Order:
    """An order of any shop, for our own jobs. One statement. Primary key.

    refuses  NoSuchOrder
    """
    return _one(number)


def orders_of(shop: str, *persons: str, limit: int = 50) -> tuple[Order, ...]:
    """The orders of a shopper, under every id the shopper had, newest first. One statement.

    Index shop_orders_order_person.
    """
    rows = models.Order.objects.filter(shop=shop, person__in=persons).order_by("-placed_at", "-pk")
    return tuple(_orders(rows, limit=limit))


def last_paid_at(shop: str, person: str) -> datetime | None:
    """When a shopper last paid an order that stands; None if never. One statement. Index shop_orders_order_person."""
    paid = models.Order.objects.filter(shop=shop, person=person, paid_at__isnull=False).exclude(state=State.CANCELLED)
    last: datetime | None = paid.order_by("-placed_at").values_list("paid_at", flat=True).first()
    return last


def last_paid(shop: str, persons: Iterable[str]) -> dict[str, datetime]:
    """`last_paid_at` of many shoppers; who never did is left out. One statement. Index shop_orders_order_person."""
    paid = models.Order.objects.filter(shop=shop, person__in=list(persons), paid_at__isnull=False)
    rows = paid.exclude(state=State.CANCELLED).values_list("person").annotate(last=Max("paid_at"))
    return dict(rows.order_by())


def away(shop: str, *, since: datetime, behind: str = "", limit: int = 500) -> tuple[tuple[str, datetime], ...]:
    """Shoppers who bought before and not after a moment, each with when they last paid, a part at a time.

    behind  the last shopper of the part before
    One statement, which walks index shop_orders_order_person.
    """
    paid = models.Order.objects.filter(shop=shop, person__gt=behind, paid_at__isnull=False)
    rows = paid.exclude(state=State.CANCELLED).values_list("person").annotate(last=Max("paid_at"))
    return tuple(rows.filter(last__lte=since).order_by("person")[:limit])


def orders_in_shop(
    shop: str, *, state: State | None = None, behind: tuple[datetime, str] | None = None, limit: int = 50
) -> tuple[Order, ...]:
    """A shop's orders as they are, newest first, a part at a time. Two statements.

    behind  moment and number of the last order of the part before
    """
    at, number = behind or (datetime.max.replace(tzinfo=UTC), "")
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [[state] if state else list(State), shop, at, number, limit, limit])
        numbers = [row[0] for row in cursor.fetchall()]
    return tuple(_orders(models.Order.objects.filter(pk__in=numbers)))


def notes(shop: str, number: str) -> tuple[Note, ...]:
    """What colleagues wrote about an order, oldest first. One statement. Index shop_orders_note_order."""
    rows = models.Note.objects.filter(order=number, order__shop=shop).order_by("at", "pk")
    return tuple(Note(words=row.words, by=row.by, at=row.at) for row in rows)


def invoice(shop: str, number: str) -> Invoice | None:
    """The invoice of an order; None if nobody asked for one. One statement. Primary key."""
    row = models.Invoice.objects.filter(pk=number, shop=shop).first()
    return row.value if row else None


def timeline(shop: str, number: str) -> tuple[Step, ...]:
    """What has happened to an order, oldest first. One statement. Index spine_log_entry_order."""
    (steps,) = together.ask(timeline_asked(shop, number))
    return cast("tuple[Step, ...]", steps)


def timeline_asked(shop: str, number: str) -> Question[tuple[Step, ...]]:
    """`timeline`, to be asked together with other things."""
    moments = log.moments_asked(shop=shop, order_number=number)

    def read(said: str | None) -> tuple[Step, ...]:
        return tuple(Step(name=name, at=at) for name, at in moments.read(said))

    return Question(moments.sql, moments.parameters, read)


def states(numbers: Iterable[str]) -> dict[str, State]:
    """How these orders stand; unknown numbers are left out. One statement. Primary key."""
    rows = models.Order.objects.filter(pk__in=list(numbers)).values_list("pk", "state")
    return {number: State(state) for number, state in rows}


def numbers_of(state: State, *, after: str = "", limit: int = _PART) -> tuple[str, ...]:
    """The numbers of all orders in a state, in alphabetical order, a part at a time."""
    rows = models.Order.objects.filter(state=state, pk__gt=after).order_by("pk")
    return tuple(rows.values_list("pk", flat=True)[:limit])


def overdue(*, at: datetime) -> tuple[str, ...]:
    """The orders whose time to pay is over and that still wait. One statement. Index shop_orders_order_waiting."""
    rows = models.Order.objects.filter(state=State.AWAITING_PAYMENT, expires_at__lt=at - rules.GRACE)
    return tuple(rows.order_by("expires_at", "pk").values_list("pk", flat=True)[:_PART])


def audit() -> tuple[Disagreement, ...]:
    """Add all orders up again and hold them against the stock; none if all is right."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        found = [Disagreement(order_number=row[0], fault="shares_do_not_add_up") for row in cursor.fetchall()]
    found += [Disagreement(order_number=n, fault="time_is_over") for n in overdue(at=clock.now() - rules.TIME_TO_PAY)]
    return (*found, *_held_without_order(), *_order_without_hold())


def _held_without_order() -> Iterator[Disagreement]:
    after = ""
    while held := stock.open_holds(after=after, limit=_PART):
        standing = states(held)
        for number in held:
            # A return (R), a reward for points (G) and what growth sets aside (flash/..., presale/...) are held under
            # numbers of their own, and whoever holds them answers for that.
            is_own = number[:1] in ("R", "G") or "/" in number
            if not is_own and standing.get(number) not in rules.MAY_HOLD:
                yield Disagreement(order_number=number, fault="held_without_order")
        after = held[-1]


def _order_without_hold() -> Iterator[Disagreement]:
    after = ""
    while waiting := numbers_of(State.AWAITING_PAYMENT, after=after):
        held = stock.held_among(waiting)
        shipped = _needing_stock(waiting)
        for number in waiting:
            if number in shipped and number not in held:
                yield Disagreement(order_number=number, fault="order_without_hold")
        after = waiting[-1]


def _needing_stock(numbers: Iterable[str]) -> frozenset[str]:
    """Those of these orders of which something must lie in stock: not downloads and services alone."""
    rows = models.Line.objects.filter(order__in=list(numbers), needs_shipping=True)
    return frozenset(rows.values_list("order_id", flat=True))


def _one(number: str, *, shop: str | None = None, persons: Collection[str] | None = None) -> Order:
    """The order of that number with its places and lines, if it is of that shop and of one of these persons."""
    found, _ = _found(number)
    if shop not in (None, found.shop) or (persons is not None and found.person not in persons):
        raise NoSuchOrder(order_number=number)
    return found


def _found(number: str, *questions: Question[Any]) -> tuple[Order, tuple[Any, ...]]:
    """The order of that number with its places and lines, and the answers to what else is asked."""
    beside = "".join([f", ({question.sql})" for question in questions])
    parameters = [each for question in questions for each in question.parameters]
    with connection.cursor() as cursor:
        cursor.execute(_ONE.format(beside=beside), [*parameters, number])
        found = cursor.fetchone()
    if found is None:
        raise NoSuchOrder(order_number=number)
    own = len(_ORDER_FIELDS)
    lines, places = (msgspec.json.decode(said or "[]") for said in found[own : own + 2])
    answers = tuple(question.read(said) for question, said in zip(questions, found[own + 2 :], strict=True))
    return _value(models.Order.from_db(None, _ORDER_FIELDS, found[:own]), lines, places), answers


def _orders(rows: QuerySet[models.Order], *, limit: int | None = None) -> Iterator[Order]:
    """The orders of these rows with their places and lines, newest first, in one statement."""
    whole = rows.order_by("-placed_at", "-pk").annotate(
        kept_lines=_as_json(models.Line, _LINE_COLUMNS), kept_places=_as_json(models.Destination, _PLACE_COLUMNS)
    )
    return (_value(row, row.kept_lines, row.kept_places) for row in whole[:limit])


def _as_json(table: type[Model], columns: tuple[str, ...]) -> Subquery:
    """The rows of a table that belong to an order, as one JSON list; index (order, position)."""
    one = Func(*columns, function="jsonb_build_array", output_field=JSONField())
    rows = table._default_manager.filter(order=OuterRef("pk")).order_by().values("order")
    listed = rows.annotate(listed=JSONBAgg(one, order_by="position")).values("listed")
    return Subquery(listed)


def _value(row: models.Order, lines: list[list[Any]], places: list[list[Any]]) -> Order:
    currency = row.currency
    trail = Trail(
        shop=row.shop,
        person=row.person,
        session=row.session,
        cause=row.placed_fact,
        channel=row.channel,
        campaign=row.campaign,
        device=row.device,
        region=row.region,
    )
    return Order(
        number=row.number,
        shop=row.shop,
        person=row.person,
        trail=trail,
        customer_id=row.customer_id,
        destinations=tuple(_place(place, currency) for place in places),
        state=State(row.state),
        lines=tuple(_line(line, currency, row.book_currency) for line in lines),
        discount=Money(row.discount_minor, currency),
        goods=Money(row.goods_minor, currency),
        shipping=Money(row.shipping_minor, currency),
        tax=Money(row.tax_minor, currency),
        tax_included=Money(row.tax_included_minor, currency),
        total=Money(row.total_minor, currency),
        refunded=Money(row.refunded_minor, currency),
        booked=Booked(currency=row.book_currency, rate=row.book_rate.normalize(), rate_on=row.book_rate_on),
        note=row.note,
        difference_of=row.difference_of,
        placed_at=row.placed_at,
        expires_at=row.expires_at,
        paid_at=row.paid_at,
        ended_at=row.ended_at,
    )


def _place(kept: list[Any], currency: str) -> Destination:
    position, address_id, country, region, city, option, shipping_minor, promised_on = kept
    return Destination(
        position=position,
        address_id=UUID(address_id),
        country=country,
        region=region,
        city=city,
        option=option,
        shipping=Money(shipping_minor, currency),
        promised_on=date.fromisoformat(promised_on) if promised_on else None,
    )


def _line(kept: list[Any], currency: str, book_currency: str) -> Line:
    said = dict(zip(_LINE_COLUMNS, kept, strict=True))
    confirmed_at = said["exception_confirmed_at"]
    amounts: dict[str, Any] = {name.removesuffix("_minor"): Money(said[name], currency) for name in _LINE_AMOUNTS}
    return Line(
        **{name: said[name] for name in _LINE_WORDS},
        **amounts,
        tax_rate=Decimal(str(said["tax_rate"])).normalize(),
        cost=Money(said["cost_minor"], book_currency),
        shares=tuple(_share(share, currency) for share in said["shares"]),
        parts=tuple(Part(sku=part["sku"], units=part["units"]) for part in said["parts"]),
        exception_confirmed_at=datetime.fromisoformat(confirmed_at) if confirmed_at else None,
    )


def _share(kept: dict[str, Any], currency: str) -> Share:
    return Share(
        step=kept["step"],
        reason=kept["reason"],
        part=kept["part"],
        amount=Money(kept["minor"], currency),
        funded_by=kept["funded_by"],
        source=kept.get("source", ""),
    )
