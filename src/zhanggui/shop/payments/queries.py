"""Reading payments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.base.money import Money
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import models, rules
from zhanggui.shop.payments.errors import NoSuchPayment, NoSuchProvider, NotPayable
from zhanggui.shop.payments.ports import providers
from zhanggui.shop.payments.rules import Fault, Intent, Outcome, Payment, Provider, Quarantined, State

_PART = 1000
# What came in by provider: every settled attempt, and every transaction that came late, once.
_MONEY_IN = """
select shop, provider, currency, sum(amount_minor)::bigint from (
    select shop, provider, currency, amount_minor from shop_payments_payment where state = 'settled'
    union all (
        select distinct on (provider, transaction_id) shop, provider, currency, amount_minor
        from shop_payments_message where outcome = 'quarantined' and reason = any(%s::varchar[])
        order by provider, transaction_id)
) money group by shop, provider, currency order by shop, provider, currency
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An order, a payment and the books that tell different stories.

    subject  an order number, or a provider for the books
    fault    settled_without_paid_order, paid_order_without_settled or books_differ
    """

    subject: str
    fault: str


def provider_names() -> tuple[str, ...]:
    """The ways to pay that the shop offers, in alphabetical order. No statement."""
    return tuple(sorted(providers))


def provider(name: str) -> Provider:
    """The payment provider of that name. No statement.

    refuses  NoSuchProvider
    """
    found = providers.get(name)
    if found is None:
        raise NoSuchProvider(provider=name)
    return found


def doorway(payment_id: str, *, person: str, return_to: str, notify_to: str, language: str) -> str:
    """The address of the provider's page where a shopper pays this attempt. Two statements.

    return_to, notify_to  absolute addresses of ours
    refuses  NoSuchPayment, NoSuchOrder for another person's, NotPayable if the attempt or its order has ended,
             NoSuchProvider
    """
    payment = _payment(payment_id)
    order = orders.order(payment.shop, payment.order_number, person=person)
    if payment.state is not State.STARTED or not order.is_open or clock.now() >= order.expires_at:
        raise NotPayable(order_number=order.number, state=order.state)
    intent = Intent(
        payment_id=payment.id,
        order_number=order.number,
        amount=payment.amount,
        expires_at=order.expires_at,
        return_to=return_to,
        notify_to=notify_to,
        language=language,
    )
    return provider(payment.provider).doorway(intent)


def payments_of(order_number: str) -> tuple[Payment, ...]:
    """All attempts to pay an order, oldest first. One statement."""
    rows = models.Payment.objects.filter(order_number=order_number).order_by("started_at", "pk")
    return tuple(row.value for row in rows)


def quarantined(shop: str, *, limit: int = 50) -> tuple[Quarantined, ...]:
    """Messages that do not fit, newest first. One statement. Index shop_payments_message_odd."""
    rows = models.Message.objects.filter(shop=shop, outcome=Outcome.QUARANTINED).order_by("-received_at", "-pk")
    return tuple(
        Quarantined(
            provider=row.provider,
            event_id=row.event_id,
            order_number=row.order_number,
            payment_id=row.payment_id,
            amount=Money(row.amount_minor, row.currency),
            reason=Fault(row.reason),
            received_at=row.received_at,
        )
        for row in rows[:limit]
    )


def audit() -> tuple[Disagreement, ...]:
    """Hold payments, orders and the books against each other; none if all is right."""
    return (*_settled_without_paid_order(), *_paid_order_without_settled(), *_books_that_differ())


def _settled_without_paid_order() -> Iterator[Disagreement]:
    after = ""
    settled = models.Payment.objects.filter(state=State.SETTLED).order_by("order_number")
    while part := list(settled.filter(order_number__gt=after).values_list("order_number", flat=True)[:_PART]):
        standing = orders.states(part)
        for number in part:
            if standing.get(number) is not OrderState.PAID:
                yield Disagreement(subject=number, fault="settled_without_paid_order")
        after = part[-1]


def _paid_order_without_settled() -> Iterator[Disagreement]:
    after = ""
    while part := orders.numbers_of(OrderState.PAID, after=after):
        settled = models.Payment.objects.filter(state=State.SETTLED, order_number__in=part)
        known = set(settled.values_list("order_number", flat=True))
        for number in part:
            if number not in known:
                yield Disagreement(subject=number, fault="paid_order_without_settled")
        after = part[-1]


def _books_that_differ() -> Iterator[Disagreement]:
    """The money the books see at a provider is what was settled there and what came late and has to go back."""
    with connection.cursor() as cursor:
        cursor.execute(_MONEY_IN, [list(rules.LATE)])
        for shop, name, currency, minor in cursor.fetchall():
            booked = ledger.balance(shop=shop, account=Account.CASH, currency=currency, holder=name)
            if booked.minor != minor:
                yield Disagreement(subject=name, fault="books_differ")


def _payment(payment_id: str) -> Payment:
    id = rules.payment_id_of(payment_id)
    row = models.Payment.objects.filter(pk=id).first() if id else None
    if row is None:
        raise NoSuchPayment(payment_id=payment_id)
    return row.value
