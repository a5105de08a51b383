"""Reading the books."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from zhanggui.base.ledger import models, rules
from zhanggui.base.money import Money

_READD = """
select a.shop, a.account, a.holder, a.currency, a.balance_minor, coalesce(sum(p.amount_minor), 0)
from base_ledger_account a left join base_ledger_posting p on p.account_id = a.id
group by a.id having a.balance_minor <> coalesce(sum(p.amount_minor), 0) order by a.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An account whose balance is not the sum of its postings; somebody wrote past the books."""

    shop: str
    account: str
    holder: str
    balance: Money
    postings: Money


def balance(*, shop: str, account: rules.Account, currency: str, holder: str = "") -> Money:
    """What an account holds on the side on which it grows, so a wallet with 5 yuan is +500 fen."""
    row = models.Account.objects.filter(shop=shop, account=account, holder=holder, currency=currency).first()
    minor = row.balance_minor if row else 0
    return Money(minor if account.side is rules.Side.DEBIT else -minor, currency)


def total(*, shop: str, account: rules.Account, currency: str) -> Money:
    """What all holders of an account hold together, on the side on which it grows."""
    rows = models.Account.objects.filter(shop=shop, account=account, currency=currency)
    minor = rows.aggregate(all=Sum("balance_minor"))["all"] or 0
    return Money(minor if account.side is rules.Side.DEBIT else -minor, currency)


def moves_of(entry_id: UUID) -> dict[tuple[str, str, str], int]:
    """What an entry moved, by account, holder and currency."""
    rows = models.Posting.objects.filter(entry_id=entry_id)
    moved = rows.values_list("account__account", "account__holder", "account__currency").annotate(Sum("amount_minor"))
    return {(account, holder, currency): minor for account, holder, currency, minor in moved}


def audit() -> tuple[Disagreement, ...]:
    """Add all postings up again; the accounts whose balance says otherwise, none if the books are right."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        return tuple(
            Disagreement(
                shop=shop,
                account=account,
                holder=holder,
                balance=Money(int(cached), currency),
                postings=Money(int(added), currency),
            )
            for shop, account, holder, currency, cached, added in cursor.fetchall()
        )
