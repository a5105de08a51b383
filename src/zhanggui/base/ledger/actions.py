"""Booking."""

from __future__ import annotations

from typing import Any, NoReturn
from uuid import UUID

from django.db import connection, transaction

from zhanggui.base import clock, ids
from zhanggui.base.ledger import models, queries
from zhanggui.base.ledger.errors import EntryDiffers, Overdrawn
from zhanggui.base.ledger.rules import FLOWING, Account, Entry, Posting, Side
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor

# Books an entry if all its accounts are open; says how many are, and whether the entry is new.
# Indexes base_ledger_account_once and base_ledger_entry_once; locks no account.
_POST = """
with t as (
    select * from unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::bigint[])
        t(account, holder, currency, amount)),
found as materialized (
    select a.id, t.amount from t join base_ledger_account a on a.shop = %s::varchar
        and (a.account, a.holder, a.currency) = (t.account, t.holder, t.currency)),
entry as (
    insert into base_ledger_entry (id, shop, kind, reference, by, at)
    select %s::uuid, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::timestamptz
    where (select count(*) from found) = %s::int
    on conflict on constraint base_ledger_entry_once do nothing returning id),
posted as (
    insert into base_ledger_posting (entry_id, account_id, amount_minor)
    select entry.id, found.id, found.amount from entry, found)
select (select count(*) from found), (select count(*) from entry)
"""
_OPEN_ACCOUNTS = """
insert into base_ledger_account (shop, account, holder, currency, side, balance_minor, rolled_to)
select %s::varchar, a, h, c, s, 0, 0
from unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[]) t(a, h, c, s) order by a, h, c
on conflict on constraint base_ledger_account_once do nothing
"""
# Rows are locked in the order of their ids; one that would fall below nothing drops out.
_MOVE_BALANCES = """
with k as materialized (
    select a.id, t.amount from base_ledger_account a
    join unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::bigint[]) t(account, holder, currency, amount)
        on (a.account, a.holder, a.currency) = (t.account, t.holder, t.currency)
    where a.shop = %s::varchar order by a.id for update of a)
update base_ledger_account a set balance_minor = a.balance_minor + k.amount from k
where a.id = k.id
    and case a.side when 'debit' then a.balance_minor + k.amount >= 0 else a.balance_minor + k.amount <= 0 end
returning a.account, a.holder, a.currency
"""
# Waits until nobody is posting, so that no posting below the highest number can still appear.
_QUIET = ("set local lock_timeout = '500ms'", "lock table base_ledger_posting in share mode")
_ROLL_UP = """
update base_ledger_account a set balance_minor = a.balance_minor + s.amount, rolled_to = %s::bigint
from (
    select b.id, b.rolled_to, sum(p.amount_minor)::bigint amount
    from base_ledger_account b
    join base_ledger_posting p on p.account_id = b.id and p.id > b.rolled_to and p.id <= %s::bigint
    where b.account = any(%s::varchar[]) group by b.id) s
where a.id = s.id and a.rolled_to = s.rolled_to
"""

_Key = tuple[str, str, str]


@operation
def post(*, entry: Entry, by: Actor) -> UUID:
    """Book an entry; the same entry once more changes nothing. Returns the entry's id.

    One statement; a second one if it moves a balance that may not fall below nothing.

    refuses  Unbalanced, Overdrawn (then nothing is booked), EntryDiffers if its reference was booked otherwise
    """
    id = ids.uuid7()
    is_open, is_new = _book(id, entry.balanced(), by)
    if not is_open:
        _open_accounts(entry)
        is_open, is_new = _book(id, entry, by)
    if not is_new:
        return _booked_before(entry)
    moves = {key: minor for key, minor in _moves(entry).items() if minor and Account(key[0]).is_exact}
    if moves:
        _move(entry.shop, moves)
    return id


def roll_up() -> int:
    """Add what was posted since the last time to the balances of the accounts that everybody posts to; how many moved.

    Postings are held up for a moment only; if that moment does not come within half a second, Django's
    OperationalError says so and the job tries again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for step in _QUIET:
            cursor.execute(step)
        cursor.execute("select coalesce(max(id), 0) from base_ledger_posting")
        last = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute(_ROLL_UP, [last, last, list(FLOWING)])
        moved: int = cursor.rowcount
    return moved


def _book(id: UUID, entry: Entry, by: Actor) -> tuple[bool, bool]:
    """Whether all accounts of an entry are open, and whether it was booked now."""
    columns: list[Any] = [
        [str(posting.account) for posting in entry.postings],
        [posting.holder for posting in entry.postings],
        [posting.amount.currency for posting in entry.postings],
        [posting.amount.minor for posting in entry.postings],
    ]
    head: list[Any] = [id, entry.shop, entry.kind, entry.reference, str(by), clock.now()]
    with connection.cursor() as cursor:
        cursor.execute(_POST, [*columns, entry.shop, *head, len(entry.postings)])
        found, booked = cursor.fetchone()
    return found == len(entry.postings), booked == 1


def _open_accounts(entry: Entry) -> None:
    names, holders, currencies = (list(part) for part in zip(*_moves(entry), strict=True))
    sides = [Account(name).side for name in names]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_ACCOUNTS, [entry.shop, names, holders, currencies, sides])


def _move(shop: str, moves: dict[_Key, int]) -> None:
    names, holders, currencies = (list(part) for part in zip(*moves, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_BALANCES, [names, holders, currencies, list(moves.values()), shop])
        moved = set(cursor.fetchall())
    for key, minor in moves.items():
        if key not in moved:
            _refuse(shop, key, minor)


def _refuse(shop: str, key: _Key, minor: int) -> NoReturn:
    name, holder, currency = key
    row = models.Account.objects.get(shop=shop, account=name, holder=holder, currency=currency)
    after = row.balance_minor + minor
    short = -after if row.side == Side.DEBIT else after
    raise Overdrawn(account=name, holder=holder, short_minor=short, currency=currency)


def _key(posting: Posting) -> _Key:
    return str(posting.account), posting.holder, posting.amount.currency


def _moves(entry: Entry) -> dict[_Key, int]:
    moves: dict[_Key, int] = {}
    for posting in entry.postings:
        moves[_key(posting)] = moves.get(_key(posting), 0) + posting.amount.minor
    return moves


def _booked_before(entry: Entry) -> UUID:
    booked = models.Entry.objects.get(shop=entry.shop, kind=entry.kind, reference=entry.reference)
    if queries.moves_of(booked.id) != _moves(entry):
        raise EntryDiffers(kind=entry.kind, reference=entry.reference)
    return booked.id
