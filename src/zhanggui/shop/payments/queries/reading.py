"""Reading attempts, what was said about them, and refunds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from django.db import connection
from django.db.models import Q

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.queries import Posted
from zhanggui.base.money import Money
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.payments import models, rules
from zhanggui.shop.payments.errors import NoSuchPayment, NoSuchProvider, NoSuchRefund, NotPayable
from zhanggui.shop.payments.ports import providers
from zhanggui.shop.payments.rules import (
    Begun,
    Heard,
    Held,
    Incident,
    Intent,
    Outcome,
    Payment,
    Provider,
    Quarantined,
    Refund,
    RefundState,
    Returning,
    Standing,
    State,
    TenderState,
)

_FIELDS: Final = [field.attname for field in models.Payment._meta.concrete_fields]
_PAYMENT: Final = f"select {', '.join(_FIELDS)} from shop_payments_payment where id = %s::uuid"
_ORDER: Final = "select order_number from shop_payments_payment where id = %s::uuid"
_ATTEMPT: Final = """
select json_build_array(shop, order_number, provider, amount_minor, currency, state)::text from shop_payments_payment
where id = %s::uuid
"""
_DUE: Final = """
select json_build_array(amount_minor, currency)::text from shop_payments_payment
where order_number = %s::varchar and state = 'started'
"""
_due: Final = msgspec.json.Decoder(tuple[int, str])
_RETURNING: Final = """
select json_agg(json_build_object('amount_minor', amount_minor, 'provider_minor', provider_minor, 'currency', currency,
    'provider', provider, 'state', state, 'is_by_wallet', is_by_wallet, 'started_at', started_at, 'ended_at', ended_at)
    order by started_at, id)::text
from shop_payments_refund where shop = %s::varchar and order_number = %s::varchar
"""
_returning: Final = msgspec.json.Decoder(tuple[Standing, ...])
_TO_DECIDE: Final = """
select (select count(*) from shop_payments_message where shop = %s::varchar and outcome = 'quarantined'
        and decision = ''),
    (select count(*) from shop_payments_difference where shop = %s::varchar and state = 'open'),
    (select count(*) from shop_payments_refund where shop = %s::varchar and state = 'refused')
