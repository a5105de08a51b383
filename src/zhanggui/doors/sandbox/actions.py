"""What the gateway does: take charges, let people decide, tell the shop until it has heard."""

from __future__ import annotations

import secrets

import httpx
from django.conf import settings

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.doors.sandbox import models, rules
from zhanggui.doors.sandbox.errors import AlreadyDecided, ChargeDiffers, NoSuchCharge, ShopUnreachable, TimeIsOver
from zhanggui.doors.sandbox.rules import Charge, Choice, State
from zhanggui.shop.payments.rules import signed, unsigned

_PATIENCE_S = 10.0


@operation
def open_charge(*, request: bytes) -> Charge:
    """Take what a merchant asks for with the signed parameters of an address; the same payment gives the same charge.

    refuses  Unreadable, Forged, ChargeDiffers
    """
    terms = rules.terms_of(unsigned(request, key=settings.SANDBOX_KEY))
    row, _ = models.Charge.objects.get_or_create(
        merchant=terms.merchant,
        payment_id=terms.payment_id,
        defaults={
            "token": secrets.token_urlsafe(24),
            "order_number": terms.order_number,
            "amount_minor": terms.amount.minor,
            "currency": terms.amount.currency,
            "expires_at": terms.expires_at,
            "return_to": terms.return_to,
            "notify_to": terms.notify_to,
            "language": terms.language,
            "state": State.OPEN,
            "opened_at": clock.now(),
        },
    )
    if (row.order_number, row.value.terms.amount) != (terms.order_number, terms.amount):
        raise ChargeDiffers(payment_id=terms.payment_id)
    return row.value


@operation
def decide(*, token: str, choice: Choice) -> Charge:
    """Pay or decline a charge, once, and tell the shop's server in a moment.

    refuses  NoSuchCharge, AlreadyDecided, TimeIsOver unless paying late was chosen
    """
    charge = find(token)
    now = clock.now()
    if choice not in {Choice.PAY_LATE, Choice.DECLINE} and now >= charge.terms.expires_at:
        raise TimeIsOver(payment_id=charge.terms.payment_id)
    state = State.DECLINED if choice is Choice.DECLINE else State.PAID
    if not models.Charge.objects.filter(pk=token, state=State.OPEN).update(state=state):
        raise AlreadyDecided(state=find(token).state)
    for saying in rules.sayings(charge.terms, choice, ids=(ids.uuid7(), ids.uuid7())):
        models.Saying.objects.create(
            event_id=saying.event_id,
            charge_id=token,
            transaction_id=saying.transaction_id,
            amount_minor=saying.amount.minor,
            currency=saying.amount.currency,
            is_paid=saying.is_paid,
            reason=saying.reason,
            said_at=now,
        )
        later(notify, event_id=saying.event_id)
    return find(token)


def find(token: str) -> Charge:
    """The charge of a token.

    refuses  NoSuchCharge
    """
    row = models.Charge.objects.filter(pk=token).first()
    if row is None:
        raise NoSuchCharge(token=token)
    return row.value


def way_back(charge: Charge) -> str:
    """The shop's address for a shopper who returns, with the newest that was said about it, signed now."""
    last = models.Saying.objects.filter(charge_id=charge.token).order_by("-event_id").first()
    if last is None:
        return charge.terms.return_to
    said = rules.wire(charge.terms, last.value, at=clock.now())
    return f"{charge.terms.return_to}?{signed(said, key=settings.SANDBOX_KEY)}"


@job(name="sandbox.notify", tries=12)
def notify(event_id: str) -> None:
    """Tell the shop's server what was said about a charge, until it answers that it has heard."""
    saying = models.Saying.objects.select_related("charge").get(pk=event_id)
    terms = saying.charge.value.terms
    body = signed(rules.wire(terms, saying.value, at=clock.now()), key=settings.SANDBOX_KEY)
    _post(terms.notify_to, body)
    models.Saying.objects.filter(pk=event_id).update(notified_at=clock.now())


def _post(address: str, body: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = httpx.post(address, content=body, headers=form, timeout=_PATIENCE_S)
        answer.raise_for_status()
    except httpx.HTTPError as failed:
        raise ShopUnreachable(address=address, reason=f"{type(failed).__name__}: {failed}") from failed
