"""Adding presales up again: money in the books, pieces in the warehouse, counted quotas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.growth.presale import models
from zhanggui.growth.presale.rules import HELD, HOLDS_STOCK, KEEPS_DEPOSIT, State, held_as
from zhanggui.supply.stock import queries as stock

_RESERVED: Final = """
select p.id::text, p.reserved_units, coalesce(sum(r.units) filter (where r.state <> 'lapsed'), 0)::bigint
from growth_presale_presale p left join growth_presale_reservation r on r.presale_id = p.id
group by p.id having p.reserved_units <> coalesce(sum(r.units) filter (where r.state <> 'lapsed'), 0) order by p.id
"""
_TAKEN: Final = """
select t.presale_id::text, t.units, coalesce(sum(r.units) filter (where r.state <> 'lapsed'), 0)::bigint
from growth_presale_taken t
left join growth_presale_reservation r on r.presale_id = t.presale_id and r.person = t.person
group by t.id having t.units <> coalesce(sum(r.units) filter (where r.state <> 'lapsed'), 0) order by t.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A presale or reservation that is not what the books or the warehouse say.

    fault    deposits_and_ledger, prepayments_and_ledger, stock_and_reservation, reserved_units or taken_units
    subject  the number under which it is held, or the presale
    """

    fault: str
    subject: str
    says: int
    should_say: int


def audit() -> tuple[Disagreement, ...]:
    """Hold reservations against the ledger and the stock, and the counters against reservations; none if all fits."""
    return (*_money(), *_stock(), *_counted("reserved_units", _RESERVED), *_counted("taken_units", _TAKEN))


def _money() -> list[Disagreement]:
    rows = models.Reservation.objects.filter(state__in=list(KEEPS_DEPOSIT))
    kept = list(rows.values_list("id", "deposit_minor", "prepayment_minor"))
    deposits = {held_as(id): deposit for id, deposit, _ in kept if deposit}
    prepayments = {held_as(id): prepayment for id, _, prepayment in kept if prepayment}
    faults = []
    for account, wanted in ((Account.DEPOSITS, deposits), (Account.PREPAYMENTS, prepayments)):
        held = ledger.holders(account=account).items()
        booked = {holder: minor for (_, holder, _), minor in held if holder.startswith(HELD)}
        faults += [
            Disagreement(
                fault=f"{account}_and_ledger",
                subject=holder,
                says=wanted.get(holder, 0),
                should_say=booked.get(holder, 0),
            )
            for holder in sorted(booked.keys() | wanted.keys())
            if wanted.get(holder, 0) != booked.get(holder, 0)
        ]
    return faults


def _stock() -> list[Disagreement]:
    """Every reservation whose pieces should lie aside has some, and no other one."""
    rows = models.Reservation.objects.filter(state__in=list(HOLDS_STOCK), balance_order="")
    called_off = rows.exclude(presale__ended_as="").filter(state=State.BALANCE_OPEN)
    wanted = {held_as(id) for id in rows.values_list("id", flat=True)}
    may_lack = {held_as(id) for id in called_off.values_list("id", flat=True)}
    every = {held_as(id) for id in models.Reservation.objects.values_list("id", flat=True)}
    held = stock.held_among(every)
    wrong = (wanted - held - may_lack) | (held - wanted)
    return [
        Disagreement(
            fault="stock_and_reservation", subject=each, says=int(each in wanted), should_say=int(each in held)
        )
        for each in sorted(wrong)
    ]


def _counted(fault: str, statement: str) -> list[Disagreement]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [
            Disagreement(fault=fault, subject=subject, says=says, should_say=should)
            for subject, says, should in cursor.fetchall()
        ]