"""


class _Attempt(msgspec.Struct, frozen=True, array_like=True):
    shop: str
    order_number: str
    provider: str
    amount_minor: int
    currency: str
    state: State


_attempt: Final = msgspec.json.Decoder(_Attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """How much money waits for a person.

    quarantined      messages that do not fit
    differences      rows in which a bill and our books differ
    refused_refunds  refunds that their provider said no to
    """

    quarantined: int
    differences: int
    refused_refunds: int


def provider_names(currency: str = "") -> tuple[str, ...]:
    """The ways to pay that the shop offers, in the order in which they are plugged in. No statement.

    currency  only those that take it; all if it is empty
    """
    return tuple(name for name, one in providers.items() if not currency or one.limits.takes(currency))


def provider(name: str, *, currency: str = "") -> Provider:
    """The payment provider of that name. No statement.

    currency  in which it is to take money, if any is to be taken
    refuses   NoSuchProvider, also for one that does not take that currency
    """
    found = providers.get(name)
    if found is None or (currency and not found.limits.takes(currency)):
        raise NoSuchProvider(provider=name)
    return found


def intent(
    payment_id: str,
    *,
    person: str,
    begun: Begun | None = None,
    return_to: str,
    notify_to: str,
    language: str,
    is_phone: bool = False,
    network: str = "127.0.0.1",
) -> tuple[Intent, Provider]:
    """What a shopper is sent to a provider with, and that provider. One statement, none if the attempt is known.

    begun    the attempt, if this person began it a moment ago
    refuses  NoSuchPayment, NoSuchOrder for another person's, NotPayable if the attempt or its order has ended,
             NoSuchProvider
    """
    known = begun or _begun(payment_id, person=person)
    asked = Intent(
        payment_id=str(rules.payment_id_of(payment_id)),
        order_number=known.order_number,
        amount=known.amount,
        expires_at=known.expires_at,
        return_to=return_to,
        notify_to=notify_to,
        language=language,
        is_phone=is_phone,
        network=network,
    )
    return asked, provider(known.provider)


def _begun(payment_id: str, *, person: str) -> Begun:
    """An attempt of that person, if it is open and its order waits for it. One statement. Primary keys."""
    id = rules.payment_id_of(payment_id)
    if id is None:
        raise NoSuchPayment(payment_id=payment_id)
    number = Question(_ORDER, (id,), str)
    found, order = together.ask(Question(_ATTEMPT, (id,), _read_attempt), orders.payable_asked(number))
    if found is None:
        raise NoSuchPayment(payment_id=payment_id)
    if order is None or (order.shop, order.person) != (found.shop, person):
        raise NoSuchOrder(order_number=found.order_number)
    now = clock.now()
    is_open = order.state is order_rules.State.AWAITING_PAYMENT and now < order.expires_at
    if found.state is not State.STARTED or not is_open:
        raise NotPayable(order_number=found.order_number, state=order.state)
    return Begun(
        order_number=found.order_number,
        provider=found.provider,
        amount=Money(found.amount_minor, found.currency),
        expires_at=order.expires_at,
        at=now,
    )


def _read_attempt(said: str | None) -> _Attempt | None:
    return _attempt.decode(said) if said else None


def payment(payment_id: str) -> Payment:
    """An attempt. One statement. Primary key.

    refuses  NoSuchPayment
    """
    id = rules.payment_id_of(payment_id)
    if id is None:
        raise NoSuchPayment(payment_id=payment_id)
    with connection.cursor() as cursor:
        cursor.execute(_PAYMENT, [id])
        found = cursor.fetchone()
    if found is None:
        raise NoSuchPayment(payment_id=payment_id)
    return models.Payment.from_db(None, _FIELDS, found).value


def is_known(payment_id: str) -> bool:
    """Whether any shop of the house started that attempt. One statement. Primary key."""
    id = rules.payment_id_of(payment_id)
    return id is not None and models.Payment.objects.filter(pk=id).exists()


def payments_of(order_number: str) -> tuple[Payment, ...]:
    """All attempts to pay an order, oldest first. One statement. Index shop_payments_payment_order."""
    rows = models.Payment.objects.filter(order_number=order_number).order_by("started_at", "pk")
    return tuple(row.value for row in rows)


def due_asked(order_number: str) -> Question[Money | None]:
    """What the open attempt of an order asks its provider for, None without one: to be asked with other things.

    Index shop_payments_payment_open.
    """
    return Question(_DUE, (order_number,), _read_due)


def _read_due(said: str | None) -> Money | None:
    return Money(*_due.decode(said)) if said else None


def open_attempts(order_number: str) -> tuple[Payment, ...]:
    """The attempts of an order that may still bring money, at most one. One statement."""
    rows = models.Payment.objects.filter(order_number=order_number, state=State.STARTED)
    return tuple(row.value for row in rows)


def payments(
    shop: str, *, state: State | None = None, find: str = "", limit: int = 50, offset: int = 0
) -> tuple[Payment, ...]:
    """Attempts of a shop, newest first. One statement. Index shop_payments_payment_new.

    find  an order's number, an attempt's id, or a provider's id of the attempt or its money; whole
    """
    rows = models.Payment.objects.filter(shop=shop)
    if state is not None:
        rows = rows.filter(state=state)
    if find:
        id = rules.payment_id_of(find)
        wanted = Q(order_number=find.upper()) | Q(transaction_id=find) | Q(reference=find)
        rows = rows.filter(wanted | Q(pk=id) if id else wanted)
    return tuple(row.value for row in rows.order_by("-started_at", "-pk")[offset : offset + limit])


def payments_named(shop: str, said: str) -> tuple[Payment, ...]:
    """The attempts that we, or a provider that is plugged in, know under an id. One statement.

    Primary key and index shop_payments_payment_transaction.
    """
    id = rules.payment_id_of(said)
    theirs = Q(provider__in=list(providers), transaction_id=said)
    rows = models.Payment.objects.filter(theirs | Q(pk=id) if id else theirs, shop=shop)
    return tuple(row.value for row in rows.order_by("-started_at", "-pk")[:8])


def tenders_of(order_number: str) -> tuple[Held, ...]:
    """What wallet and cards pay of an order, or paid. One statement. Index shop_payments_tender_order."""
    rows = models.Tender.objects.filter(order_number=order_number).exclude(state=TenderState.RETURNED)
    return tuple(row.value for row in rows.order_by("pk"))


def tenders_of_orders(order_numbers: Sequence[str]) -> dict[str, tuple[Held, ...]]:
    """The same for many orders, by their numbers. One statement. Index shop_payments_tender_order."""
    rows = models.Tender.objects.filter(order_number__in=order_numbers).exclude(state=TenderState.RETURNED)
    found: dict[str, tuple[Held, ...]] = {}
    for row in rows.order_by("pk"):
        found[row.order_number] = (*found.get(row.order_number, ()), row.value)
    return found


def heard_of(payment_id: str) -> tuple[Heard, ...]:
    """All that a provider said about an attempt, oldest first. One statement. Index shop_payments_message_payment."""
    rows = models.Message.objects.filter(payment_id=payment_id).exclude(outcome="")
    return tuple(row.heard for row in rows.order_by("received_at", "pk"))


def quarantined(shop: str, *, is_open: bool = False, payment_id: str = "", limit: int = 50) -> tuple[Quarantined, ...]:
    """Messages that do not fit, newest first. One statement. Index shop_payments_message_odd.

    is_open     only what waits for a person
    payment_id  only what names that attempt
    """
    rows = models.Message.objects.filter(shop=shop, outcome=Outcome.QUARANTINED)
    if is_open:
        rows = rows.filter(decision="")
    if payment_id:
        rows = rows.filter(payment_id=payment_id)
    return tuple(row.value for row in rows.order_by("-received_at", "-pk")[:limit])


def incidents(shop: str, *, limit: int = 50) -> tuple[Incident, ...]:
    """Messages that were not believed, newest first. One statement. Index shop_payments_incident_new."""
    rows = models.Incident.objects.filter(shop=shop).order_by("-received_at", "-pk")
    return tuple(row.value for row in rows[:limit])


def refunds_of(order_number: str) -> tuple[Refund, ...]:
    """What went back of an order or is on its way, oldest first; money that it could not take too. Two statements."""
    rows = models.Refund.objects.filter(order_number=order_number).prefetch_related("lines")
    return tuple(row.value for row in rows.order_by("started_at", "pk"))


def returning_asked(shop: str, order_number: str) -> Question[tuple[Returning, ...]]:
    """What goes back of an order and how it stands, oldest first: to be asked with other things.

    Index shop_payments_refund_once.
    """
    return Question(_RETURNING, (shop, order_number), _read_returning)


def _read_returning(said: str | None) -> tuple[Returning, ...]:
    return tuple(part for each in (_returning.decode(said) if said else ()) for part in rules.returning(each))


def refund(refund_id: str) -> Refund:
    """A refund with its lines. Two statements. Primary key.

    refuses  NoSuchRefund
    """
    return refund_row(refund_id).value


def refund_row(refund_id: str, *, lock: bool = False) -> models.Refund:
    """A refund's row, for the verbs of this shelf.

    refuses  NoSuchRefund
    """
    id = rules.payment_id_of(refund_id)
    rows = models.Refund.objects.select_for_update() if lock else models.Refund.objects.all()
    row = rows.filter(pk=id).first() if id else None
    if row is None:
        raise NoSuchRefund(refund_id=refund_id)
    return row


def refunds(shop: str, *, states: Sequence[RefundState] = (), limit: int = 50, offset: int = 0) -> tuple[Refund, ...]:
    """Refunds of a shop, newest first. Two statements. Index shop_payments_refund_new."""
    rows = models.Refund.objects.filter(shop=shop).prefetch_related("lines")
    if states:
        rows = rows.filter(state__in=list(states))
    return tuple(row.value for row in rows.order_by("-started_at", "-pk")[offset : offset + limit])


def postings_of(payment: Payment) -> tuple[Posted, ...]:
    """How an attempt stands in the books: what was held, what was paid, what went back. Two statements."""
    ids = models.Refund.objects.filter(payment_id=payment.id).values_list(
        "pk", "provider", "transaction_id", "is_stray"
    )
    entries = [("hold", payment.id), ("payment", payment.id)]
    for id, name, transaction_id, is_stray in ids:
        entries.append(("refund_due", f"{name}/{transaction_id}") if is_stray else ("refund", str(id)))
        entries.append(("refund_paid", str(id)))
    return ledger.posted(shop=payment.shop, entries=tuple(entries))


def to_decide(shop: str) -> ToDecide:
    """How much money waits for a person. One statement.

    Indexes shop_payments_message_odd, shop_payments_difference_open, shop_payments_refund_new.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TO_DECIDE, [shop, shop, shop])
        quarantined, differences, refused_refunds = cursor.fetchone()
    return ToDecide(quarantined=quarantined, differences=differences, refused_refunds=refused_refunds)


def overdue(*, at: datetime) -> tuple[str, ...]:
    """The orders whose time to pay is over and that still wait. One statement."""
    return orders.overdue(at=at)
