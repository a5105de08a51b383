"""Booking."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.ledger import models, queries
from zhanggui.base.ledger.errors import EntryDiffers, Overdrawn
from zhanggui.base.ledger.rules import Account, Entry, Posting, Side
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor

_OPEN_ACCOUNTS = """
insert into base_ledger_account (shop, account, holder, currency, side, balance_minor)
select %s::varchar, a, h, c, s, 0
from unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[]) t(a, h, c, s) order by a, h, c
on conflict on constraint base_ledger_account_once do nothing
"""
_CLAIM_ENTRY = """
insert into base_ledger_entry (id, shop, kind, reference, by, at)
values (%s::uuid, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::timestamptz)
on conflict on constraint base_ledger_entry_once do nothing returning id
"""
# Rows are locked in the order of their ids, whatever the order of the postings.
_LOCK_ACCOUNTS = """
select a.id, a.account, a.holder, a.currency, a.side, a.balance_minor from base_ledger_account a
join unnest(%s::varchar[], %s::varchar[], %s::varchar[]) t(account, holder, currency)
    on (a.account, a.holder, a.currency) = (t.account, t.holder, t.currency)
where a.shop = %s::varchar order by a.id for update of a
"""
_ADD_POSTINGS = """
insert into base_ledger_posting (entry_id, account_id, amount_minor)
select %s::uuid, * from unnest(%s::bigint[], %s::bigint[])
"""
_MOVE_BALANCES = """
update base_ledger_account a set balance_minor = a.balance_minor + t.amount
from unnest(%s::bigint[], %s::bigint[]) t(id, amount) where a.id = t.id
"""

_Key = tuple[str, str, str]


@operation
def post(*, entry: Entry, by: Actor) -> UUID:
    """Book an entry and move the balances; the same entry once more changes nothing. Returns the entry's id.

    refuses  Unbalanced, Overdrawn (then nothing is booked), EntryDiffers if its reference was booked otherwise
    """
    moves = _moves(entry.balanced())
    id = ids.uuid7()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_ENTRY, [id, entry.shop, entry.kind, entry.reference, str(by), clock.now()])
        if cursor.fetchone() is None:
            return _booked_before(entry, moves)
        names, holders, currencies = (list(part) for part in zip(*moves, strict=True))
        sides = [Account(name).side for name in names]
        cursor.execute(_OPEN_ACCOUNTS, [entry.shop, names, holders, currencies, sides])
        cursor.execute(_LOCK_ACCOUNTS, [names, holders, currencies, entry.shop])
        accounts = {}
        for account_id, name, holder, currency, side, balance in cursor.fetchall():
            accounts[name, holder, currency] = account_id
            _check(name, holder, Money(balance + moves[name, holder, currency], currency), Side(side))
        posted = [(accounts[_key(posting)], posting.amount.minor) for posting in entry.postings]
        cursor.execute(_ADD_POSTINGS, [id, *(list(part) for part in zip(*posted, strict=True))])
        cursor.execute(_MOVE_BALANCES, [list(accounts.values()), [moves[key] for key in accounts]])
    return id


def _key(posting: Posting) -> _Key:
    return str(posting.account), posting.holder, posting.amount.currency


def _moves(entry: Entry) -> dict[_Key, int]:
    moves: dict[_Key, int] = {}
    for posting in entry.postings:
        moves[_key(posting)] = moves.get(_key(posting), 0) + posting.amount.minor
    return moves


def _check(account: str, holder: str, balance: Money, side: Side) -> None:
    held = balance.minor if side is Side.DEBIT else -balance.minor
    if held < 0:
        raise Overdrawn(account=account, holder=holder, short_minor=-held, currency=balance.currency)


def _booked_before(entry: Entry, moves: dict[_Key, int]) -> UUID:
    booked = models.Entry.objects.get(shop=entry.shop, kind=entry.kind, reference=entry.reference)
    if queries.moves_of(booked.id) != moves:
        raise EntryDiffers(kind=entry.kind, reference=entry.reference)
    return booked.id
