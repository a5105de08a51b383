"""What a person decides about money that does not fit."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.payments import models, rules
from zhanggui.shop.payments.actions import refunding
from zhanggui.shop.payments.errors import NothingToDecide
from zhanggui.shop.payments.rules import Decision, Outcome


@operation
def give_back_quarantined(*, shop: str, message_id: int, note: str, by: Actor) -> None:
    """Send money that does not fit back where it came from: it is booked as owed, and the provider is told by a job.

    refuses  NothingToDecide if it was decided before, moved no money, or lies at a number that is not ours
    """
    row = _undecided(shop, message_id)
    if not row.transaction_id or row.amount_minor <= 0 or row.reason in rules.NOT_OURS:
        raise NothingToDecide(subject=str(message_id))
    refunding.owe_back(
        shop=row.shop,
        provider=row.provider,
        order_number=row.order_number,
        payment_id=row.payment_id,
        transaction_id=row.transaction_id,
        amount=Money(row.amount_minor, row.currency),
        reason=row.reason,
        by=by,
    )
    _decide(row, Decision.GIVEN_BACK, note=note, by=by)


@operation
def dismiss_quarantined(*, shop: str, message_id: int, note: str, by: Actor) -> None:
    """Say that a message that does not fit needs nothing, and why.

    refuses  NothingToDecide if it was decided before, or no reason is given
    """
    row = _undecided(shop, message_id)
    if not note.strip():
        raise NothingToDecide(subject=str(message_id))
    _decide(row, Decision.DISMISSED, note=note, by=by)


def _undecided(shop: str, message_id: int) -> models.Message:
    rows = models.Message.objects.select_for_update().filter(pk=message_id, shop=shop)
    row = rows.filter(outcome=Outcome.QUARANTINED, decision=Decision.OPEN).first()
    if row is None:
        raise NothingToDecide(subject=str(message_id))
    return row


def _decide(row: models.Message, decision: Decision, *, note: str, by: Actor) -> None:
    row.decision, row.note, row.decided_by, row.decided_at = decision, note.strip()[:300], str(by), clock.now()
    row.save(update_fields=["decision", "note", "decided_by", "decided_at"])
