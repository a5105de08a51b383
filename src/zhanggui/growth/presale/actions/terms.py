"""Putting a presale up, and taking it down."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.presale import models, queries
from zhanggui.growth.presale.errors import AlreadyStarted, NoSuchPresale, PresaleNotAllowed, StateNotAllowed
from zhanggui.growth.presale.rules import ENDINGS, Phase, State, Terms, phase
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.spine.facts.presales import PresaleEnded, PresaleStarted
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


@operation
def put_up(*, terms: Terms, trail: Trail, by: Actor, idempotency_key: str = "") -> str:
    """Offer a SKU in a presale; the presale's id. Deposits are taken from its own start on.

    refuses  PresaleNotAllowed with the field: the sums or windows contradict each other or lie in the past, or the
             SKU is not sold or not shipped
    tells    growth.presale_started
    """
    now = clock.now()
    shop = shops.shop(trail.shop)
    terms.checked(currency=shop.currency)
    card = catalogue.products([terms.sku]).get(terms.sku)
    if card is None or card.shop != trail.shop or not card.is_listed or not card.needs_shipping:
        raise PresaleNotAllowed(field="sku")
    if phase(terms, at=now) not in (Phase.SOON, Phase.DEPOSIT):
        raise PresaleNotAllowed(field="deposit_until")
    if terms.ship_by < clock.day_of(terms.balance_from, shop.zone):
        raise PresaleNotAllowed(field="ship_by")
    row = models.Presale.objects.create(id=ids.uuid7(), shop=trail.shop, made_at=now, **_columns(terms))
    fact = PresaleStarted(
        presale_id=str(row.id),
        sku=row.sku,
        quantity=row.quantity,
        price_minor=row.price_minor,
        first_minor=row.first_minor,
        credit_minor=row.credit_minor,
        currency=row.currency,
    )
    record(fact, by=by, trail=trail, subject=f"presale:{row.id}")
    queries.forget()
    return str(row.id)


@operation
def change(*, id: str, terms: Terms, trail: Trail, by: Actor) -> None:
    """Change the terms of a presale while nobody has reserved anything.

    refuses  NoSuchPresale, AlreadyStarted, PresaleNotAllowed
    """
    row = _locked(id, shop=trail.shop)
    if row.reserved_units or row.ended_as or row.reservations.exists():
        raise AlreadyStarted(id=id)
    terms.checked(currency=row.currency)
    if terms.sku != row.sku:
        raise PresaleNotAllowed(field="sku")
    models.Presale.objects.filter(pk=row.pk).update(**_columns(terms))
    queries.forget()


@operation
def call_off(*, id: str, how: State, trail: Trail, by: Actor) -> int:
    """Take a presale down for good: no deposits and no balances any more; how many reservations are still to be ended.

    Each of them is ended by a job, because a balance that is being paid just now has to be closed at its provider.

    how      SELLER_CANCELLED: every deposit goes back double; FORCE_MAJEURE: every deposit goes back
    refuses  NoSuchPresale, StateNotAllowed if it was called off before
    tells    growth.presale_ended; growth.deposit_returned for each reservation later
    """
    row = _locked(id, shop=trail.shop)
    if row.ended_as or how not in ENDINGS:
        raise StateNotAllowed(id=id, state=row.ended_as, to=how, reason="The presale was called off before.")
    row.ended_as, row.ended_at, row.ended_by = how, clock.now(), str(by)
    row.save(update_fields=["ended_as", "ended_at", "ended_by"])
    fact = PresaleEnded(presale_id=id, sku=row.sku, reason=how, reserved_units=row.reserved_units)
    record(fact, by=by, trail=trail, subject=f"presale:{id}")
    queries.forget()
    return queries.still_to_end(row.id)


def _locked(id: str, *, shop: str) -> models.Presale:
    row = models.Presale.objects.select_for_update().filter(pk=UUID(id), shop=shop).first()
    if row is None:
        raise NoSuchPresale(id=id)
    return row


def _columns(terms: Terms) -> dict[str, object]:
    same = (
        "sku",
        "quantity",
        "per_person",
        "deposit_from",
        "deposit_until",
        "balance_from",
        "balance_until",
        "ship_by",
    )
    return {name: getattr(terms, name) for name in same} | {
        "price_minor": terms.price.minor,
        "first_minor": terms.first.minor,
        "credit_minor": terms.credit.minor,
        "currency": terms.price.currency,
    }
