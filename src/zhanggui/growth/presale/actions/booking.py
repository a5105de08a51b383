"""What a reservation's money is in the books: a deposit, a prepayment, or sold."""

from __future__ import annotations

from zhanggui.base.ledger import actions as ledger
from zhanggui.base.ledger.rules import Account, Entry, Posting, credit, debit
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.presale import models
from zhanggui.growth.presale.rules import held_as


def set_aside(row: models.Reservation, *, by: Actor) -> None:
    """What came in as a sale is none yet: it is owed, the deposit and the prepayment each by itself."""
    _post(row, "deposit", is_back=False, by=by)


def earn(row: models.Reservation, *, by: Actor) -> None:
    """What was owed is sold: the balance is paid, the deposit is kept, or it is about to be refunded as a sale."""
    _post(row, "deposit_earned", is_back=True, by=by)


def _post(row: models.Reservation, kind: str, *, is_back: bool, by: Actor) -> None:
    holder = held_as(row.id)
    deposit, prepayment = row.money(row.deposit_minor), row.money(row.prepayment_minor)
    sign = -1 if is_back else 1
    postings: tuple[Posting, ...] = (
        debit(Account.SALES, (deposit + prepayment) * sign),
        credit(Account.DEPOSITS, deposit * sign, holder=holder),
        credit(Account.PREPAYMENTS, prepayment * sign, holder=holder),
    )
    entry = Entry(shop=row.shop, kind=kind, reference=holder, postings=tuple(each for each in postings if each.amount))
    ledger.post(entry=entry, by=by)
