"""Closing an account: everything that says who it was goes, but for what the law wants kept, and that when it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.customers import ports, queries, rules
from zhanggui.shop.customers.actions.consenting import consent
from zhanggui.shop.customers.errors import AccountNeeded, NoSuchCustomer
from zhanggui.shop.customers.models import Address, Customer, Kept, Note
from zhanggui.shop.customers.rules import Whose
from zhanggui.spine.facts.people import AccountClosed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# Records of goods and trade are kept at least three years: rules.md § 7, 电子商务法 § 31.
KEPT_FOR: Final = timedelta(days=3 * 365)
_BATCH: Final = 500


@operation
def close_account(*, customer_id: UUID, trail: Trail, by: Actor) -> None:
    """Let a customer go: withdraw what was agreed to, forget who it was, end every session.

    Orders and invoices keep their amounts. Where an order of the last three years went stays until those are over;
    `mask_old` masks it then. Whoever orders or signs in afterwards is somebody new.
    refuses  NoSuchCustomer, also for a guest or a second time; AccountNeeded with the reasons, and nothing is changed
    tells    shop.consent_withdrawn for each consent, shop.account_closed
    """
    row = Customer.objects.select_for_update().filter(pk=customer_id, account_id__isnull=False).first()
    if row is None or row.account_id is None:
        raise NoSuchCustomer(customer_id=str(customer_id))
    whose = Whose(shop=row.shop, persons=(row.visitor_id, *row.earlier), customer_ids=queries.ids(customer_id))
    reasons = tuple(one.reason for one in ports.holders if one.stops and one.stops(whose))
    if reasons:
        raise AccountNeeded(reasons=reasons)
    walk = replace(trail, person=row.visitor_id)
    _withdraw(customer_id, trail=walk, by=by)
    for one in ports.holders:
        if one.erase:
            one.erase(whose)
    accounts.close(account_id=row.account_id)
    _forget(row, whose, at=clock.now())
    record(AccountClosed(customer_id=str(customer_id)), by=by, trail=walk, subject=f"customer:{customer_id}")


@job(name="shop.customers.mask_old", every="50 19 * * *")
def mask_old() -> None:
    """Every night: mask where orders of closed accounts went once no law wants it any more."""
    unmasked = Address.objects.filter(customer__closed_at__isnull=False).exclude(recipient="")
    for id in unmasked.values_list("customer_id", flat=True).distinct()[:_BATCH]:
        mask(customer_id=id)


@operation
def mask(*, customer_id: UUID) -> None:
    """Mask the addresses of a customer whose account was closed, but for those that papers still need."""
    row = Customer.objects.get(pk=customer_id)
    own = row.joined_to or row
    whose = Whose(shop=own.shop, persons=(own.visitor_id, *own.earlier), customer_ids=queries.ids(own.id))
    _mask(whose, at=clock.now())


def _withdraw(customer_id: UUID, *, trail: Trail, by: Actor) -> None:
    for purpose, said in rules.standing(queries.consents(customer_id)).items():
        if said.is_given:
            consent(
                customer_id=customer_id,
                purpose=purpose,
                is_given=False,
                language=said.language,
                how="closing",
                trail=trail,
                by=by,
            )


def _forget(row: Customer, whose: Whose, *, at: datetime) -> None:
    """Empty the records. The person gets an id that nobody walks under: an order on its way makes a customer anew."""
    Kept.objects.filter(customer__in=whose.customer_ids).delete()
    Note.objects.filter(customer__in=whose.customer_ids).delete()
    nobody = {"name": "", "phone": "", "email": "", "account_id": None, "closed_at": at}
    Customer.objects.filter(pk__in=whose.customer_ids).update(**nobody)
    Customer.objects.filter(pk=row.pk).update(visitor_id=str(ids.uuid7()), earlier=list(whose.persons))
    _mask(whose, at=at)


def _mask(whose: Whose, *, at: datetime) -> None:
    needed = [id for one in ports.holders if one.keeps for id in one.keeps(whose, at - KEPT_FOR)]
    rows = Address.objects.filter(customer__in=whose.customer_ids).exclude(pk__in=needed)
    rows.update(recipient="", phone="", district="", street="", postcode="")
