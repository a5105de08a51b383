"""Reading wallets and gift cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from zhanggui.base.database.together import Question
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.queries import Move
from zhanggui.base.ledger.rules import Account
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.shop.payments import models, rules
from zhanggui.shop.payments.rules import GiftCard

# Cards with what they hold. Indexes shop_payments_gift_card_new and base_ledger_account_once.
_CARDS = """
select c.id, c.shop, c.ending, coalesce(-a.balance_minor, 0), c.value_minor, c.currency, c.issued_at, c.expires_at,
    c.is_blocked, c.is_sold, c.note
from shop_payments_gift_card c left join base_ledger_account a
    on (a.shop, a.account, a.holder, a.currency) = (c.shop, 'gift_cards', c.id::text, c.currency)
where c.shop = %s::varchar
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletMove:
    """One thing that happened to a wallet.

    kind          hold, unhold, refund, refund_paid, redeem or goodwill
    order_number  the order it belongs to, empty if it belongs to none
    words         why, for what staff did
    amount        above zero came in
    """

    at: datetime
    kind: str
    order_number: str
    words: str
    by: str
    amount: Money


def wallet(shop: str, customer_id: str, *, currency: str = "") -> Money:
    """What a customer's wallet holds, in the shop's currency. One statement; another one if no currency is given."""
    currency = currency or shops.shop(shop).currency
    return ledger.balance(shop=shop, account=Account.WALLET, currency=currency, holder=customer_id)


def wallet_asked(shop: str, customer: Question[UUID], *, currency: str) -> Question[Money]:
    """`wallet`, to be asked together with other things; whose it is may be a question itself."""
    holder = Question(f"select ({customer.sql})::varchar", customer.parameters, str)
    return ledger.balance_asked(shop=shop, account=Account.WALLET, currency=currency, holder=holder)


def wallet_statement(shop: str, customer_id: str, *, limit: int = 50) -> tuple[WalletMove, ...]:
    """What happened to a customer's wallet, newest first. At most six statements, however long it is."""
    currency = shops.shop(shop).currency
    moves = ledger.statement(shop=shop, account=Account.WALLET, currency=currency, holder=customer_id, limit=limit)
    numbers, words = _orders_of(moves), _words_of(moves)
    return tuple(
        WalletMove(
            at=move.at,
            kind=move.kind,
            order_number=numbers.get(move.reference, ""),
            words=words.get(move.reference, ""),
            by=move.by,
            amount=move.amount,
        )
        for move in moves
    )


def gift_card(shop: str, code: str) -> GiftCard | None:
    """The card of a code, as somebody typed it; None if there is none. One statement."""
    if not rules.tidy_code(code):
        return None
    found = _cards(shop, "and c.code_digest = %s::bytea", [rules.code_digest(code)])
    return next(iter(found), None)


def cards(shop: str, ids: Iterable[str]) -> dict[str, GiftCard]:
    """Cards by id; unknown ones are left out. One statement. Primary key."""
    known = [id for id in map(rules.payment_id_of, ids) if id]
    return {card.id: card for card in _cards(shop, "and c.id = any(%s::uuid[])", [known])}


def all_cards(shop: str, *, ending: str = "", limit: int = 50, offset: int = 0) -> tuple[GiftCard, ...]:
    """The cards of a shop, newest first. One statement. Index shop_payments_gift_card_new.

    ending  only those whose code ends so
    """
    more = "and (%s::varchar = '' or c.ending = %s::varchar) order by c.issued_at desc, c.id desc limit %s offset %s"
    return _cards(shop, more, [ending, ending, limit, offset])


def _cards(shop: str, more: str, asked: Sequence[Any]) -> tuple[GiftCard, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_CARDS + more, [shop, *asked])
        return tuple(_card(*row) for row in cursor.fetchall())


def _card(
    id: UUID,
    shop: str,
    ending: str,
    balance: int,
    value: int,
    currency: str,
    issued_at: datetime,
    expires_at: datetime,
    is_blocked: bool,
    is_sold: bool,
    note: str,
) -> GiftCard:
    return GiftCard(
        id=str(id),
        shop=shop,
        ending=ending,
        balance=Money(balance, currency),
        value=Money(value, currency),
        issued_at=issued_at,
        expires_at=expires_at,
        is_blocked=is_blocked,
        is_sold=is_sold,
        note=note,
    )


def _orders_of(moves: Iterable[Move]) -> dict[str, str]:
    """Order numbers by the reference of what was booked."""
    tables = {
        "hold": models.Payment.objects,
        "unhold": models.Tender.objects,
        "refund": models.Refund.objects,
        "refund_paid": models.Refund.objects,
    }
    asked: dict[str, list[str]] = {}
    for move in moves:
        if move.kind in tables:
            asked.setdefault(move.kind, []).append(move.reference)
    return {
        str(id): number
        for kind, references in asked.items()
        for id, number in tables[kind].filter(pk__in=references).values_list("pk", "order_number")
    }


def _words_of(moves: Iterable[Move]) -> dict[str, str]:
    references = [move.reference for move in moves if move.kind == "goodwill"]
    if not references:
        return {}
    return dict(models.WalletNote.objects.filter(pk__in=references).values_list("pk", "words"))
