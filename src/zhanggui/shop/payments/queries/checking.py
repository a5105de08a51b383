"""Holding payments, orders, refunds and the books against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q

from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import models
from zhanggui.shop.payments.rules import State, TenderState

_PART = 1000
# What lies at each provider: every settled attempt and every stray that came, less what the provider gave back.
_MONEY_IN = """
select shop, provider, currency, sum(minor)::bigint from (
    select shop, provider, currency, amount_minor minor from shop_payments_payment
    where state = 'settled' and amount_minor > 0
    union all
    select shop, provider, currency, amount_minor from shop_payments_refund where is_stray
    union all
    select shop, provider, currency, -provider_minor from shop_payments_refund
    where state = 'done' and provider_minor > 0 and not is_by_wallet
) money group by shop, provider, currency order by shop, provider, currency
"""
# Money of an attempt that its order could not take, and no refund that gives it back.
_LATE_WITHOUT_REFUND = """
select p.order_number from shop_payments_payment p
where p.state = 'refund_due' and not exists (
    select 1 from shop_payments_refund r
    where r.is_stray and r.provider = p.provider and r.transaction_id = p.transaction_id)
order by p.order_number
"""
# Attempts and tenders that say another sum went back than their refunds, by order.
_REFUNDS_THAT_DIFFER = """
with back as (
    select order_number, sum(amount_minor) minor, sum(provider_minor) provider_minor from shop_payments_refund
    where not is_stray group by order_number),
said as (
    select order_number, sum(minor) minor, sum(provider_minor) provider_minor from (
        select order_number, refunded_minor minor, refunded_minor provider_minor from shop_payments_payment
        where refunded_minor > 0
        union all
        select order_number, refunded_minor, 0 from shop_payments_tender where refunded_minor > 0) parts
    group by order_number)
select order_number from back full join said using (order_number)
where (back.minor, back.provider_minor) is distinct from (said.minor, said.provider_minor) order by order_number
"""
_HELD = """
select t.shop, t.order_number, t.currency, sum(t.amount_minor)::bigint
from shop_payments_tender t where t.state = 'held' group by t.shop, t.order_number, t.currency
order by t.shop, t.order_number
"""
_OWED = """
select shop, currency, sum(provider_minor)::bigint from shop_payments_refund
where state <> 'done' group by shop, currency
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An order, a payment, a refund and the books that tell different stories.

    subject  an order number, or a provider or a shop for the books
    fault    settled_without_paid_order, paid_order_without_settled, called_off_without_refund,
             late_money_without_refund, refunds_differ, held_for_ended_order, held_differs, owed_differs or books_differ
    """

    subject: str
    fault: str


def audit() -> tuple[Disagreement, ...]:
    """Hold payments, orders, refunds and the books against each other; none if all is right.

    Nobody is charged in vain: what was settled belongs to an order that stands, or goes back.
    """
    return (
        *_settled_without_paid_order(),
        *_paid_order_without_settled(),
        *_named(_LATE_WITHOUT_REFUND, "late_money_without_refund"),
        *_named(_REFUNDS_THAT_DIFFER, "refunds_differ"),
        *_held(),
        *_owed(),
        *_books_that_differ(),
    )


def held_for_ended_orders() -> tuple[tuple[str, str], ...]:
    """Shop and number of orders that hold wallet or card money and do not wait for more.

    Index shop_payments_tender_held.
    """
    rows = models.Tender.objects.filter(state=TenderState.HELD).values_list("shop", "order_number").distinct()
    held = list(rows.order_by("shop", "order_number"))
    standing = orders.states([number for _, number in held]) if held else {}
    return tuple((shop, number) for shop, number in held if standing.get(number) is not OrderState.AWAITING_PAYMENT)


def _settled_without_paid_order() -> Iterator[Disagreement]:
    after = ""
    settled = models.Payment.objects.filter(state=State.SETTLED).order_by("order_number")
    while part := list(settled.filter(order_number__gt=after).values_list("order_number", flat=True)[:_PART]):
        standing = orders.states(part)
        called_off = [number for number in part if standing.get(number) is OrderState.CANCELLED]
        kept = _kept_of(called_off) if called_off else set()
        for number in part:
            if number in kept:
                yield Disagreement(subject=number, fault="called_off_without_refund")
            elif standing.get(number) not in {*order_rules.STANDS, OrderState.CANCELLED}:
                yield Disagreement(subject=number, fault="settled_without_paid_order")
        after = part[-1]


def _kept_of(numbers: list[str]) -> set[str]:
    """The orders among these of which some money did not go back."""
    less = Q(order_number__in=numbers, refunded_minor__lt=F("amount_minor"))
    attempts = models.Payment.objects.filter(less, state=State.SETTLED).values_list("order_number", flat=True)
    tenders = models.Tender.objects.filter(less, state=TenderState.TAKEN).values_list("order_number", flat=True)
    return {*attempts, *tenders}


def _paid_order_without_settled() -> Iterator[Disagreement]:
    for state in sorted(order_rules.STANDS):
        after = ""
        while part := orders.numbers_of(state, after=after):
            settled = models.Payment.objects.filter(state=State.SETTLED, order_number__in=part)
            known = set(settled.values_list("order_number", flat=True))
            for number in part:
                if number not in known:
                    yield Disagreement(subject=number, fault="paid_order_without_settled")
            after = part[-1]


def _held() -> Iterator[Disagreement]:
    """Tenders are held only for orders that wait, and the books hold as much for them."""
    for _, number in held_for_ended_orders():
        yield Disagreement(subject=number, fault="held_for_ended_order")
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        held = {(shop, number, currency): minor for shop, number, currency, minor in cursor.fetchall()}
    booked = ledger.holders(account=Account.HELD)
    for key in sorted(held.keys() | booked.keys()):
        if held.get(key, 0) != booked.get(key, 0):
            yield Disagreement(subject=key[1], fault="held_differs")


def _owed() -> Iterator[Disagreement]:
    """What the books owe to shoppers is what their refunds have not given back yet."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED)
        due = {(shop, currency): minor for shop, currency, minor in cursor.fetchall()}
    booked: dict[tuple[str, str], int] = {}
    for (shop, _, currency), minor in ledger.holders(account=Account.REFUNDS_DUE).items():
        booked[shop, currency] = booked.get((shop, currency), 0) + minor
    for key in sorted(due.keys() | booked.keys()):
        if due.get(key, 0) != booked.get(key, 0):
            yield Disagreement(subject=key[0], fault="owed_differs")


def _books_that_differ() -> Iterator[Disagreement]:
    """The money the books see at a provider is what came in there less what went back."""
    with connection.cursor() as cursor:
        cursor.execute(_MONEY_IN)
        for shop, name, currency, minor in cursor.fetchall():
            booked = ledger.balance(shop=shop, account=Account.CASH, currency=currency, holder=name)
            if booked.minor != minor:
                yield Disagreement(subject=name, fault="books_differ")


def _named(sql: str, fault: str) -> Iterator[Disagreement]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for (number,) in cursor.fetchall():
            yield Disagreement(subject=number, fault=fault)
