"""Wallets and gift cards: issued, redeemed, blocked, filled by staff."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.ledger import queries as books
from zhanggui.base.ledger import rules as ledger_rules
from zhanggui.base.ledger.errors import Overdrawn
from zhanggui.base.ledger.rules import Account, Entry, Posting
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.errors import AmountNotAllowed, GiftCardEnded, IssuedAlready, NoSuchGiftCard, NotEnough
from zhanggui.shop.payments.rules import TenderKind
from zhanggui.spine.facts.payments import GiftCardIssued, WalletCredited
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# Who issues more at once makes several.
MOST_VALUE_MAJOR = 100_000
MOST_CARDS = 500
# Cards that were asked for with a key have ids that follow from it.
_CARDS: Final = UUID("7d3c2f0e-52a1-4d0a-9c43-1f0b8f6e2a55")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new card with its code, which is shown now and never again."""

    id: str
    code: str = field(repr=False)


@operation
def issue_cards(
    *,
    count: int,
    value: Money,
    expires_at: datetime,
    is_sold: bool,
    note: str,
    key: str = "",
    trail: Trail,
    by: Actor,
) -> tuple[Issued, ...]:
    """Make gift cards of one value; their codes are shown once and kept as digests only.

    count    1 up to MOST_CARDS
    is_sold  whether somebody paid for them at the counter; else the shop gives them away
    key      made with the page; the same one makes no further cards, and no answer is kept to be given again
    refuses  AmountNotAllowed, IssuedAlready
    tells    shop.gift_card_issued per card
    """
    _allow(value, at_least=1)
    if not 0 < count <= MOST_CARDS or expires_at <= clock.now():
        raise AmountNotAllowed(amount_minor=count, currency=value.currency, most_minor=MOST_CARDS)
    codes = [secrets.randbits(rules.CODE_BITS) for _ in range(count)]
    rows = [
        models.GiftCard(
            id=uuid5(_CARDS, f"{trail.shop}/{key}/{place}") if key else ids.uuid7(),
            shop=trail.shop,
            code_digest=rules.code_digest(rules.gift_code(noise)),
            ending=rules.gift_code(noise)[-4:],
            value_minor=value.minor,
            currency=value.currency,
            issued_at=clock.now(),
            issued_by=str(by),
            expires_at=expires_at,
            is_sold=is_sold,
            note=note[:200],
        )
        for place, noise in enumerate(codes)
    ]
    _write(rows, key=key)
    paid = Account.CASH if is_sold else Account.GOODWILL
    for row in rows:
        fact = GiftCardIssued(card_id=str(row.id), is_sold=is_sold, amount_minor=value.minor, currency=value.currency)
        record(fact, by=by, trail=trail, subject=f"gift_card:{row.id}")
        given = ledger_rules.debit(paid, value, holder="counter" if is_sold else "")
        owed = ledger_rules.credit(Account.GIFT_CARDS, value, holder=str(row.id))
        ledger.post(entry=_entry(trail.shop, "gift_card", str(row.id), given, owed), by=by)
    return tuple(Issued(id=str(row.id), code=rules.gift_code(noise)) for row, noise in zip(rows, codes, strict=True))


@operation
def redeem(*, code: str, customer_id: str, trail: Trail, by: Actor) -> Money:
    """Put all that a card still holds into a customer's wallet; how much that was.

    refuses  NoSuchGiftCard, GiftCardEnded, NotEnough if nothing is left on it
    tells    shop.wallet_credited
    """
    card = queries.gift_card(trail.shop, code)
    if card is None:
        raise NoSuchGiftCard(ending=rules.tidy_code(code)[-4:])
    models.GiftCard.objects.select_for_update().get(pk=card.id)
    card = queries.cards(trail.shop, [card.id])[card.id]
    if not card.is_good(at=clock.now()):
        raise GiftCardEnded(ending=card.ending)
    if not card.balance:
        raise NotEnough(kind=TenderKind.GIFT_CARD, holder=card.id, short_minor=0, currency=card.balance.currency)
    taken = ledger_rules.debit(Account.GIFT_CARDS, card.balance, holder=card.id)
    given = ledger_rules.credit(Account.WALLET, card.balance, holder=customer_id)
    reference = f"{card.id}/{ids.uuid7()}"
    _post(_entry(trail.shop, "redeem", reference, taken, given), kind=TenderKind.GIFT_CARD, by=by)
    _tell(customer_id, card.balance, reason="gift_card", trail=trail, by=by)
    return card.balance


@operation
def block_card(*, card_id: str, is_blocked: bool, trail: Trail, by: Actor) -> None:
    """Stop a card from being spent, such as one that was lost, or let it be spent again. Its money stays on it.

    refuses  NoSuchGiftCard
    """
    id = rules.payment_id_of(card_id)
    if id is None or not models.GiftCard.objects.filter(pk=id, shop=trail.shop).update(is_blocked=is_blocked):
        raise NoSuchGiftCard(ending="")


@operation
def credit_wallet(
    *, customer_id: str, amount: Money, reason: str, idempotency_key: str, trail: Trail, by: Actor
) -> Money:
    """Put money into a customer's wallet, or take some out again; what it holds afterwards.

    amount   above zero puts in, below zero takes out
    reason   for the colleagues who look at the wallet later
    refuses  AmountNotAllowed, NotEnough if it holds less than is taken, KeyReused
    tells    shop.wallet_credited
    """
    _allow(Money(abs(amount.minor), amount.currency), at_least=1)
    reference = f"{customer_id}/{ids.uuid7()}"
    given = ledger_rules.debit(Account.GOODWILL, amount)
    owed = ledger_rules.credit(Account.WALLET, amount, holder=customer_id)
    _post(_entry(trail.shop, "goodwill", reference, given, owed), kind=TenderKind.WALLET, by=by)
    models.WalletNote.objects.create(
        reference=reference, shop=trail.shop, customer_id=customer_id, words=reason[:300], by=str(by), at=clock.now()
    )
    _tell(customer_id, amount, reason="goodwill", trail=trail, by=by)
    return books.balance(shop=trail.shop, account=Account.WALLET, currency=amount.currency, holder=customer_id)


def _write(rows: list[models.GiftCard], *, key: str) -> None:
    """Write cards down; of two at once with one key, one does it: the ids are the same."""
    try:
        with transaction.atomic():
            models.GiftCard.objects.bulk_create(rows)
    except IntegrityError as taken:
        if not models.GiftCard.objects.filter(pk=rows[0].pk).exists():
            raise
        raise IssuedAlready(key=key) from taken


def _allow(amount: Money, *, at_least: int) -> None:
    most = Money.of(MOST_VALUE_MAJOR, amount.currency)
    if not at_least <= amount.minor <= most.minor:
        raise AmountNotAllowed(amount_minor=amount.minor, currency=amount.currency, most_minor=most.minor)


def _tell(customer_id: str, amount: Money, *, reason: str, trail: Trail, by: Actor) -> None:
    fact = WalletCredited(customer_id=customer_id, reason=reason, amount_minor=amount.minor, currency=amount.currency)
    record(fact, by=by, trail=trail, subject=f"customer:{customer_id}")


def _post(entry: Entry, *, kind: TenderKind, by: Actor) -> None:
    try:
        ledger.post(entry=entry, by=by)
    except Overdrawn as short:
        raise NotEnough(
            kind=kind, holder=short.holder, short_minor=short.short_minor, currency=short.currency
        ) from short


def _entry(shop: str, kind: str, reference: str, *postings: Posting) -> Entry:
    return Entry(shop=shop, kind=kind, reference=reference, postings=postings)
