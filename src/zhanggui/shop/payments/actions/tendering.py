"""Wallets and gift cards that pay for an order. Parts of starting, settling, ending and refunding."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from zhanggui.base import clock, ids
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.ledger.errors import Overdrawn
from zhanggui.base.ledger.rules import Entry
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.errors import GiftCardEnded, NoSuchGiftCard, NotEnough, TenderNotAllowed
from zhanggui.shop.payments.rules import Held, Tender, TenderKind, TenderState


def hold(
    *, shop: str, order_number: str, due: Money, tenders: Sequence[Tender], reference: str, by: Actor
) -> tuple[Held, ...]:
    """Take what wallet and cards pay of an order, until it is paid or given up.

    reference  the attempt it is held with
    refuses    TenderNotAllowed, NoSuchGiftCard, GiftCardEnded, NotEnough
    """
    if not tenders:
        return ()
    _allow(shop, order_number, due, tenders)
    entry = rules.hold_entry(shop, order_number=order_number, reference=reference, tenders=tenders)
    _post(entry, by=by)
    rows = [
        models.Tender(
            id=ids.uuid7(),
            shop=shop,
            order_number=order_number,
            kind=one.kind,
            holder=one.holder,
            amount_minor=one.amount.minor,
            currency=one.amount.currency,
            state=TenderState.HELD,
            held_at=clock.now(),
        )
        for one in tenders
    ]
    return tuple(row.value for row in models.Tender.objects.bulk_create(rows))


def take(order_number: str) -> tuple[Held, ...]:
    """What is held for an order becomes what it was paid with. Index shop_payments_tender_order."""
    held = _held(order_number)
    if held:
        models.Tender.objects.filter(pk__in=[one.id for one in held]).update(state=TenderState.TAKEN)
    return held


def give_up(order_number: str, *, shop: str, by: Actor) -> tuple[Held, ...]:
    """What was held for an order that will not be paid goes back to wallet and cards; nothing the second time."""
    held = _held(order_number)
    if not held:
        return ()
    models.Tender.objects.filter(pk__in=[one.id for one in held]).update(state=TenderState.RETURNED)
    tenders = [one.tender for one in held]
    ledger.post(entry=rules.unhold_entry(shop, order_number=order_number, reference=held[0].id, tenders=tenders), by=by)
    _keep_spendable(tenders)
    return held


def give_back(taken: Sequence[Held], shares: Sequence[Money]) -> tuple[Tender, ...]:
    """Count what a refund gives back to each tender; the tenders with their shares, for the books."""
    given = [(one, share) for one, share in zip(taken, shares, strict=True) if share]
    for one, share in given:
        models.Tender.objects.filter(pk=one.id).update(refunded_minor=F("refunded_minor") + share.minor)
    back = tuple(Tender(kind=one.tender.kind, holder=one.tender.holder, amount=share) for one, share in given)
    _keep_spendable(back)
    return back


def taken_by(order_number: str) -> tuple[Held, ...]:
    """What an order was paid with besides the provider's money, in a fixed order."""
    rows = models.Tender.objects.filter(order_number=order_number, state=TenderState.TAKEN).order_by("pk")
    return tuple(row.value for row in rows)


def _held(order_number: str) -> tuple[Held, ...]:
    rows = models.Tender.objects.select_for_update().filter(order_number=order_number, state=TenderState.HELD)
    return tuple(row.value for row in rows.order_by("pk"))


def _allow(shop: str, order_number: str, due: Money, tenders: Sequence[Tender]) -> None:
    left = due
    for one in tenders:
        if one.amount.currency != due.currency:
            raise _not_allowed(one, "currency")
        if one.amount.minor <= 0 or left < one.amount:
            raise _not_allowed(one, "amount")
        left -= one.amount
    if len({(one.kind, one.holder) for one in tenders}) < len(tenders):
        raise _not_allowed(tenders[-1], "twice")
    _allow_wallets(order_number, [one for one in tenders if one.kind is TenderKind.WALLET])
    _allow_cards(shop, [one for one in tenders if one.kind is TenderKind.GIFT_CARD])


def _allow_wallets(order_number: str, tenders: Sequence[Tender]) -> None:
    """Only the customer's own wallet pays."""
    if tenders and {one.holder for one in tenders} != {str(orders.order_by_number(order_number).customer_id)}:
        raise _not_allowed(tenders[0], "person")


def _allow_cards(shop: str, tenders: Sequence[Tender]) -> None:
    cards = queries.cards(shop, [one.holder for one in tenders]) if tenders else {}
    for one in tenders:
        card = cards.get(one.holder)
        if card is None:
            raise NoSuchGiftCard(ending="")
        if not card.is_good(at=clock.now()):
            raise GiftCardEnded(ending=card.ending)


def _keep_spendable(tenders: Sequence[Tender]) -> None:
    """Money that comes back to a card can be spent for a while, whatever its date."""
    cards = [one.holder for one in tenders if one.kind is TenderKind.GIFT_CARD]
    until = clock.now() + rules.SPENDABLE_AFTER_REFUND
    if cards:
        models.GiftCard.objects.filter(pk__in=cards, expires_at__lt=until).update(expires_at=until)


def _post(entry: Entry, *, by: Actor) -> None:
    try:
        ledger.post(entry=entry, by=by)
    except Overdrawn as short:
        kinds = {account: kind for kind, account in rules.PURSES.items()}
        raise NotEnough(
            kind=str(next(kind for account, kind in kinds.items() if account == short.account)),
            holder=short.holder,
            short_minor=short.short_minor,
            currency=short.currency,
        ) from short


def _not_allowed(tender: Tender, reason: str) -> TenderNotAllowed:
    return TenderNotAllowed(kind=tender.kind, holder=tender.holder, reason=reason)
