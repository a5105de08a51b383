"""Reading the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from zhanggui.base.database.together import Question
from zhanggui.base.ledger import models, rules
from zhanggui.base.money import Money

# A balance: of an exact account as it is kept, of any other with the postings since it was rolled up.
# Indexes base_ledger_account_once and base_ledger_posting_account.
_BALANCE = """
select coalesce(sum(a.balance_minor + coalesce((
    select sum(p.amount_minor) from base_ledger_posting p
    where not %s::bool and p.account_id = a.id and p.id > a.rolled_to), 0)), 0)::bigint
from base_ledger_account a
where a.shop = %s::varchar and a.account = %s::varchar and a.currency = %s::varchar
    and (%s::bool or a.holder = ({holder}))
"""
_ANY_HOLDER = _BALANCE.format(holder="%s::varchar")
_READD = """
select a.shop, a.account, a.holder, a.currency, a.balance_minor,
    coalesce(sum(p.amount_minor) filter (where a.account = any(%s::varchar[]) or p.id <= a.rolled_to), 0)::bigint
from base_ledger_account a left join base_ledger_posting p on p.account_id = a.id
group by a.id
having a.balance_minor <>
    coalesce(sum(p.amount_minor) filter (where a.account = any(%s::varchar[]) or p.id <= a.rolled_to), 0)
order by a.id
"""
_NOT_NOTHING = """
select a.shop, a.currency, sum(p.amount_minor)::bigint
from base_ledger_posting p join base_ledger_account a on a.id = p.account_id
group by a.shop, a.currency having sum(p.amount_minor) <> 0 order by a.shop, a.currency
"""
_STATEMENT = """
select e.id, e.kind, e.reference, e.by, e.at, sum(p.amount_minor)::bigint
from base_ledger_account a
join base_ledger_posting p on p.account_id = a.id join base_ledger_entry e on e.id = p.entry_id
where a.shop = %s::varchar and a.account = %s::varchar and a.holder = %s::varchar and a.currency = %s::varchar
group by e.id order by max(p.id) desc limit %s::int
"""
_POSTINGS = """
select a.account, a.holder, a.currency, p.amount_minor, e.kind, e.at
from base_ledger_entry e
join base_ledger_posting p on p.entry_id = e.id join base_ledger_account a on a.id = p.account_id
where e.shop = %s::varchar
    and (e.kind, e.reference) in (select * from unnest(%s::varchar[], %s::varchar[]))
order by e.id, p.amount_minor desc, p.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An account whose balance is not the sum of its postings; somebody wrote past the books.

    account  all of a shop's accounts together if it is empty: debits and credits differ
    """

    shop: str
    account: str
    holder: str
    balance: Money
    postings: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one entry did to a holder's account, on the side on which it grows: money in is above zero."""

    entry_id: UUID
    kind: str
    reference: str
    by: str
    at: datetime
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One line of an entry as it stands in the books; a debit is above zero."""

    account: rules.Account
    holder: str
    amount: Money
    kind: str
    at: datetime

    @property
    def is_debit(self) -> bool:
        """On which side it stands."""
        return self.amount.minor > 0

    @property
    def size(self) -> Money:
        """The amount without its sign."""
        return Money(abs(self.amount.minor), self.amount.currency)


def balance(*, shop: str, account: rules.Account, currency: str, holder: str = "") -> Money:
    """What an account holds on the side on which it grows, so a wallet with 5 yuan is +500 fen. One statement."""
    return _sum(shop, account, currency, holder=holder)


def balance_asked(*, shop: str, account: rules.Account, currency: str, holder: Question[str]) -> Question[Money]:
    """`balance`, to be asked together with other things; who holds it may be a question itself."""
    sign = 1 if account.side is rules.Side.DEBIT else -1
    parameters = (account.is_exact, shop, account, currency, False, *holder.parameters)
    return Question(_BALANCE.format(holder=holder.sql), parameters, lambda minor: Money(sign * minor, currency))


def total(*, shop: str, account: rules.Account, currency: str) -> Money:
    """What all holders of an account hold together, on the side on which it grows. One statement."""
    return _sum(shop, account, currency, holder=None)


def holders(*, account: rules.Account) -> dict[tuple[str, str, str], int]:
    """Who holds something in an exact account, as whole minor units by shop, holder and currency. One statement."""
    sign = 1 if account.side is rules.Side.DEBIT else -1
    rows = models.Account.objects.filter(account=account).exclude(balance_minor=0)
    return {
        (shop, holder, currency): sign * minor
        for shop, holder, currency, minor in rows.values_list("shop", "holder", "currency", "balance_minor")
    }


def statement(*, shop: str, account: rules.Account, currency: str, holder: str, limit: int = 50) -> tuple[Move, ...]:
    """What happened to a holder's account, newest first. One statement. Index base_ledger_posting_account."""
    sign = 1 if account.side is rules.Side.DEBIT else -1
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [shop, account, holder, currency, limit])
        return tuple(
            Move(entry_id=id, kind=kind, reference=reference, by=by, at=at, amount=Money(sign * minor, currency))
            for id, kind, reference, by, at, minor in cursor.fetchall()
        )


def posted(*, shop: str, entries: tuple[tuple[str, str], ...]) -> tuple[Posted, ...]:
    """The postings of entries, in the order in which they were booked. One statement. Index base_ledger_entry_once.

    entries  kind and reference of each
    """
    kinds, references = [kind for kind, _ in entries], [reference for _, reference in entries]
    with connection.cursor() as cursor:
        cursor.execute(_POSTINGS, [shop, kinds, references])
        return tuple(
            Posted(account=rules.Account(account), holder=holder, amount=Money(minor, currency), kind=kind, at=at)
            for account, holder, currency, minor, kind, at in cursor.fetchall()
        )


def moves_of(entry_id: UUID) -> dict[tuple[str, str, str], int]:
    """What an entry moved, by account, holder and currency."""
    rows = models.Posting.objects.filter(entry_id=entry_id)
    moved = rows.values_list("account__account", "account__holder", "account__currency").annotate(Sum("amount_minor"))
    return {(account, holder, currency): minor for account, holder, currency, minor in moved}


def audit() -> tuple[Disagreement, ...]:
    """Add all postings up again; the accounts whose balance says otherwise, none if the books are right."""
    exact = list(rules.EXACT)
    with connection.cursor() as cursor:
        cursor.execute(_READD, [exact, exact])
        found = [
            Disagreement(
                shop=shop,
                account=account,
                holder=holder,
                balance=Money(kept, currency),
                postings=Money(added, currency),
            )
            for shop, account, holder, currency, kept, added in cursor.fetchall()
        ]
        cursor.execute(_NOT_NOTHING)
        found += [
            Disagreement(shop=shop, account="", holder="", balance=Money.zero(currency), postings=Money(left, currency))
            for shop, currency, left in cursor.fetchall()
        ]
    return tuple(found)


def _sum(shop: str, account: rules.Account, currency: str, *, holder: str | None) -> Money:
    with connection.cursor() as cursor:
        cursor.execute(_ANY_HOLDER, [account.is_exact, shop, account, currency, holder is None, holder or ""])
        minor = cursor.fetchone()[0]
    return Money(minor if account.side is rules.Side.DEBIT else -minor, currency)
